package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.lock.LockMode;
import org.cairnfs.server.nfs.state.LockResult;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** nfs_lock_type4 (section 3.3.9): whether to wait is the client's business, who asks again. */
final class LockType {
    private static final int READ_LT = 1;
    private static final int WRITE_LT = 2;
    private static final int READW_LT = 3;
    private static final int WRITEW_LT = 4;

    private LockType() {}

    static LockMode decode(XdrReader in) throws XdrException {
        int type = in.readInt();
        return switch (type) {
            case READ_LT, READW_LT -> LockMode.READ;
            case WRITE_LT, WRITEW_LT -> LockMode.WRITE;
            default -> throw new XdrException("nfs_lock_type4 is " + type);
        };
    }

    /** LOCK4denied (section 18.10.2): the lock in the way. */
    static NfsStatus writeDenied(XdrWriter out, LockResult.Denied denied) throws XdrException {
        out.writeHyper(denied.offset()).writeHyper(denied.length());
        out.writeInt(denied.mode() == LockMode.READ ? READ_LT : WRITE_LT);
        out.writeHyper(denied.clientId()).writeOpaque(denied.owner().toArray());
        return NfsStatus.DENIED;
    }
}
