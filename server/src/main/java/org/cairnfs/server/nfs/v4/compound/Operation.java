package org.cairnfs.server.nfs.v4.compound;

import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * One operation of a compound with its arguments. Immutable; what it refers to in the request's record lives until the
 * reply is sent.
 */
public interface Operation {
    /**
     * Carries it out and writes what follows the status in its result.
     *
     * @return OK; or an error whose result has more than a status, which has then been written (LOCK's DENIED)
     * @throws NfsException any other error; what was written is taken back
     * @throws FsException an error of the file system, translated by {@link ErrorMapping}
     * @throws XdrException if the result does not fit into the reply
     */
    NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException;

    /** Whether it changes anything, so that it must not be done unless its result fits into the reply. */
    default boolean changes() {
        return false;
    }

    /**
     * Whether doing it twice is not the same as doing it once: in 4.0, a resend of a compound with it is answered as the first. Of
     * the operations with a sequence number of their own, their owner knows.
     */
    default boolean isOnce() {
        return changes();
    }

    /** Writes what follows an error status that {@link #execute} has thrown: for nearly all operations, nothing. */
    default void encodeFailure(XdrWriter result) throws XdrException {}
}
