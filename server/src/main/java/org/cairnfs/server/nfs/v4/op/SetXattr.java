package org.cairnfs.server.nfs.v4.op;

import java.nio.ByteBuffer;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.DirectoryChange;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.XattrFlag;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * SETXATTR (RFC 8276 section 8.4.2): sets an extended attribute of the current file.
 *
 * @param value in the request's record
 */
record SetXattr(XattrFlag flag, Name name, ByteBuffer value) implements Operation {
    private static final int SETXATTR4_EITHER = 0;
    private static final int SETXATTR4_CREATE = 1;
    private static final int SETXATTR4_REPLACE = 2;

    static SetXattr decode(XdrReader in) throws XdrException, NfsException {
        int option = in.readInt();
        XattrFlag flag = switch (option) {
            case SETXATTR4_EITHER -> XattrFlag.EITHER;
            case SETXATTR4_CREATE -> XattrFlag.CREATE;
            case SETXATTR4_REPLACE -> XattrFlag.REPLACE;
            default -> throw new XdrException("setxattr_option4 is " + option);
        };
        return new SetXattr(flag, Wire.readXattrKey(in), in.readOpaqueSlice(Integer.MAX_VALUE));
    }

    @Override
    public boolean changes() {
        return true;
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        FileHandle file = compound.current();
        OpContext op = compound.changing();
        if (value.remaining() > FileSystem.MAX_XATTR_BYTES) {
            throw new NfsException(NfsStatus.XATTR2BIG, "a value of " + value.remaining() + " bytes");
        }
        byte[] bytes = new byte[value.remaining()];
        value.duplicate().get(bytes);
        Wire.writeChange(result, set(compound, op, file, Bytes.ofTrusted(bytes)));
        return NfsStatus.OK;
    }

    private DirectoryChange set(Compound compound, OpContext op, FileHandle file, Bytes bytes)
            throws NfsException, FsException {
        try {
            return compound.fileSystem().setXattr(op, file, name, bytes, flag);
        } catch (FsException e) {
            // The attributes of a file are too much together, which the protocol tells apart from a full disk (section
            // 8.5.2).
            if (e.errno() == Errno.ENOSPC) {
                throw new NfsException(NfsStatus.XATTR2BIG, e.getMessage());
            }
            throw e;
        }
    }
}
