package org.cairnfs.core.testkit;

import org.cairnfs.core.fs.FileSystem;

/** A file system that operations are tried on, with what can happen to it in between. */
public interface Subject extends AutoCloseable {
    /** A file system that is not restarted. */
    static Subject of(FileSystem fileSystem) {
        return new Subject() {
            @Override
            public FileSystem fileSystem() {
                return fileSystem;
            }

            /** Asked for by sequences with restarts only, which are for subjects that can. */
            @Override
            public void restart() {
                throw new UnsupportedOperationException("this one is not restarted");
            }
        };
    }

    /** The present instance; another one after {@link #restart}. */
    FileSystem fileSystem();

    /** Stops and starts again. */
    void restart();

    /** Something that must make no difference: flush, checkpoint, drop of a cache; {@code choice} picks one. */
    default void disturb(int choice) {
        // Most have nothing of the kind.
    }

    /** Makes room or ends a fault, after an operation was answered EAGAIN; it is then tried again. */
    default void recover() {
        throw new AssertionError("EAGAIN without need");
    }

    @Override
    default void close() {
        // Most hold nothing.
    }
}
