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

/** SECINFO (section 18.29): the security flavours with which a name in the current directory may be used. */
record SecInfo(Name name) implements Operation {
    static SecInfo decode(XdrReader in) throws XdrException, NfsException {
        return new SecInfo(Wire.readName(in));
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        FileHandle file = compound.lookup(name).handle();
        SecInfoResult.write(result, compound.below(file).flavors());
        if (compound.minorVersion() > 0 || !compound.hasAccess()) {
            compound.leave();
        }
        return NfsStatus.OK;
    }
}
