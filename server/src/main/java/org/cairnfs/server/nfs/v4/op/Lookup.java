package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.ErrorMapping;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** LOOKUP (section 18.13): goes to the file of a name in the current directory. */
record Lookup(Name name) implements Operation {
    static Lookup decode(XdrReader in) throws XdrException, NfsException {
        return new Lookup(Wire.readName(in));
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException {
        try {
            compound.moveTo(compound.lookup(name).handle());
        } catch (FsException e) {
            if (e.errno() == Errno.ENOTDIR) {
                throw new NfsException(
                        ErrorMapping.notSearchable(compound.currentAttributes().type()));
            }
            throw e;
        }
        return NfsStatus.OK;
    }
}
