package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.ErrorMapping;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** READLINK (section 18.24): tells the target of the current symbolic link. */
record ReadLink() implements Operation {
    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        try {
            result.writeOpaque(compound.fileSystem()
                    .readlink(compound.reading(), compound.current())
                    .toArray());
        } catch (FsException e) {
            if (e.errno() == Errno.EINVAL) {
                throw new NfsException(ErrorMapping.notSymlink(compound.minorVersion()));
            }
            throw e;
        }
        return NfsStatus.OK;
    }
}
