package org.cairnfs.core.volume;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of a state directory that hold a file system: journal, database, cache; as a whole there, not there, or not finished.
 *
 * <p>Invariant: while the marker {@code rebuilding} is there, nothing of them is of use: a rebuild from the bucket did not come to
 * its end. The marker is synced before the first of them is made, and removed after the last was.
 */
final class LocalState {
    private static final Logger LOG = LoggerFactory.getLogger(LocalState.class);
    private static final String MARKER = "rebuilding";
    private static final String DIVERGED = "diverged";
    private static final String JOURNAL = "journal";
    private static final String METADATA = "metadata";
    private static final String CACHE = "cache";
    private static final String CHECK = "check";

    private final Path directory;

    LocalState(Path directory) {
        this.directory = directory;
    }

    Path directory() {
        return directory;
    }

    Path journal() {
        return directory.resolve(JOURNAL);
    }

    Path metadata() {
        return directory.resolve(METADATA);
    }

    Path cache() {
        return directory.resolve(CACHE);
    }

    /** An empty directory for what a check sorts, for as long as it runs. */
    Path emptyCheck() throws IOException {
        Path check = directory.resolve(CHECK);
        FileTrees.delete(check); // of a process that was killed
        return Files.createDirectory(
                check, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** Whether a rebuild did not come to its end. */
    boolean isUnfinished() {
        return Files.exists(directory.resolve(MARKER));
    }

    /** Removes what an unfinished rebuild left. */
    void discardUnfinished() throws IOException {
        if (isUnfinished()) {
            LOG.warn("an earlier rebuild in {} was broken off; it is begun anew", directory);
            for (String part : List.of(JOURNAL, METADATA, CACHE)) {
                FileTrees.delete(directory.resolve(part));
            }
        }
    }

    /** Says that what comes to be here is not finished. */
    void beginRebuild() throws IOException {
        try (FileChannel channel =
                FileChannel.open(directory.resolve(MARKER), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        syncDirectory();
    }

    /** Says that it is. */
    void endRebuild() throws IOException {
        Files.deleteIfExists(directory.resolve(MARKER));
        syncDirectory();
    }

    /** Sets aside a state that the bucket does not follow any more; nothing of it is lost. */
    void park(Instant now) throws IOException {
        Path aside = directory.resolve(DIVERGED).resolve(now.toString().replace(':', '-'));
        Files.createDirectories(
                aside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        for (String part : List.of(METADATA, CACHE, JOURNAL)) {
            if (Files.exists(directory.resolve(part))) {
                Files.move(directory.resolve(part), aside.resolve(part), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        syncDirectory();
        LOG.error(
                "another server went on with this file system: what was here and not in the bucket is set aside in {};"
                        + " the state is rebuilt from the bucket",
                aside);
    }

    private void syncDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
