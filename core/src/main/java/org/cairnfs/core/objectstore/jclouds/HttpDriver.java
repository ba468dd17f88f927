package org.cairnfs.core.objectstore.jclouds;

import static org.jclouds.Constants.PROPERTY_IDEMPOTENT_METHODS;
import static org.jclouds.Constants.PROPERTY_USER_AGENT;
import static org.jclouds.http.HttpUtils.filterOutContentHeaders;

import com.google.common.collect.ImmutableMultimap;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import org.jclouds.http.HttpRequest;
import org.jclouds.http.HttpResponse;
import org.jclouds.http.HttpUtils;
import org.jclouds.http.IOExceptionRetryHandler;
import org.jclouds.http.handlers.DelegatingErrorHandler;
import org.jclouds.http.handlers.DelegatingRetryHandler;
import org.jclouds.http.internal.BaseHttpCommandExecutorService;
import org.jclouds.http.internal.HttpWire;
import org.jclouds.io.ContentMetadataCodec;
import org.jclouds.io.Payload;
import org.jclouds.io.payloads.ByteArrayPayload;

/**
 * Moves the bytes of jclouds' requests by the JDK's HTTP client (HTTP/1.1).
 *
 * <p>Bodies of responses are read whole, up to what the request may get. A request on which nothing moves for the time-out is
 * cancelled with its connection, and so is one whose thread is interrupted. Redirections are left to jclouds, which signs
 * again. Thread-safe; a semaphore bounds the connections.
 */
@Singleton
final class HttpDriver extends BaseHttpCommandExecutorService<HttpDriver.Exchange> {
    /** The longest body of a response that is no range: the largest page of a list, with much to spare. */
    static final long MAX_BODY = 64L << 20;

    private static final long MAX_ERROR = 1L << 20;

    /** Set by the JDK itself, which refuses to be told. */
    private static final Set<String> OF_THE_JDK =
            Set.of("host", "content-length", "connection", "expect", "upgrade", "transfer-encoding");

    private final HttpClient client;
    private final HttpSettings settings;
    private final Semaphore connections;
    private final String userAgent;

    /** A request in the JDK's form, and what its response may be. */
    record Exchange(java.net.http.HttpRequest request, long maxBody, Progress progress) {}

    @Inject
    HttpDriver(
            HttpUtils utils,
            ContentMetadataCodec contentMetadataCodec,
            DelegatingRetryHandler retryHandler,
            IOExceptionRetryHandler ioRetryHandler,
            DelegatingErrorHandler errorHandler,
            HttpWire wire,
            @Named(PROPERTY_IDEMPOTENT_METHODS) String idempotentMethods,
            @Named(PROPERTY_USER_AGENT) String userAgent,
            HttpSettings settings) {
        super(utils, contentMetadataCodec, retryHandler, ioRetryHandler, errorHandler, wire, idempotentMethods);
        this.settings = settings;
        this.userAgent = userAgent;
        this.connections = new Semaphore(settings.connections(), true);
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(Version.HTTP_1_1)
                .followRedirects(Redirect.NEVER)
                .connectTimeout(settings.connectTimeout());
        settings.tls().ifPresent(builder::sslContext);
        settings.proxy().ifPresent(builder::proxy);
        this.client = builder.build();
    }

    @Override
    protected Exchange convert(HttpRequest request) {
        Progress progress = new Progress();
        java.net.http.HttpRequest.Builder builder = java.net.http.HttpRequest.newBuilder(request.getEndpoint());
        boolean named = false;
        for (Map.Entry<String, String> header : request.getHeaders().entries()) {
            named |= header.getKey().equalsIgnoreCase("User-Agent");
            addHeader(builder, header);
        }
        if (!named) {
            builder.header("User-Agent", userAgent);
        }
        BodyPublisher body = BodyPublishers.noBody();
        Payload payload = request.getPayload();
        if (payload != null) {
            for (Map.Entry<String, String> header :
                    contentMetadataCodec.toHeaders(payload.getContentMetadata()).entries()) {
                if (request.getFirstHeaderOrNull(header.getKey()) == null) {
                    addHeader(builder, header);
                }
            }
            Long length = payload.getContentMetadata().getContentLength();
            if (length == null) {
                throw new IllegalArgumentException("a body of unknown length in " + request.getRequestLine());
            }
            if (length > 0) {
                body = new RequestBody(payload, length, progress);
            }
        }
        return new Exchange(builder.method(request.getMethod(), body).build(), maxBody(request), progress);
    }

    private static void addHeader(java.net.http.HttpRequest.Builder builder, Map.Entry<String, String> header) {
        if (!OF_THE_JDK.contains(header.getKey().toLowerCase(Locale.ROOT))) {
            builder.header(header.getKey(), header.getValue());
        }
    }

    /** What the range asks for, or what an error may need to say. */
    private static long maxBody(HttpRequest request) {
        String range = request.getFirstHeaderOrNull("Range");
        if (range == null || !range.matches("bytes=[0-9]{1,18}-[0-9]{1,18}")) {
            return MAX_BODY;
        }
        int dash = range.indexOf('-');
        long length = Long.parseLong(range.substring(dash + 1)) - Long.parseLong(range.substring(6, dash)) + 1;
        return Math.max(MAX_ERROR, length);
    }

    @Override
    protected HttpResponse invoke(Exchange exchange) throws IOException, InterruptedException {
        connections.acquire();
        try {
            exchange.progress().moved();
            return response(send(exchange));
        } finally {
            connections.release();
        }
    }

    private java.net.http.HttpResponse<byte[]> send(Exchange exchange) throws IOException {
        CompletableFuture<java.net.http.HttpResponse<byte[]>> result = client.sendAsync(
                exchange.request(), info -> new ResponseBody(info, exchange.maxBody(), exchange.progress()));
        try {
            return exchange.progress().await(result, settings.timeout());
        } catch (TimeoutException e) {
            result.cancel(true);
            throw withCause(new SocketTimeoutException(e.getMessage()), e);
        } catch (InterruptedException e) {
            result.cancel(true);
            Thread.currentThread().interrupt();
            throw withCause(new InterruptedIOException("interrupted"), e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        }
    }

    private static IOException withCause(IOException failure, Exception cause) {
        failure.initCause(cause);
        return failure;
    }

    private HttpResponse response(java.net.http.HttpResponse<byte[]> received) {
        ImmutableMultimap.Builder<String, String> builder = ImmutableMultimap.builder();
        received.headers().map().forEach((name, values) -> {
            if (!name.startsWith(":")) {
                builder.putAll(name, values);
            }
        });
        ImmutableMultimap<String, String> headers = builder.build();
        HttpResponse.Builder<?> response = HttpResponse.builder()
                .statusCode(received.statusCode())
                .message("")
                .headers(filterOutContentHeaders(headers));
        if (received.statusCode() != 204) {
            Payload payload = new ByteArrayPayload(received.body());
            contentMetadataCodec.fromHeaders(payload.getContentMetadata(), headers);
            response.payload(payload);
        }
        return response.build();
    }

    @Override
    protected void cleanup(Exchange exchange) {
        // its connection went back or was closed when the exchange ended
    }
}
