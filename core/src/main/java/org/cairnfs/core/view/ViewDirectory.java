package org.cairnfs.core.view;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.cairnfs.core.volume.FileTrees;
import org.cairnfs.core.volume.LocalIdentity;
import org.cairnfs.core.volume.VolumeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of one reader of a bucket, locked against others: the base, views that are made of it, and the disk cache.
 *
 * <p>Invariants: the base stands at the barrier that the file {@code barrier} names; while the file {@code unfinished} is there, it
 * is on the way from there to the barrier that this one names, or of no use. That file is synced before the base is touched. Views do not outlive the process. Nothing here is the only copy of anything, so
 * the whole directory may be deleted; then only that a bucket was rolled back is not noticed.
 *
 * <p>Used by one thread at a time, but for {@link #newView}, which any may call.
 */
final class ViewDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ViewDirectory.class);
    private static final FileAttribute<?> PRIVATE_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<?> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final String LOCK = "view-lock";
    private static final String UNFINISHED = "unfinished";
    private static final String BARRIER = "barrier";

    private final Path directory;
    private final FileChannel lock;
    private final LocalIdentity identity;

    private ViewDirectory(Path directory, FileChannel lock, LocalIdentity identity) {
        this.directory = directory;
        this.lock = lock;
        this.identity = identity;
    }

    /**
     * Takes a directory, which is made if it is not there, and removes the views that a process left that died.
     *
     * @throws VolumeException of kind LOCAL_STORAGE if another process has it; STATE_MISMATCH if it is of another file system
     */
    static ViewDirectory take(Path directory, UUID fileSystem) throws IOException, VolumeException {
        Files.createDirectories(directory, PRIVATE_DIRECTORY);
        FileChannel lock = FileChannel.open(
                directory.resolve(LOCK), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), PRIVATE_FILE);
        try {
            if (!isLocked(lock)) {
                throw new VolumeException(
                        VolumeException.Kind.LOCAL_STORAGE,
                        "the directory " + directory + " is in use by another process; give another one, or wait");
            }
            ViewDirectory taken = new ViewDirectory(directory, lock, LocalIdentity.of(directory, fileSystem));
            FileTrees.delete(taken.views());
            return taken;
        } catch (IOException | VolumeException e) {
            lock.close();
            throw e;
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            FileLock taken = channel.tryLock();
            return taken != null;
        } catch (OverlappingFileLockException thisProcessHasIt) {
            return false;
        }
    }

    /** A random id, of which the keys of what lies here are made. */
    UUID id() {
        return identity.stateDirectory();
    }

    Path path() {
        return directory;
    }

    Path database() {
        return directory.resolve("base");
    }

    Path cache() {
        return directory.resolve("cache");
    }

    private Path views() {
        return directory.resolve("views");
    }

    /** Makes a directory for a view, which its owner deletes. */
    Path newView() throws IOException {
        Files.createDirectories(views(), PRIVATE_DIRECTORY);
        return Files.createTempDirectory(views(), "view-", PRIVATE_DIRECTORY);
    }

    /** Where the base stands, or stood before what is unfinished; empty if there is none. */
    Optional<BaseState> base() throws IOException {
        return read(directory.resolve(BARRIER));
    }

    boolean isUnfinished() {
        return Files.exists(directory.resolve(UNFINISHED));
    }

    /** Where the base was to be brought when that was broken off; empty if it was not, or nobody knows. */
    Optional<BaseState> unfinished() throws IOException {
        return read(directory.resolve(UNFINISHED));
    }

    private static Optional<BaseState> read(Path file) throws IOException {
        try {
            Properties properties = new Properties();
            properties.load(new StringReader(Files.readString(file)));
            return Optional.of(BaseState.read(properties));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            LOG.warn("{} cannot be read ({}); the metadata is fetched from the bucket again", file, e.getMessage());
            return Optional.empty();
        }
    }

    /** Says that the base is on its way there. */
    void beginBase(BaseState wanted) throws IOException {
        write(UNFINISHED, wanted);
        sync();
    }

    /** Says that the base, all of it on the disk, stands there. */
    void endBase(BaseState state) throws IOException {
        write(BARRIER, state);
        Files.deleteIfExists(directory.resolve(UNFINISHED));
        sync();
    }

    private void write(String name, BaseState state) throws IOException {
        Path fresh = directory.resolve(name + ".new");
        Files.deleteIfExists(fresh);
        StringWriter text = new StringWriter();
        state.toProperties().store(text, null);
        try (FileChannel channel = FileChannel.open(
                fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), PRIVATE_FILE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private void sync() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Gives the lock back. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("the lock of {} was not given back cleanly: {}", directory, e.toString());
        }
    }
}
