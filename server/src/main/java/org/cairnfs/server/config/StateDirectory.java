package org.cairnfs.server.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Failures;

/**
 * The directory on the server's own disk that belongs to one running server: journal, database, caches, logs, admin socket.
 *
 * <p>It is 0700, and locked (fcntl, so a dead owner's lock is gone) from {@link #take} until {@link #close}. The lock file says
 * who holds it, for the message that a second server ends with.
 */
public final class StateDirectory implements AutoCloseable {
    private static final int MAX_OWNER_BYTES = 200;

    private final Path path;
    private final FileChannel channel;

    private StateDirectory(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Makes the directory if it is not there, checks that it is private, and locks it. */
    public static StateDirectory take(Path directory) throws CairnException {
        Path path = directory.toAbsolutePath().normalize();
        try {
            PrivateFiles.createDirectories(path);
            if (PrivateFiles.isOpenToOthers(path)) {
                closeToOthers(path);
            }
            return new StateDirectory(path, lock(path));
        } catch (IOException e) {
            throw Failures.ofFile("cannot use the state directory " + path, e);
        }
    }

    /** An empty directory that the user made for us is made private; one with things in it may be anybody's. */
    private static void closeToOthers(Path path) throws IOException, CairnException {
        try (Stream<Path> content = Files.list(path)) {
            if (content.findAny().isPresent()) {
                throw new CairnException(
                        ExitCode.STATE_UNUSABLE,
                        "the state directory " + path + " may be entered by others",
                        "if it is Cairn's, run: chmod 700 '" + path + "'; else choose another with --state");
            }
        }
        PrivateFiles.restrict(path);
    }

    private static FileChannel lock(Path path) throws IOException, CairnException {
        FileChannel channel = PrivateFiles.open(path.resolve("lock"));
        try {
            FileLock lock = tryLock(channel);
            if (lock == null) {
                throw new CairnException(
                        ExitCode.STATE_IN_USE,
                        "the state directory " + path + " is in use by another server (" + owner(channel) + ")",
                        "see 'cairn status --state " + path + "'");
            }
            String owner = "process " + ProcessHandle.current().pid() + " since "
                    + Instant.now().truncatedTo(ChronoUnit.SECONDS);
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.UTF_8)), 0);
            return channel;
        } catch (IOException | CairnException e) {
            channel.close();
            throw e;
        }
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // this very process holds it
        }
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(MAX_OWNER_BYTES);
        channel.read(buffer, 0);
        String owner = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
        return owner.isBlank() ? "just starting" : owner.strip();
    }

    public Path path() {
        return path;
    }

    /** Gives the lock back. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
