package org.cairnfs.core.record;

/** Bytes of content operations: a code that never changes, then the numbers as varints. */
final class ContentOpCodec {
    private static final int WRITE = 1;
    private static final int HOLE = 2;
    private static final int DROP_ALL = 3;
    private static final int FLUSHED = 4;
    private static final int AS_OF = 5;
    private static final int CLONE_RANGE = 6;
    private static final int DROP = 7;

    private ContentOpCodec() {}

    static void write(RecordWriter out, ContentOp op) {
        if (op instanceof ContentOp.Write write) {
            out.putByte(WRITE)
                    .putVarint(write.inode())
                    .putVarint(write.content())
                    .putVarint(write.offset())
                    .putVarint(write.length());
        } else if (op instanceof ContentOp.Hole hole) {
            out.putByte(HOLE)
                    .putVarint(hole.inode())
                    .putVarint(hole.content())
                    .putVarint(hole.offset())
                    .putVarint(hole.length());
        } else if (op instanceof ContentOp.Drop drop) {
            if (drop.epoch() == 0) {
                out.putByte(DROP_ALL).putVarint(drop.content());
            } else {
                out.putByte(DROP).putVarint(drop.content()).putVarint(drop.epoch());
            }
        } else if (op instanceof ContentOp.Flushed flushed) {
            out.putByte(FLUSHED)
                    .putVarint(flushed.content())
                    .putVarint(flushed.offset())
                    .putVarint(flushed.length())
                    .putVarint(flushed.coveredSequence());
        } else if (op instanceof ContentOp.AsOf asOf) {
            out.putByte(AS_OF).putVarint(asOf.epoch());
        } else if (op instanceof ContentOp.CloneRange clone) {
            out.putByte(CLONE_RANGE)
                    .putVarint(clone.source())
                    .putVarint(clone.sourceOffset())
                    .putVarint(clone.inode())
                    .putVarint(clone.target())
                    .putVarint(clone.targetOffset())
                    .putVarint(clone.length());
        } else {
            throw new IllegalArgumentException("no code for " + op);
        }
    }

    static ContentOp read(RecordReader in) throws RecordFormatException {
        int code = in.readByte();
        if (code < WRITE || code > DROP) {
            throw new RecordFormatException("an unknown content operation " + code);
        }
        long first = in.readVarint();
        if (code == DROP_ALL) {
            return new ContentOp.Drop(first, 0);
        } else if (code == AS_OF) {
            return new ContentOp.AsOf(first);
        }
        long second = in.readVarint();
        if (code == DROP) {
            return new ContentOp.Drop(first, second);
        }
        long third = in.readVarint();
        if (code == WRITE) {
            return new ContentOp.Write(first, second, third, in.readInt());
        }
        long fourth = in.readVarint();
        if (code == HOLE) {
            return new ContentOp.Hole(first, second, third, fourth);
        } else if (code == FLUSHED) {
            return new ContentOp.Flushed(first, second, third, fourth);
        }
        return new ContentOp.CloneRange(first, second, third, fourth, in.readVarint(), in.readVarint());
    }
}
