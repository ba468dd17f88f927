package org.cairnfs.core.objectstore.jclouds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;
import org.cairnfs.core.objectstore.StorageScheme;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.StoreOption;
import org.cairnfs.core.objectstore.credentials.StoreCredentials;

/**
 * Where a store that speaks S3 is, and the region that its requests are signed for. Amazon tells the region of a bucket, and
 * Backblaze the address of an account, to whoever asks.
 *
 * @param uri without the bucket
 */
record S3Endpoint(String uri, String region) {
    static final String AMAZON = "https://s3.amazonaws.com";
    static final String BACKBLAZE = "https://api.backblazeb2.com";

    private static final String USUAL_REGION = "us-east-1";
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,40}");
    private static final Pattern S3_HOST = Pattern.compile("https?://s3\\.([a-z0-9-]{1,40})\\.[a-z0-9.-]{1,200}/?");
    private static final int MAX_ANSWER = 65_536;

    static S3Endpoint of(StorageUrl url, StoreCredentials credentials, HttpSettings http) throws ObjectStoreException {
        Optional<String> region = url.options().get(StoreOption.REGION);
        Optional<String> endpoint = url.options().get(StoreOption.ENDPOINT);
        if (url.scheme() == StorageScheme.S3C) {
            return new S3Endpoint(HttpOptions.endpoint(url), region.orElse(USUAL_REGION));
        }
        if (endpoint.isPresent()) {
            return new S3Endpoint(
                    endpoint.get(),
                    region.orElseGet(() -> regionOf(endpoint.get()).orElse(USUAL_REGION)));
        }
        if (url.scheme() == StorageScheme.B2) {
            String found = region.isPresent()
                    ? "https://s3." + region.get() + ".backblazeb2.com"
                    : backblaze(BACKBLAZE, credentials, http);
            return new S3Endpoint(found, regionOf(found).orElse(USUAL_REGION));
        }
        String amazon = region.isPresent() ? region.get() : amazonRegion(AMAZON, url.bucket(), http);
        return new S3Endpoint(
                "https://s3." + amazon + (amazon.startsWith("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com"), amazon);
    }

    /** The region in the name of a host, as in {@code s3.eu-west-1.example.com}. */
    static Optional<String> regionOf(String uri) {
        Matcher matcher = S3_HOST.matcher(uri);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** Amazon names the region of a bucket in the header of any answer, also to strangers. */
    static String amazonRegion(String amazon, String bucket, HttpSettings http) throws ObjectStoreException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(amazon + "/" + bucket))
                .method("HEAD", BodyPublishers.noBody())
                .timeout(http.timeout())
                .build();
        HttpResponse<InputStream> response = send(request, http, "ask Amazon for the region of " + bucket);
        return response.headers()
                .firstValue("x-amz-bucket-region")
                .filter(region -> REGION.matcher(region).matches())
                .orElseThrow(() -> response.statusCode() == 404
                        ? new ObjectStoreException(Kind.MISSING, "there is no bucket " + bucket + " at Amazon")
                        : new ObjectStoreException(
                                Kind.PERMANENT,
                                "Amazon does not tell the region of the bucket " + bucket + "; give it: s3://" + bucket
                                        + "?region=..."));
    }

    /** Backblaze tells the address of its S3 service when signing in ({@code b2_authorize_account}, version 3). */
    static String backblaze(String api, StoreCredentials credentials, HttpSettings http) throws ObjectStoreException {
        byte[] login = (credentials.login() + ":" + credentials.password()).getBytes(StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(URI.create(api + "/b2api/v3/b2_authorize_account"))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(login))
                .timeout(http.timeout())
                .build();
        String what = "sign in to Backblaze";
        HttpResponse<InputStream> response = send(request, http, what);
        if (response.statusCode() == 401) {
            throw new ObjectStoreException(
                    Kind.CREDENTIALS, what + " failed: the store does not accept the credentials");
        }
        try (InputStream body = response.body()) {
            JsonNode uri = new ObjectMapper()
                    .readTree(body.readNBytes(MAX_ANSWER))
                    .path("apiInfo")
                    .path("storageApi")
                    .path("s3ApiUrl");
            if (response.statusCode() != 200 || !S3_HOST.matcher(uri.asText()).matches()) {
                throw new ObjectStoreException(
                        response.statusCode() >= 500 ? Kind.TRANSIENT : Kind.PERMANENT,
                        what + " failed: the store answered " + response.statusCode());
            }
            return uri.asText();
        } catch (ObjectStoreException e) {
            throw e;
        } catch (IOException e) {
            throw new ObjectStoreException(Kind.TRANSIENT, what + " failed: " + e.getMessage(), e);
        }
    }

    private static HttpResponse<InputStream> send(HttpRequest request, HttpSettings http, String what)
            throws ObjectStoreException {
        HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(http.connectTimeout());
        http.tls().ifPresent(client::sslContext);
        http.proxy().ifPresent(client::proxy);
        try {
            return client.build().send(request, BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new ObjectStoreException(Kind.TRANSIENT, what + " failed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ObjectStoreException(Kind.TRANSIENT, what + " failed: interrupted", e);
        }
    }
}
