package org.cairnfs.core.metadata.h2;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * H2's file system {@code cairn:}, through which it opens our database: passes everything to the disk, but runs the
 * {@link WriteBarrier} of its database before each write. So no state of the database is ever on the disk whose journal
 * records are not.
 *
 * <p>Beneath lies H2's {@code retry:}, which reopens a file channel that the interruption of a reading thread closed.
 *
 * <p>Threading: H2 makes instances from any thread; writes are registered in a concurrent map before the database is opened
 * and stay until it was closed.
 */
public final class JournaledFilePath extends FilePathWrapper {
    private static final String SCHEME = "cairn";
    private static final String BENEATH = "retry:";
    private static final Map<String, GuardedWrites> WRITES = new ConcurrentHashMap<>();

    static {
        FilePath.register(new JournaledFilePath());
    }

    /**
     * Registers the writes of a database.
     *
     * @param database path without suffix, absolute
     * @return what H2 calls the database
     * @throws IllegalStateException if it is open in this process
     */
    static String register(Path database, GuardedWrites writes) {
        if (WRITES.putIfAbsent(fileOf(database), writes) != null) {
            throw new IllegalStateException("the database " + database + " is open already");
        }
        return SCHEME + ":" + BENEATH + database;
    }

    static void unregister(Path database) {
        WRITES.remove(fileOf(database));
    }

    private static String fileOf(Path database) {
        return SCHEME + ":" + BENEATH + database + ".mv.db";
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    /** A file that belongs to no registered database (H2's own temporary ones) cannot be written through this scheme. */
    @Override
    public FileChannel open(String mode) throws IOException {
        GuardedWrites writes = WRITES.get(name);
        if (writes == null) {
            throw new IOException("no journal is known for " + name);
        }
        return new JournaledFileChannel(getBase().open(mode), writes);
    }
}
