package org.cairnfs.core.objectstore;

import static org.cairnfs.core.objectstore.StorageScheme.AZURE;
import static org.cairnfs.core.objectstore.StorageScheme.B2;
import static org.cairnfs.core.objectstore.StorageScheme.GS;
import static org.cairnfs.core.objectstore.StorageScheme.S3;
import static org.cairnfs.core.objectstore.StorageScheme.S3C;
import static org.cairnfs.core.objectstore.StorageScheme.SWIFT;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What may be said after the {@code ?} of a storage URL; {@code docs/object-stores.md} has the same table. */
public enum StoreOption {
    /** Whether to speak TLS. */
    TLS("on or off", "on|off", S3C, SWIFT),
    /** PEM certificates to trust in place of those that Java trusts. */
    CA("the path of a PEM file", "/.{1,1023}", S3, S3C, GS, SWIFT, AZURE, B2),
    /** Another address of the service than the usual one. */
    ENDPOINT("an http or https URL", "https?://[^\\s@?&#]{1,512}", S3, GS, AZURE, B2),
    /** Where the bucket is. */
    REGION("a name of letters, digits and dashes", "[A-Za-z0-9][A-Za-z0-9_-]{0,62}", S3, S3C, SWIFT, B2),
    /** Whether the bucket is part of the path (on) or of the host name (off). */
    PATH_STYLE("on or off", "on|off", S3, S3C),
    /** How the store is to keep what is put. */
    STORAGE_CLASS("a name of capitals, digits and underscores", "[A-Z0-9_]{1,63}", S3, S3C),
    /** Encryption by the store's owner, beside our own. */
    SSE("AES256 or aws:kms", "AES256|aws:kms", S3, S3C),
    /** The key of {@code sse=aws:kms}. */
    SSE_KEY("the id of a key", "[A-Za-z0-9:/_.-]{1,2048}", S3, S3C),
    /** How to sign in. */
    AUTH("v1 (TempAuth), v2 or v3 (Keystone)", "v1|v2|v3", SWIFT),
    /** The path of the service that signs in. */
    AUTH_PATH("an absolute path", "/[A-Za-z0-9._/-]{0,255}", SWIFT),
    /** The Keystone domain of the user. */
    DOMAIN("a name", "[^\\s&]{1,255}", SWIFT),
    /** The Keystone project (tenant). */
    PROJECT("a name", "[^\\s&]{1,255}", SWIFT),
    /** An HTTP proxy to go through. */
    PROXY("HOST:PORT or none", "none|[A-Za-z0-9._-]{1,253}:[0-9]{1,5}", S3, S3C, GS, SWIFT, AZURE, B2),
    /** How long making a connection may take. */
    CONNECT_TIMEOUT("a time from 1s to 5m", StoreOption.TIME, S3, S3C, GS, SWIFT, AZURE, B2),
    /** How long nothing may move on a connection. */
    TIMEOUT("a time from 1s to 1h", StoreOption.TIME, S3, S3C, GS, SWIFT, AZURE, B2),
    /** How many requests may be under way at once. */
    CONNECTIONS("a number from 1 to 256", "[0-9]{1,3}", S3, S3C, GS, SWIFT, AZURE, B2);

    private static final String TIME = "[0-9]{1,6}(ms|s|m)";

    private final String wanted;
    private final Pattern pattern;
    private final ImmutableSet<StorageScheme> schemes;

    StoreOption(String wanted, String pattern, StorageScheme first, StorageScheme... others) {
        this.wanted = wanted;
        this.pattern = Pattern.compile(pattern);
        this.schemes = Sets.immutableEnumSet(first, others);
    }

    /** What a value may be, for messages. */
    public String wanted() {
        return wanted;
    }

    /** Whether URLs of this kind may have it. */
    public boolean appliesTo(StorageScheme scheme) {
        return schemes.contains(scheme);
    }

    boolean accepts(String value) {
        return pattern.matcher(value).matches();
    }

    /** As it stands in a URL. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<StoreOption> of(String name) {
        return Arrays.stream(values())
                .filter(option -> option.toString().equals(name))
                .findFirst();
    }
}
