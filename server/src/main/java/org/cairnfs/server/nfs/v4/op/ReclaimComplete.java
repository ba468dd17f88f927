package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * RECLAIM_COMPLETE (section 18.51): the client has reclaimed what it held before the restart.
 *
 * @param oneFileSystem only in the file system of the current file, after a migration
 */
record ReclaimComplete(boolean oneFileSystem) implements Operation {
    static ReclaimComplete decode(XdrReader in) throws XdrException {
        return new ReclaimComplete(in.readBoolean());
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException {
        if (oneFileSystem) {
            compound.current();
        }
        compound.state().clients().reclaimComplete(SessionClient.of(compound), oneFileSystem);
        return NfsStatus.OK;
    }
}
