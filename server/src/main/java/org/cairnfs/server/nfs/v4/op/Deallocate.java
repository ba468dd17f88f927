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
 * DEALLOCATE (RFC 7862 section 15.4): makes a range of the current file a hole, whose storage is given back; the size stays.
 *
 * @param offset unsigned
 * @param length unsigned
 */
record Deallocate(Stateid stateid, long offset, long length) implements Operation {
    static Deallocate decode(XdrReader in) throws XdrException {
        return new Deallocate(Wire.readStateid(in), in.readHyper(), in.readHyper());
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
        if (offset < 0 || Long.compareUnsigned(offset + length, offset) < 0) {
            FileTypes.requireRegular(compound);
            throw new NfsException(NfsStatus.INVAL, "the range ends beyond 2^64");
        }
        long bounded = length < 0 ? Long.MAX_VALUE : length;
        try {
            if (open) {
                compound.fileSystem().deallocateOpen(op, file, offset, bounded);
            } else {
                compound.fileSystem().deallocate(op, file, offset, bounded);
            }
        } catch (FsException e) {
            FileTypes.checkRegularAfter(e, compound);
            throw e;
        }
        return NfsStatus.OK;
    }
}
