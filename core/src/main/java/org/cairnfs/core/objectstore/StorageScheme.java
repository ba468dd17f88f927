package org.cairnfs.core.objectstore;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The kinds of storage, each with the form of its URLs. */
public enum StorageScheme {
    /** A folder of this machine. */
    LOCAL(Endpoint.NONE, "local://PATH", ""),
    /** Amazon S3. */
    S3(Endpoint.NONE, "s3://BUCKET/PREFIX", "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"),
    /** Any server that speaks S3. */
    S3C(Endpoint.HOST, "s3c://HOST:PORT/BUCKET/PREFIX", "[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]"),
    /** Google Cloud Storage. */
    GS(Endpoint.NONE, "gs://BUCKET/PREFIX", "[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]"),
    /** OpenStack Swift. */
    SWIFT(Endpoint.HOST, "swift://HOST:PORT/CONTAINER/PREFIX", "[A-Za-z0-9][A-Za-z0-9._-]{0,254}"),
    /** Azure Blob Storage. */
    AZURE(Endpoint.ACCOUNT, "azure://ACCOUNT/CONTAINER/PREFIX", "[a-z0-9][a-z0-9-]{1,61}[a-z0-9]"),
    /** Backblaze B2. */
    B2(Endpoint.NONE, "b2://BUCKET/PREFIX", "[A-Za-z0-9-]{6,63}");

    /** What stands before the bucket in a URL. */
    enum Endpoint {
        /** Nothing: the bucket comes first. */
        NONE,
        /** A host and perhaps a port. */
        HOST,
        /** The name of an account. */
        ACCOUNT
    }

    private final Endpoint endpoint;
    private final String form;
    private final Pattern bucket;

    StorageScheme(Endpoint endpoint, String form, String bucket) {
        this.endpoint = endpoint;
        this.form = form;
        this.bucket = Pattern.compile(bucket);
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** How its URLs look, for messages. */
    public String form() {
        return form;
    }

    boolean isBucket(String name) {
        return bucket.matcher(name).matches() && !name.contains("..");
    }

    /** What stands before {@code ://}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The scheme of this name, in any case. */
    static Optional<StorageScheme> of(String name) {
        return Arrays.stream(values())
                .filter(scheme -> scheme.toString().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /** All forms, for messages. */
    static String forms() {
        return Arrays.stream(values()).map(StorageScheme::form).collect(Collectors.joining(", "));
    }
}
