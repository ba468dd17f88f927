package org.cairnfs.core.objectstore.jclouds;

import com.google.common.base.Throwables;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;
import org.jclouds.aws.AWSResponseException;
import org.jclouds.azure.storage.AzureStorageResponseException;
import org.jclouds.blobstore.ContainerNotFoundException;
import org.jclouds.http.HttpResponse;
import org.jclouds.http.HttpResponseException;
import org.jclouds.rest.AuthorizationException;

/** What the failures of jclouds and of HTTP mean, told by the status and the store's own code, in one line for a person. */
final class StoreErrors {
    /** Stores refuse requests whose time is further than this from theirs (S3 and Azure: 15 min, Swift: none). */
    private static final Duration TOLERATED_SKEW = Duration.ofMinutes(5);

    private static final int MAX_DETAIL = 300;

    private static final Set<String> BAD_CREDENTIALS = Set.of(
            "InvalidAccessKeyId",
            "SignatureDoesNotMatch",
            "ExpiredToken",
            "InvalidToken",
            "TokenRefreshRequired",
            "RequestTimeTooSkewed",
            "RequestExpired",
            "InvalidSecurity",
            "AuthorizationHeaderMalformed",
            "AuthenticationFailed",
            "InvalidAuthenticationInfo",
            "NoAuthenticationInformation");
    private static final Set<String> PASSING = Set.of(
            "RequestTimeout",
            "SlowDown",
            "Throttling",
            "ThrottlingException",
            "TooManyRequests",
            "InternalError",
            "ServiceUnavailable",
            "ServerBusy",
            "OperationTimedOut",
            "OperationAborted",
            "ConditionalRequestConflict",
            // the body was damaged on the way
            "BadDigest",
            "InvalidDigest",
            "IncompleteBody",
            "XAmzContentSHA256Mismatch",
            "Md5Mismatch");
    private static final Set<String> FULL = Set.of(
            "QuotaExceeded",
            "ServiceQuotaExceeded",
            "XMinioStorageFull",
            "XMinioAdminBucketQuotaExceeded",
            "storage_cap_exceeded",
            "AccountIsDisabled");
    private static final Set<String> NO_BUCKET = Set.of("NoSuchBucket", "ContainerNotFound", "ContainerBeingDeleted");

    private final Clock clock;

    /** @param clock to compare the store's with */
    StoreErrors(Clock clock) {
        this.clock = clock;
    }

    /** The HTTP status of a failure; 0 if there was no response. */
    static int status(Throwable failure) {
        return response(failure).map(HttpResponse::getStatusCode).orElse(0);
    }

    /** @param what was done to what, where: "put pack/a in s3://bucket" */
    ObjectStoreException translate(String what, Throwable failure) {
        if (find(failure, ObjectStoreException.class).isPresent()) {
            return find(failure, ObjectStoreException.class).get();
        }
        if (find(failure, ContainerNotFoundException.class).isPresent() || NO_BUCKET.contains(code(failure))) {
            return exception(Kind.MISSING, what, "there is no such bucket", failure);
        }
        Optional<HttpResponse> response = response(failure);
        if (response.isPresent()) {
            return ofResponse(what, response.get(), failure);
        }
        if (find(failure, AuthorizationException.class).isPresent()) {
            return exception(Kind.CREDENTIALS, what, "the store does not accept the credentials", failure);
        }
        return ofConnection(what, failure);
    }

    private ObjectStoreException ofResponse(String what, HttpResponse response, Throwable failure) {
        int status = response.getStatusCode();
        String code = code(failure);
        Kind kind = kind(status, code);
        String text = "the store answered " + status + (code.isEmpty() ? "" : " " + code) + detail(failure);
        if (kind == Kind.CREDENTIALS || kind == Kind.DENIED) {
            text = (kind == Kind.CREDENTIALS ? "the store does not accept the credentials" : "access is denied")
                    + skew(response) + " (" + text + ")";
        }
        return new ObjectStoreException(kind, what + " failed: " + text, failure, retryAfter(response));
    }

    private static Kind kind(int status, String code) {
        if (BAD_CREDENTIALS.contains(code)) {
            return Kind.CREDENTIALS;
        } else if (PASSING.contains(code)) {
            return Kind.TRANSIENT;
        } else if (FULL.contains(code)) {
            return Kind.FULL;
        }
        return switch (status) {
            case 401 -> Kind.CREDENTIALS;
            case 402, 403, 405 -> Kind.DENIED;
            case 413, 507 -> Kind.FULL;
            case 404 -> Kind.MISSING;
            case 408, 409, 423, 425, 429, 500, 502, 503, 504 -> Kind.TRANSIENT;
            default -> status >= 500 && status != 501 && status != 505 ? Kind.TRANSIENT : Kind.PERMANENT;
        };
    }

