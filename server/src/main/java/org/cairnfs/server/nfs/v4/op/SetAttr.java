package org.cairnfs.server.nfs.v4.op;

import java.nio.ByteBuffer;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.server.nfs.state.IoGrant;
import org.cairnfs.server.nfs.state.IoKind;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.attr.Attr;
import org.cairnfs.server.nfs.v4.attr.Bitmap4;
import org.cairnfs.server.nfs.v4.attr.Fattr4;
import org.cairnfs.server.nfs.v4.attr.WantedAttributes;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.ErrorMapping;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * SETATTR (section 18.30): sets attributes of the current file; all of them or none.
 *
 * @param stateid under which the size is set
 * @param identity the attributes as they came, by which a resend is known
 */
record SetAttr(Stateid stateid, Fattr4 attributes, ByteBuffer identity) implements Operation {
    static SetAttr decode(XdrReader in) throws XdrException {
        Stateid stateid = Wire.readStateid(in);
        int from = in.position();
        Fattr4 attributes = Fattr4.decode(in);
        return new SetAttr(stateid, attributes, in.slice(from, in.position()));
    }

    @Override
    public boolean changes() {
        return true;
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        FileHandle file = compound.current();
        WantedAttributes wanted = WantedAttributes.of(
                attributes, compound.minorVersion(), compound.services().owners());
        if (!file.isInode() && !wanted.mask().isSubsetOf(Bitmap4.of(Attr.SIZE.number()))) {
            throw new NfsException(NfsStatus.ATTRNOTSUPP, "a named attribute has a size to set, and nothing else");
        }
        SetAttributes values = wanted.needsPresentMode()
                ? wanted.over(compound.currentAttributes().mode())
                : wanted.over(0);
        if (values.size() == null) {
            compound.fileSystem().setattr(compound.changing(identity), file, values);
        } else {
            setSize(compound, file, values);
        }
        wanted.mask().encode(result);
        return NfsStatus.OK;
    }

    /** A size may be set by whoever has the file open for writing, whatever the mode says by now. */
    private void setSize(Compound compound, FileHandle file, SetAttributes values) throws NfsException, FsException {
        OpContext op = compound.changing(identity);
        IoGrant grant = IoAccess.toChange(compound, op, file, stateid, IoKind.SET_SIZE);
        try {
            if (grant.byOpen()) {
                compound.fileSystem().setattrOpen(op, file, values);
            } else {
                compound.fileSystem().setattr(op, file, values);
            }
        } catch (FsException e) {
            FileType type = compound.currentAttributes().type();
            if ((e.errno() == Errno.EISDIR || e.errno() == Errno.EINVAL) && type != FileType.REGULAR) {
                throw new NfsException(ErrorMapping.noSize(type, compound.minorVersion()));
            }
            throw e;
        }
    }

    @Override
    public void encodeFailure(XdrWriter result) throws XdrException {
        Bitmap4.EMPTY.encode(result);
    }
}
