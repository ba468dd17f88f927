package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
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
 * ALLOCATE (RFC 7862 section 15.1): sees to it that a range of the current file can be written. The storage has no bounds, so
 * there is nothing to set aside; the file grows to the end of the range, and the range reads as before.
 *
 * @param offset unsigned
 * @param length unsigned
 */
record Allocate(Stateid stateid, long offset, long length) implements Operation {
    static Allocate decode(XdrReader in) throws XdrException {
        return new Allocate(Wire.readStateid(in), in.readHyper(), in.readHyper());
    }

    @Override
    public boolean changes() {
        return true;
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException {
        FileHandle file = compound.current();
        OpContext op = compound.changing();
        boolean open = IoAccess.byOpen(compound, file, compound.resolve(stateid), IoKind.WRITE);
        if (offset < 0 || length < 0) {
            FileTypes.requireRegular(compound);
            throw new NfsException(NfsStatus.FBIG, "beyond 2^63");
        }
        try {
            if (open) {
                compound.fileSystem().allocateOpen(op, file, offset, length);
            } else {
                compound.fileSystem().allocate(op, file, offset, length);
            }
        } catch (FsException e) {
            FileTypes.checkRegularAfter(e, compound);
            throw e;
        }
        return NfsStatus.OK;
    }
}
