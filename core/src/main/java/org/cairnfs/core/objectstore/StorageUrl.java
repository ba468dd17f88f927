package org.cairnfs.core.objectstore;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;
import org.cairnfs.core.objectstore.StorageScheme.Endpoint;

/**
 * Where a file system is stored, as a person writes it: {@code local://PATH} for a folder, or a bucket in one of the forms of
 * {@link StorageScheme}, with {@link StoreOption options} after a question mark. Holds no credentials.
 *
 * @param endpoint host and port, or account, where the scheme has one; else empty
 * @param bucket empty for a folder
 * @param prefix what all names in the bucket begin with, without slashes around it, maybe empty; or the path of the folder
 */
public record StorageUrl(StorageScheme scheme, String endpoint, String bucket, String prefix, StoreOptions options) {
    /** The longest URL, in characters. */
    public static final int MAX_LENGTH = 4096;

    private static final int MAX_PREFIX = 512;
    private static final String SEPARATOR = "://";
    private static final Pattern HOST =
            Pattern.compile("([A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?");
    private static final Pattern ACCOUNT = Pattern.compile("[a-z0-9][a-z0-9-]{2,62}");
    private static final Pattern PREFIX = Pattern.compile("([A-Za-z0-9_-][A-Za-z0-9._-]*(/(?!$)|$))*");

    /** Nothing is null. */
    public StorageUrl {
        Objects.requireNonNull(scheme);
        Objects.requireNonNull(endpoint);
        Objects.requireNonNull(bucket);
        Objects.requireNonNull(prefix);
        Objects.requireNonNull(options);
    }

    /**
     * Reads a URL; what has no {@code ://} is the path of a folder.
     *
     * @param workingDirectory that relative paths start from
     * @throws IllegalArgumentException with a message for a person
     */
    public static StorageUrl parse(String url, Path workingDirectory) {
        if (url.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a storage URL has at most " + MAX_LENGTH + " characters");
        }
        int separator = url.indexOf(SEPARATOR);
        if (separator < 0) {
            return folder(url, url, workingDirectory);
        }
        String name = url.substring(0, separator);
        StorageScheme scheme = StorageScheme.of(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "unknown kind of storage \"" + name + "://\"; known are " + StorageScheme.forms()));
        String rest = url.substring(separator + SEPARATOR.length());
        return scheme == StorageScheme.LOCAL ? folder(url, rest, workingDirectory) : bucket(scheme, rest);
    }

    /** The URL of a folder. */
    public static StorageUrl local(Path folder) {
        String path = folder.toAbsolutePath().normalize().toString();
        return new StorageUrl(StorageScheme.LOCAL, "", "", path, StoreOptions.NONE);
    }

    private static StorageUrl folder(String url, String path, Path workingDirectory) {
        if (path.isEmpty()) {
            throw new IllegalArgumentException(
                    "\"" + url + "\" names no folder; write local://PATH, as in local:///srv/cairn");
        }
        try {
            return local(workingDirectory.resolve(path));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("\"" + url + "\" is no path: " + e.getReason(), e);
        }
    }

    private static StorageUrl bucket(StorageScheme scheme, String text) {
        int question = text.indexOf('?');
        String place = question < 0 ? text : text.substring(0, question);
        if (place.indexOf('@') >= 0) {
            throw new IllegalArgumentException("credentials do not belong into a storage URL, which others can see;"
                    + " give --credentials-file or --credentials-command");
        }
        String[] parts = (scheme.endpoint() == Endpoint.NONE ? "/" + place : place).split("/", 3);
        String bucket = parts.length > 1 ? parts[1] : "";
        String prefix = parts.length > 2 ? parts[2].replaceFirst("/$", "") : "";
        checkEndpoint(scheme, parts[0]);
        if (!scheme.isBucket(bucket)) {
            throw new IllegalArgumentException(
                    (bucket.isEmpty() ? "there is no bucket in the URL" : "\"" + bucket + "\" is no name of a bucket")
                            + "; write " + scheme.form());
        }
        if (prefix.length() > MAX_PREFIX || !PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException("the prefix in the bucket has at most " + MAX_PREFIX
                    + " letters, digits, dots, dashes and underscores in parts that begin with none of the dots,"
                    + " separated by single slashes");
        }
        StoreOptions options =
                question < 0 ? StoreOptions.NONE : StoreOptions.parse(scheme, text.substring(question + 1));
        return new StorageUrl(scheme, parts[0], bucket, prefix, options);
    }

    private static void checkEndpoint(StorageScheme scheme, String endpoint) {
        boolean right = switch (scheme.endpoint()) {
            case NONE -> endpoint.isEmpty();
            case HOST -> HOST.matcher(endpoint).matches() && isPort(endpoint);
            case ACCOUNT -> ACCOUNT.matcher(endpoint).matches();
        };
        if (!right) {
            throw new IllegalArgumentException("\"" + endpoint + "\" is no "
                    + (scheme.endpoint() == Endpoint.HOST ? "host with a port" : "name of an account") + "; write "
                    + scheme.form());
        }
    }

    private static boolean isPort(String endpoint) {
        String digits = endpoint.substring(endpoint.lastIndexOf(':') + 1);
        if (!digits.matches("[0-9]{1,5}") || digits.length() == endpoint.length()) {
            return true; // there is none
        }
        int port = Integer.parseInt(digits);
        return port > 0 && port < 65_536;
    }

    /** Whether it is a folder of this machine. */
    public boolean isLocal() {
        return scheme == StorageScheme.LOCAL;
    }

    /** The folder of a local URL, absolute. */
    public Path folder() {
        if (!isLocal()) {
            throw new IllegalStateException(this + " is no local folder");
        }
        return Path.of(prefix);
    }

    /** Which storage it is, whatever the options: the URL without them. */
    public String place() {
        return isLocal()
                ? scheme + SEPARATOR + prefix
                : scheme
                        + SEPARATOR
                        + (endpoint.isEmpty() ? "" : endpoint + "/")
                        + bucket
                        + (prefix.isEmpty() ? "" : "/" + prefix);
    }

    @Override
    public String toString() {
        String tail = options.toString();
        return tail.isEmpty() ? place() : place() + "?" + tail;
    }
}
