package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.state.IoKind;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.attr.Bitmap4;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * IO_ADVISE (RFC 7862 section 15.5): how the client means to read or write. The server reads ahead by what it sees the client do,
 * and so takes no hint: it answers that it follows none of them, which is allowed.
 *
 * @param offset unsigned
 * @param length unsigned, 0 for all from {@code offset} on
 * @param hints of IO_ADVISE_type4
 */
record IoAdvise(Stateid stateid, long offset, long length, Bitmap4 hints) implements Operation {
    static IoAdvise decode(XdrReader in) throws XdrException {
        return new IoAdvise(Wire.readStateid(in), in.readHyper(), in.readHyper(), Bitmap4.decode(in));
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        FileHandle file = compound.current();
        IoAccess.byOpen(compound, file, compound.resolve(stateid), IoKind.ADVICE);
        FileTypes.requireRegular(compound);
        if (Long.compareUnsigned(offset + length, offset) < 0) {
            throw new NfsException(NfsStatus.INVAL, "the range ends beyond 2^64");
        }
        Bitmap4.EMPTY.encode(result);
        return NfsStatus.OK;
    }
}
