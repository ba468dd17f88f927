package org.cairnfs.server.nfs.watch;

import java.util.Optional;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.server.nfs.rpc.RpcCall;

/**
 * Hears of each operation of NFSv4 and each procedure of NFSv3, once it is done. Implementations are called from any thread, often: they are
 * quick, do not wait, and do not throw. Every method does nothing by default.
 */
public interface OperationWatch {
    /** Hears nothing. */
    OperationWatch NONE = new OperationWatch() {};

    /**
     * An operation has ended.
     *
     * @param operation its name in the protocol, such as READ
     * @param failed whether with another status than OK, be it one as usual as NOENT
     * @param nanos from its decoding to its result, without what the whole request waits for
     */
    default void ended(String operation, boolean failed, long nanos) {}

    /** Whether {@link #detailed} wants to be called; asked before each operation. */
    default boolean wantsDetails() {
        return false;
    }

    /** The same operation with all that there is to tell. What it refers to of the call is valid during this method only. */
    default void detailed(Detail detail) {}

    /**
     * An operation that has ended.
     *
     * @param version of NFS, such as 4.1
     * @param at the file or directory it was about, if it came that far
     * @param asked the decoded arguments, whose text tells them; null if they could not be decoded
     * @param result name of the status
     */
    record Detail(
            RpcCall call,
            String version,
            String operation,
            Optional<FileHandle> at,
            Object asked,
            String result,
            long nanos) {}
}
