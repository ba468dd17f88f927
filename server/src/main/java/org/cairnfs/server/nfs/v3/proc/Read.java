package org.cairnfs.server.nfs.v3.proc;

import java.util.List;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.ReadResult;
import org.cairnfs.core.fs.ReadWithAttributes;
import org.cairnfs.server.nfs.v3.Nfs3Exception;
import org.cairnfs.server.nfs.v3.Nfs3Status;
import org.cairnfs.server.nfs.v3.call.Nfs3Call;
import org.cairnfs.server.nfs.v3.call.Place;
import org.cairnfs.server.nfs.v3.call.Procedure;
import org.cairnfs.server.nfs.v3.call.Wire3;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * READ (section 3.3.6): bytes of a file. They go out as they lie in the file system's caches, without a copy.
 *
 * @param offset unsigned
 * @param count bytes at most, unsigned
 */
record Read(Bytes file, long offset, int count) implements Procedure {
    static Read decode(XdrReader in) throws XdrException {
        return new Read(Wire3.readHandle(in), in.readHyper(), in.readInt());
    }

    @Override
    public void execute(Nfs3Call call, XdrWriter result) throws Nfs3Exception, FsException, XdrException {
        Place place = call.enter(file);
        ReadWithAttributes answer = read(call, place);
        ReadResult read = answer.read();
        Wire3.writePostOp(result, call, answer.before());
        result.writeInt(read.length()).writeBoolean(read.end()).writeOpaqueReference(read.pieces());
    }

    private ReadWithAttributes read(Nfs3Call call, Place place) throws Nfs3Exception, FsException {
        if (offset < 0) {
            Attributes attributes = call.attributes(place);
            requireRegular(attributes);
            return new ReadWithAttributes(attributes, new ReadResult(List.of(), 0, true));
        }
        int length = (int)
                Math.min(Integer.toUnsignedLong(count), call.services().limits().maxRead());
        return call.fileSystem().readWithAttributes(call.reading(place), place.handle(), offset, length);
    }

    /** INVAL for what has no bytes to read or write; a directory is told as one. */
    static void requireRegular(Attributes attributes) throws Nfs3Exception {
        if (attributes.type() != FileType.REGULAR) {
            boolean directory = attributes.type() == FileType.DIRECTORY;
            throw new Nfs3Exception(directory ? Nfs3Status.ISDIR : Nfs3Status.INVAL, "no regular file");
        }
    }

    @Override
    public void encodeFailure(Nfs3Call call, XdrWriter result) throws XdrException {
        Wire3.writePostOp(result, call, call.attributesIfAny(file));
    }
}
