package org.cairnfs.server.app;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.activity.Operations;

/** A file system mounted on this machine, as those who operate it see it. Safe for any number of threads. */
public interface MountService {
    Path directory();

    /** How it is mounted, as {@code -o} of mount(8) would say it. */
    String options();

    /** Requests of the kernel that were answered. */
    long requests();

    /** Files and directories that programs have open through it. */
    int openFiles();

    /**
     * Unmounts; when this returns, no call is under way any more.
     *
     * @throws CairnException MOUNT_BUSY while programs use it, and then it stays mounted
     */
    void unmount() throws CairnException;

    /** Unmounts, whoever uses it; programs that have files open get errors from now on. */
    void abandon();

    /** Completed when it is mounted no more, whoever unmounted it. */
    CompletableFuture<Void> ended();

    /** Mounts. */
    @FunctionalInterface
    interface Starter {
        /**
         * Returns when programs find the file system in the directory.
         *
         * @param held what clients of NFS hold
         * @param operations told of each request
         * @param onFatalError told, on a thread of the mount, that the process may not be sound any more
         * @throws CairnException NO_FUSE, MOUNT_POINT, MOUNT_REFUSED
         */
        MountService start(
                Volume volume,
                NfsService.Held held,
                MountRequest wanted,
                Operations operations,
                Consumer<Throwable> onFatalError)
                throws CairnException;
    }
}
