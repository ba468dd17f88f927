package org.cairnfs.core.objectstore;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * Where the objects of a local store lie. The segments of a key are folders and a file; but what comes after {@code pack/}
 * lies in a folder named {@code _} and its first two characters, so that no folder gets too large: {@code pack/4f09..} is
 * {@code pack/_4f/4f09..}. No segment of a key can begin with {@code _} or {@code .}, so nothing collides.
 */
final class LocalLayout {
    static final Set<OpenOption> NEW_FILE = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    static final FileAttribute<?>[] FILE_MODE = mode("rw-------");
    static final FileAttribute<?>[] DIRECTORY_MODE = mode("rwx------");

    /** What names of folders start with that are no segments of keys but shards. */
    static final char SHARD = '_';

    private static final String SHARDED = "pack";
    private static final int SHARD_LENGTH = 2;
    private static final Duration TEMPORARY_AGE = Duration.ofHours(1);

    private final Path root;

    LocalLayout(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    /** The file of an object. */
    Path path(String key) {
        Path path = root;
        String[] segments = ObjectKeys.check(key).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            String segment = segments[i];
            if (i == 1 && segments[0].equals(SHARDED) && segment.length() >= SHARD_LENGTH) {
                path = path.resolve(SHARD + segment.substring(0, SHARD_LENGTH));
            }
            path = path.resolve(segment);
        }
        return path;
    }

    /** The folder of what is not finished. */
    Path temporary() {
        return root.resolve(".tmp");
    }

    Path newTemporary() {
        return temporary().resolve(UUID.randomUUID().toString());
    }

    /** Deletes what crashes left; young files may be some other process's work. */
    void deleteOldTemporaries() throws IOException {
        Instant old = Instant.now().minus(TEMPORARY_AGE);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(temporary())) {
            for (Path file : files) {
                if (isOlder(file, old)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static boolean isOlder(Path file, Instant time) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(time);
        } catch (NoSuchFileException e) {
            return false; // its writer has just finished
        }
    }

    private static FileAttribute<?>[] mode(String permissions) {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
