package org.cairnfs.server.config;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;

/**
 * Where a file system lies: {@code local://PATH}, or just a path for the same thing. Holds no credentials.
 *
 * @param scheme in lower case
 * @param location what follows {@code ://}; of a local folder, its absolute normal path
 */
public record StorageUrl(String scheme, String location) {
    private static final String LOCAL = "local";

    /**
     * Parses what a user wrote.
     *
     * @param workingDirectory that relative paths start from
     */
    public static StorageUrl parse(String text, Path workingDirectory) throws CairnException {
        int colon = text.indexOf("://");
        String scheme = colon < 0 ? LOCAL : text.substring(0, colon).toLowerCase(Locale.ROOT);
        String location = colon < 0 ? text : text.substring(colon + 3);
        if (!scheme.equals(LOCAL)) {
            throw new CairnException(
                    ExitCode.USAGE,
                    "storage of the kind '" + scheme + "://' is not supported by this version",
                    "use local://PATH");
        }
        if (location.isEmpty()) {
            throw new CairnException(ExitCode.USAGE, "'" + text + "' names no folder", "use local://PATH");
        }
        try {
            return local(workingDirectory.resolve(location));
        } catch (InvalidPathException e) {
            throw new CairnException(ExitCode.USAGE, "'" + text + "' is no path: " + e.getReason(), "", e);
        }
    }

    /** A local folder. */
    public static StorageUrl local(Path folder) {
        return new StorageUrl(LOCAL, folder.toAbsolutePath().normalize().toString());
    }

    public boolean isLocal() {
        return scheme.equals(LOCAL);
    }

    /** The folder of a local storage. */
    public Path folder() {
        if (!isLocal()) {
            throw new IllegalStateException(this + " is no local folder");
        }
        return Path.of(location);
    }

    /**
     * A file name for what belongs to this storage on this machine: readable, and distinct for distinct URLs.
     *
     * @return of letters, digits, dot and dashes; at most 60 characters
     */
    public String slug() {
        String readable = location.replaceAll("[^A-Za-z0-9.]+", "-").replaceAll("^[-.]+|[-.]+$", "");
        String tail = readable.substring(Math.max(0, readable.length() - 40)).replaceAll("^[-.]+", "");
        String hash = Hashing.sha256()
                .hashString(toString(), StandardCharsets.UTF_8)
                .toString()
                .substring(0, 8);
        return scheme + "-" + (tail.isEmpty() ? "" : tail + "-") + hash;
    }

    @Override
    public String toString() {
        return scheme + "://" + location;
    }
}
