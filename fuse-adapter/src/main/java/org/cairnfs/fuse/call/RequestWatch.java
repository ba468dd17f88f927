package org.cairnfs.fuse.call;

import java.util.Optional;
import org.cairnfs.core.fs.FileHandle;

/**
 * Hears of each request of the kernel, once it is answered. Implementations are called from any thread, often: they are quick, do not wait, and do not
 * throw. Every method does nothing by default.
 */
public interface RequestWatch {
    /** Hears nothing. */
    RequestWatch NONE = new RequestWatch() {};

    /**
     * A request was answered, or, of a lock that somebody else holds, put aside to be answered later.
     *
     * @param name as the kernel calls it, such as FUSE_READ
     * @param errno 0 if it was done; of others, most are as usual as ENOENT
     * @param nanos from its decoding to its answer
     */
    default void ended(String name, int errno, long nanos) {}

    /** Whether {@link #detailed} wants to be called. */
    default boolean wantsDetails() {
        return false;
    }

    /** The same request with all that there is to tell. */
    default void detailed(Detail detail) {}

    /**
     * A request that was answered.
     *
     * @param uid of who asked, unsigned
     * @param pid of the process that asked; 0 if it is not known
     * @param at the file or directory that it was about, if the kernel was told of it
     * @param asked names that it was about, separated by blanks; they may hold any character
     */
    record Detail(int uid, int pid, String name, Optional<FileHandle> at, String asked, int errno, long nanos) {}
}
