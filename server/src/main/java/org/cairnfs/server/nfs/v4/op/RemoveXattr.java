package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.FileHandle;
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

/** REMOVEXATTR (RFC 8276 section 8.4.4): removes an extended attribute of the current file. */
record RemoveXattr(Name name) implements Operation {
    static RemoveXattr decode(XdrReader in) throws XdrException, NfsException {
        return new RemoveXattr(Wire.readXattrKey(in));
    }

    @Override
    public boolean changes() {
        return true;
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        FileHandle file = compound.current();
        Wire.writeChange(result, compound.fileSystem().removeXattr(compound.changing(), file, name));
        return NfsStatus.OK;
    }
}
