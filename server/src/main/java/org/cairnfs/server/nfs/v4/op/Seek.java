package org.cairnfs.server.nfs.v4.op;

import java.util.OptionalLong;
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
 * SEEK (RFC 7862 section 15.11): where the next data or the next hole of the current file begins. The end of the file is a hole.
 *
 * @param offset from which on, unsigned
 * @param what of data_content4
 */
record Seek(Stateid stateid, long offset, int what) implements Operation {
    private static final int NFS4_CONTENT_DATA = 0;
    private static final int NFS4_CONTENT_HOLE = 1;

    static Seek decode(XdrReader in) throws XdrException {
        return new Seek(Wire.readStateid(in), in.readHyper(), in.readInt());
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        FileHandle file = compound.current();
        OpContext op = compound.reading();
        boolean open = IoAccess.byOpen(compound, file, compound.resolve(stateid), IoKind.READ);
        if (what != NFS4_CONTENT_DATA && what != NFS4_CONTENT_HOLE) {
            throw new NfsException(NfsStatus.UNION_NOTSUPP, "neither data nor a hole is looked for: " + what);
        }
        if (offset < 0) {
            FileTypes.requireRegular(compound);
            throw new NfsException(NfsStatus.NXIO, "beyond 2^63");
        }
        OptionalLong found = find(compound, op, file, open);
        if (what == NFS4_CONTENT_DATA && found.isPresent()) {
            result.writeBoolean(false).writeHyper(found.getAsLong());
        } else {
            long size = compound.currentAttributes().size();
            long at = found.orElse(size);
            result.writeBoolean(at >= size).writeHyper(at);
        }
        return NfsStatus.OK;
    }

    private OptionalLong find(Compound compound, OpContext op, FileHandle file, boolean open)
            throws NfsException, FsException {
        boolean data = what == NFS4_CONTENT_DATA;
        try {
            return open
                    ? compound.fileSystem().seekOpen(op, file, offset, data)
                    : compound.fileSystem().seek(op, file, offset, data);
        } catch (FsException e) {
            FileTypes.checkRegularAfter(e, compound);
            throw e;
        }
    }
}
