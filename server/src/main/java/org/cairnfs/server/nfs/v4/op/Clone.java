package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.CloneRequest;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * CLONE (RFC 7862 section 15.13): a range of the saved file appears in the current one, sharing what is stored, as the saved file
 * is at one moment.
 */
record Clone(TwoRanges ranges) implements Operation {
    static Clone decode(XdrReader in) throws XdrException {
        return new Clone(TwoRanges.decode(in));
    }

    @Override
    public boolean changes() {
        return true;
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException {
        OpContext op = compound.cloning();
        CloneRequest request = ranges.check(compound, op);
        if (request.length() > 0) {
            compound.fileSystem().cloneRange(op, request);
        }
        return NfsStatus.OK;
    }
}
