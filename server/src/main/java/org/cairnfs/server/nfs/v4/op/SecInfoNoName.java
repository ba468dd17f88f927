package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.export.Entrance;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * SECINFO_NO_NAME (section 18.45): the security flavours with which the current file, or the directory that it is in, may be used.
 *
 * @param parent whether the directory that it is in is meant
 */
record SecInfoNoName(boolean parent) implements Operation {
    private static final int STYLE4_CURRENT_FH = 0;
    private static final int STYLE4_PARENT = 1;

    static SecInfoNoName decode(XdrReader in) throws XdrException {
        int style = in.readInt();
        if (style != STYLE4_CURRENT_FH && style != STYLE4_PARENT) {
            throw new XdrException("secinfo_style4 is " + style);
        }
        return new SecInfoNoName(style == STYLE4_PARENT);
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        FileHandle file = compound.current();
        Entrance entrance = compound.entrance();
        if (parent) {
            file = compound.fileSystem()
                    .lookupParent(compound.searching(), file)
                    .handle();
            if (file.equals(compound.current())) {
                throw new NfsException(NfsStatus.NOENT, "the root has no parent");
            }
            entrance = compound.above(file);
        }
        compound.fileSystem().getattr(compound.searching(), file);
        SecInfoResult.write(result, entrance.flavors());
        compound.leave();
        return NfsStatus.OK;
    }
}
