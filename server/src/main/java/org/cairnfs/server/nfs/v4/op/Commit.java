package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * COMMIT (section 18.3): makes what was written to the current file stable, all of it whatever the range.
 *
 * @param offset start of the range, unsigned
 * @param count its length, unsigned; 0 means up to the end
 */
record Commit(long offset, int count) implements Operation {
    static Commit decode(XdrReader in) throws XdrException {
        return new Commit(in.readHyper(), in.readInt());
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        if (Long.compareUnsigned(offset, -1L - Integer.toUnsignedLong(count)) > 0) {
            throw new NfsException(NfsStatus.INVAL, "the range passes 2^64-1");
        }
        try {
            compound.fileSystem().commit(compound.writing(), compound.current());
        } catch (FsException e) {
            FileTypes.checkRegularAfter(e, compound);
            throw e;
        }
        result.writeHyper(compound.fileSystem().bootVerifier());
        return NfsStatus.OK;
    }
}
