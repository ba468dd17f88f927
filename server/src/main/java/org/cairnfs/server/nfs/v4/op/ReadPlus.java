package org.cairnfs.server.nfs.v4.op;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.SparseRead;
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
 * READ_PLUS (RFC 7862 section 15.10): like READ, but holes are told by their length and not sent as zeros. Data goes out as it
 * lies in the file system's caches, without a copy.
 *
 * @param offset unsigned
 * @param count bytes at most, holes included; unsigned
 */
record ReadPlus(Stateid stateid, long offset, int count) implements Operation {
    private static final int NFS4_CONTENT_DATA = 0;
    private static final int NFS4_CONTENT_HOLE = 1;

    /** The end mark and the number of segments. */
    private static final int FRAME_BYTES = 2 * Integer.BYTES;

    /** What a segment takes at most beside its data: its kind, offset and length, and padding. */
    private static final int SEGMENT_BYTES = Integer.BYTES + 2 * Long.BYTES + 3;

    /**
     * A shorter hole is sent as zeros, which take no more than its head and that of the data behind it: there are clients (Linux)
     * that have room for the bytes they ask for, and for the head of one segment.
     */
    private static final int SHORTEST_HOLE_BYTES = 64;

    private static final ByteBuffer ZEROS =
            ByteBuffer.allocate(SHORTEST_HOLE_BYTES).asReadOnlyBuffer();

    static ReadPlus decode(XdrReader in) throws XdrException {
        return new ReadPlus(Wire.readStateid(in), in.readHyper(), in.readInt());
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        FileHandle file = compound.current();
        OpContext op = compound.reading();
        boolean open = IoAccess.byOpen(compound, file, compound.resolve(stateid), IoKind.READ);
        if (offset < 0) {
            FileTypes.requireRegular(compound);
            encode(result, new SparseRead(List.of(), true));
            return NfsStatus.OK;
        }
        try {
            int length = length(compound, result);
            encode(
                    result,
                    open
                            ? compound.fileSystem().readSparseOpen(op, file, offset, length)
                            : compound.fileSystem().readSparse(op, file, offset, length));
        } catch (FsException e) {
            FileTypes.checkRegularAfter(e, compound);
            throw e;
        }
        return NfsStatus.OK;
    }

    private int length(Compound compound, XdrWriter result) throws XdrException {
        return Read.length(compound, count, result.remaining() - FRAME_BYTES - SEGMENT_BYTES);
    }

    /** Writes as many segments as fit; the first one always does. What is left out is what the client asks for next. */
    private static void encode(XdrWriter result, SparseRead read) throws XdrException {
        int head = result.position();
        result.writeBoolean(read.end()).writeInt(0);
        List<SparseRead.Segment> segments =
                joined(joined(read.segments()).stream().map(ReadPlus::filled).toList());
        int written = 0;
        for (SparseRead.Segment segment : segments) {
            int bytes = SEGMENT_BYTES + (segment.isHole() ? 0 : segment.length());
            if (bytes > result.remaining()) {
                result.setInt(head, 0);
                break;
            }
            encode(result, segment);
            written++;
        }
        result.setInt(head + Integer.BYTES, written);
    }

    private static void encode(XdrWriter result, SparseRead.Segment segment) throws XdrException {
        if (segment.isHole()) {
            result.writeInt(NFS4_CONTENT_HOLE).writeHyper(segment.offset()).writeHyper(segment.length());
        } else {
            result.writeInt(NFS4_CONTENT_DATA).writeHyper(segment.offset()).writeOpaqueReference(segment.pieces());
        }
    }

    /** The same with neighbours of one kind made one. */
    private static List<SparseRead.Segment> joined(List<SparseRead.Segment> segments) {
        List<SparseRead.Segment> joined = new ArrayList<>();
        int first = 0;
        for (int i = 1; i <= segments.size(); i++) {
            if (i == segments.size()
                    || segments.get(i).isHole() != segments.get(first).isHole()) {
                joined.add(join(segments.subList(first, i)));
                first = i;
            }
        }
        return joined;
    }

    /** A hole that is not worth telling as data. */
    private static SparseRead.Segment filled(SparseRead.Segment segment) {
        return segment.isHole() && segment.length() < SHORTEST_HOLE_BYTES
                ? new SparseRead.Segment(segment.offset(), segment.length(), List.of(ZEROS.slice(0, segment.length())))
                : segment;
    }

    private static SparseRead.Segment join(List<SparseRead.Segment> segments) {
        int length = 0;
        List<ByteBuffer> pieces = new ArrayList<>();
        for (SparseRead.Segment segment : segments) {
            length += segment.length();
            pieces.addAll(segment.pieces());
        }
        return new SparseRead.Segment(segments.get(0).offset(), length, pieces);
    }
}
