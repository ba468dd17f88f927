package org.cairnfs.server.nfs.v3.nlm;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/**
 * The arguments of SHARE and UNSHARE (nlm4_shareargs).
 *
 * @param deny bits of {@code core.lock.ShareTable} that others shall not have (fsh4_mode)
 * @param access bits of the same that the client wants (fsh4_access)
 */
record ShareCall(Bytes cookie, Bytes caller, Bytes file, Bytes owner, int deny, int access, boolean reclaim) {
    private static final int BOTH = 3;

    static ShareCall decode(XdrReader in) throws XdrException {
        return new ShareCall(
                NlmLock.readBytes(in),
                NlmLock.readBytes(in),
                NlmLock.readBytes(in),
                NlmLock.readBytes(in),
                readBits(in),
                readBits(in),
                in.readBoolean());
    }

    private static int readBits(XdrReader in) throws XdrException {
        int bits = in.readInt();
        if (bits < 0 || bits > BOTH) {
            throw new XdrException("share mode " + bits);
        }
        return bits;
    }
}
