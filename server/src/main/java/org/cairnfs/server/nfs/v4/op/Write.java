package org.cairnfs.server.nfs.v4.op;

import java.nio.ByteBuffer;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.server.nfs.state.IoGrant;
import org.cairnfs.server.nfs.state.IoKind;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * WRITE (section 18.32): puts bytes into the current file. They are taken from the request as they lie there.
 *
 * @param offset unsigned
 * @param stable whether it must survive power loss when it is answered (DATA_SYNC4 and FILE_SYNC4)
 * @param data in the request's record
 */
record Write(Stateid stateid, long offset, boolean stable, ByteBuffer data) implements Operation {
    private static final int UNSTABLE4 = 0;
    private static final int FILE_SYNC4 = 2;

    static Write decode(XdrReader in) throws XdrException {
        Stateid stateid = Wire.readStateid(in);
        long offset = in.readHyper();
        int how = in.readInt();
        if (how < UNSTABLE4 || how > FILE_SYNC4) {
            throw new XdrException("stable_how4 is " + how);
        }
        return new Write(stateid, offset, how != UNSTABLE4, in.readOpaqueSlice(Integer.MAX_VALUE));
    }

    @Override
    public boolean changes() {
        return true;
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        FileHandle file = compound.current();
        OpContext op = compound.writing();
        IoGrant grant = IoAccess.toChange(compound, op, file, stateid, IoKind.WRITE);
        if (offset < 0) {
            FileTypes.requireRegular(compound);
            throw new NfsException(NfsStatus.FBIG, "beyond 2^63");
        }
        if (stable) {
            compound.mustBeStable(op);
        }
        result.writeInt(write(compound, op, file, grant)).writeInt(stable ? FILE_SYNC4 : UNSTABLE4);
        result.writeHyper(compound.fileSystem().bootVerifier());
        return NfsStatus.OK;
    }

    private int write(Compound compound, OpContext op, FileHandle file, IoGrant grant)
            throws NfsException, FsException {
        FileSystem fileSystem = compound.fileSystem();
        try {
            return (grant.byOpen()
                            ? fileSystem.writeOpen(op, file, offset, data)
                            : fileSystem.write(op, file, offset, data))
                    .count();
        } catch (FsException e) {
            FileTypes.checkRegularAfter(e, compound);
            throw e;
        }
    }
}
