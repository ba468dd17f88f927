package org.cairnfs.server.config;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;

/** Storage URLs as commands take them, and the names of what belongs to a storage on this machine. */
public final class StorageUrls {
    private StorageUrls() {}

    /**
     * Parses what a user wrote.
     *
     * @param workingDirectory that relative paths start from
     */
    public static StorageUrl parse(String text, Path workingDirectory) throws CairnException {
        try {
            return StorageUrl.parse(text, workingDirectory);
        } catch (IllegalArgumentException e) {
            throw new CairnException(ExitCode.USAGE, e.getMessage(), "", e);
        }
    }

    /**
     * A file name for what belongs to a storage on this machine: readable, and distinct for distinct places, whatever the
     * options.
     *
     * @return of letters, digits, dot and dashes; at most 60 characters
     */
    static String slug(StorageUrl url) {
        String place = url.place();
        String readable = place.substring(place.indexOf("://") + 3)
                .replaceAll("[^A-Za-z0-9.]+", "-")
                .replaceAll("^[-.]+|[-.]+$", "");
        String tail = readable.substring(Math.max(0, readable.length() - 40)).replaceAll("^[-.]+", "");
        String hash = Hashing.sha256()
                .hashString(place, StandardCharsets.UTF_8)
                .toString()
                .substring(0, 8);
        return url.scheme() + "-" + (tail.isEmpty() ? "" : tail + "-") + hash;
    }
}
