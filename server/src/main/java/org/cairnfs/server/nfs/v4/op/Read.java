package org.cairnfs.server.nfs.v4.op;

import java.util.List;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.ReadResult;
import org.cairnfs.server.nfs.state.IoGrant;
import org.cairnfs.server.nfs.state.IoKind;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * READ (section 18.22): bytes of the current file. They go out as they lie in the file system's caches, without a copy.
 *
 * @param offset unsigned
 * @param count bytes at most, unsigned
 */
record Read(Stateid stateid, long offset, int count) implements Operation {
    /** The end mark, the length, and padding. */
    private static final int OVERHEAD_BYTES = 2 * Integer.BYTES + 3;

    static Read decode(XdrReader in) throws XdrException {
        return new Read(Wire.readStateid(in), in.readHyper(), in.readInt());
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        FileHandle file = compound.current();
        OpContext op = compound.reading();
        IoGrant grant = compound.state()
                .files()
                .checkIo(compound.session(), compound.resolve(stateid), file, IoKind.READ, compound.uid());
        if (offset < 0) {
            FileTypes.requireRegular(compound);
            encode(result, new ReadResult(List.of(), 0, true));
            return NfsStatus.OK;
        }
        try {
            int length = length(compound, result);
            encode(
                    result,
                    grant.byOpen()
                            ? compound.fileSystem().readOpen(op, file, offset, length)
                            : compound.fileSystem().read(op, file, offset, length));
        } catch (FsException e) {
            FileTypes.checkRegularAfter(e, compound);
            throw e;
        }
        return NfsStatus.OK;
    }

    private int length(Compound compound, XdrWriter result) throws XdrException {
        return length(compound, count, result.remaining() - OVERHEAD_BYTES);
    }

    /**
     * How much of what is asked for is read.
     *
     * @param count unsigned
     * @param room for data in the reply
     * @throws XdrException if not one byte has room: a reply without any would have the client ask again for ever
     */
    static int length(Compound compound, int count, int room) throws XdrException {
        if (room <= 0 && count != 0) {
            throw new XdrException("no room for data in the reply");
        }
        long most = Math.min(Math.max(0, room), compound.services().limits().maxRead());
        return (int) Math.min(Integer.toUnsignedLong(count), most);
    }

    private static void encode(XdrWriter result, ReadResult read) throws XdrException {
        result.writeBoolean(read.end()).writeOpaqueReference(read.pieces());
    }
}