    private static ObjectStoreException ofConnection(String what, Throwable failure) {
        if (find(failure, CertificateException.class).isPresent()
                || find(failure, CertPathValidatorException.class).isPresent()
                || find(failure, CertPathBuilderException.class).isPresent()) {
            return exception(
                    Kind.PERMANENT,
                    what,
                    "the store's certificate is not trusted: "
                            + Throwables.getRootCause(failure).getMessage(),
                    failure);
        }
        if (find(failure, UnknownHostException.class).isPresent()) {
            return exception(Kind.TRANSIENT, what, "the name of the store's host cannot be resolved", failure);
        }
        if (find(failure, HttpTimeoutException.class).isPresent()) {
            return exception(Kind.TRANSIENT, what, "the store does not answer", failure);
        }
        if (find(failure, ConnectException.class).isPresent()) {
            return exception(Kind.TRANSIENT, what, "the store cannot be connected to", failure);
        }
        Optional<IOException> io = find(failure, IOException.class);
        if (io.isPresent() || find(failure, InterruptedException.class).isPresent()) {
            return exception(
                    Kind.TRANSIENT,
                    what,
                    "the connection failed" + io.map(StoreErrors::text).orElse(""),
                    failure);
        }
        return exception(Kind.PERMANENT, what, "unexpected" + text(Throwables.getRootCause(failure)), failure);
    }

    private static ObjectStoreException exception(Kind kind, String what, String text, Throwable cause) {
        return new ObjectStoreException(kind, what + " failed: " + text, cause);
    }

    /** The store's own name of the failure, or empty. */
    private static String code(Throwable failure) {
        Optional<String> aws = find(failure, AWSResponseException.class)
                .map(AWSResponseException::getError)
                .map(error -> error.getCode());
        return aws.or(() -> find(failure, AzureStorageResponseException.class)
                        .map(AzureStorageResponseException::getError)
                        .map(error -> error.getCode()))
                .orElse("");
    }

    private static String detail(Throwable failure) {
        Optional<String> aws = find(failure, AWSResponseException.class)
                .map(AWSResponseException::getError)
                .map(error -> error.getMessage());
        String text = aws.or(() -> find(failure, AzureStorageResponseException.class)
                        .map(AzureStorageResponseException::getError)
                        .map(error -> error.getMessage()))
                .orElse("");
        String line = text.strip().replaceAll("[\\p{Cntrl}\\s]+", " ");
        return line.isEmpty() ? "" : ": " + line.substring(0, Math.min(MAX_DETAIL, line.length()));
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage();
        return ": " + (message == null ? failure.getClass().getSimpleName() : message);
    }

    /** Says so where the two clocks differ by much, as stores then refuse what is signed. */
    private String skew(HttpResponse response) {
        Optional<Instant> theirs = date(response);
        if (theirs.isEmpty()) {
            return "";
        }
        Duration ahead = Duration.between(theirs.get(), clock.instant());
        return ahead.abs().compareTo(TOLERATED_SKEW) <= 0
                ? ""
                : ", and the clock of this machine is " + ahead.abs().toMinutes() + " minutes "
                        + (ahead.isNegative() ? "behind" : "ahead of") + " the store's: set it";
    }

    private static Optional<Instant> date(HttpResponse response) {
        return header(response, "Date").flatMap(StoreErrors::httpDate);
    }

    private static Optional<Instant> httpDate(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** What Retry-After says (RFC 9110 section 10.2.3: seconds or a date), or null. */
    private Duration retryAfter(HttpResponse response) {
        return header(response, "Retry-After")
                .flatMap(text -> text.matches("[0-9]{1,9}")
                        ? Optional.of(Duration.ofSeconds(Long.parseLong(text)))
                        : httpDate(text).map(time -> Duration.between(clock.instant(), time)))
                .filter(pause -> !pause.isNegative())
                .orElse(null);
    }

    private static Optional<String> header(HttpResponse response, String name) {
        return response.getHeaders().entries().stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(header -> header.getValue().strip())
                .findFirst();
    }

    private static Optional<HttpResponse> response(Throwable failure) {
        return find(failure, HttpResponseException.class).map(HttpResponseException::getResponse);
    }

    private static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
        return Throwables.getCausalChain(failure).stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }
}
