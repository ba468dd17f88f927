package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** GETXATTR (RFC 8276 section 8.4.1): the value of an extended attribute of the current file. */
record GetXattr(Name name) implements Operation {
    static GetXattr decode(XdrReader in) throws XdrException, NfsException {
        return new GetXattr(Wire.readXattrKey(in));
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        Bytes value = compound.fileSystem().getXattr(compound.readingExported(), compound.current(), name);
        result.writeOpaqueReference(value.asBuffer());
        return NfsStatus.OK;
    }
}
