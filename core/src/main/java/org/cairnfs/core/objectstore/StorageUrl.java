package org.cairnfs.core.objectstore;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Where a file system is stored, as a person writes it: {@code local://PATH} for a folder, absolute or relative to where
 * the program was started.
 *
 * @param scheme in lower case, one of the known
 * @param location what follows {@code ://}; not empty
 */
public record StorageUrl(String scheme, String location) {
    /** A folder. */
    public static final String LOCAL = "local";

    private static final String SEPARATOR = "://";

    /** Checks both. */
    public StorageUrl {
        if (!scheme.equals(LOCAL)) {
            throw new IllegalArgumentException("unknown kind of storage \"" + scheme + "\"; known is local://PATH");
        }
        if (location.isEmpty()) {
            throw new IllegalArgumentException("local:// needs the path of a folder, as in local:///srv/cairn");
        }
        if (!isPath(location)) {
            throw new IllegalArgumentException("local:// needs the path of a folder, not \"" + location + "\"");
        }
    }

    /**
     * Reads a URL.
     *
     * @throws IllegalArgumentException with a message for a person
     */
    public static StorageUrl parse(String url) {
        int separator = url.indexOf(SEPARATOR);
        if (separator <= 0) {
            throw new IllegalArgumentException("not a storage URL: \"" + url + "\"; write local://PATH for a folder");
        }
        return new StorageUrl(url.substring(0, separator), url.substring(separator + SEPARATOR.length()));
    }

    /** The URL of a folder. */
    public static StorageUrl local(Path folder) {
        return new StorageUrl(LOCAL, folder.toString());
    }

    /** The folder of a local URL, absolute. */
    public Path path() {
        return Path.of(location).toAbsolutePath().normalize();
    }

    private static boolean isPath(String text) {
        try {
            return Path.of(text) != null;
        } catch (InvalidPathException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return scheme + SEPARATOR + location;
    }
}
