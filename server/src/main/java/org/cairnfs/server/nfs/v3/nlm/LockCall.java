package org.cairnfs.server.nfs.v3.nlm;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.lock.LockMode;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/**
 * The arguments of TEST, LOCK, CANCEL and UNLOCK; what a procedure does not have is false or 0.
 *
 * @param cookie comes back with the answer
 * @param block whether the client waits for the lock
 * @param state of the client's status monitor: changes when the client reboots
 */
record LockCall(Bytes cookie, boolean block, LockMode mode, NlmLock lock, boolean reclaim, int state) {
    /** nlm4_testargs. */
    static LockCall decodeTest(XdrReader in) throws XdrException {
        Bytes cookie = NlmLock.readBytes(in);
        LockMode mode = readMode(in);
        return new LockCall(cookie, false, mode, NlmLock.decode(in), false, 0);
    }

    /** nlm4_lockargs. */
    static LockCall decodeLock(XdrReader in) throws XdrException {
        Bytes cookie = NlmLock.readBytes(in);
        boolean block = in.readBoolean();
        LockMode mode = readMode(in);
        NlmLock lock = NlmLock.decode(in);
        return new LockCall(cookie, block, mode, lock, in.readBoolean(), in.readInt());
    }

    /** nlm4_cancargs. */
    static LockCall decodeCancel(XdrReader in) throws XdrException {
        Bytes cookie = NlmLock.readBytes(in);
        boolean block = in.readBoolean();
        LockMode mode = readMode(in);
        return new LockCall(cookie, block, mode, NlmLock.decode(in), false, 0);
    }

    /** nlm4_unlockargs. */
    static LockCall decodeUnlock(XdrReader in) throws XdrException {
        return new LockCall(NlmLock.readBytes(in), false, LockMode.READ, NlmLock.decode(in), false, 0);
    }

    private static LockMode readMode(XdrReader in) throws XdrException {
        return in.readBoolean() ? LockMode.WRITE : LockMode.READ;
    }
}
