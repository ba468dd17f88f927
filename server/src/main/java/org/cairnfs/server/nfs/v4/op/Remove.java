package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** REMOVE (section 18.25): removes a name from the current directory; of a directory, only when it is empty. */
record Remove(Name name) implements Operation {
    static Remove decode(XdrReader in) throws XdrException, NfsException {
        return new Remove(Wire.readName(in));
    }

    @Override
    public boolean changes() {
        return true;
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        FileHandle directory = compound.current();
        Wire.writeChange(result, compound.fileSystem().remove(compound.changing(), directory, name, RemoveKind.ANY));
        return NfsStatus.OK;
    }
}
