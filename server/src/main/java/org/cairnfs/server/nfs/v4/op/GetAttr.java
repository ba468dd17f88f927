package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.attr.AttributeEncoder;
import org.cairnfs.server.nfs.v4.attr.Bitmap4;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** GETATTR (section 18.7): tells attributes of the current file; those that are not supported are left out. */
record GetAttr(Bitmap4 requested) implements Operation {
    static GetAttr decode(XdrReader in) throws XdrException {
        return new GetAttr(Bitmap4.decode(in));
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        Bitmap4 wanted = AttributeEncoder.readable(requested, compound.minorVersion());
        compound.services()
                .attributes()
                .encode(result, wanted, compound.subject(compound.currentAttributes()), compound.minorVersion());
        return NfsStatus.OK;
    }
}
