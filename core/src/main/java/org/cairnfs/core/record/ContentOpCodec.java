package org.cairnfs.core.record;

/** Bytes of content operations: a code that never changes, then the numbers as varints. */
final class ContentOpCodec {
    private static final int WRITE = 1;
    private static final int HOLE = 2;
    private static final int DROP = 3;
    private static final int FLUSHED = 4;
    private static final int EPOCH = 5;
    private static final int CLONE_RANGE = 6;

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
            out.putByte(DROP).putVarint(drop.content());
        } else if (op instanceof ContentOp.Flushed flushed) {
            out.putByte(FLUSHED)
                    .putVarint(flushed.content())
                    .putVarint(flushed.offset())
                    .putVarint(flushed.length())
                    .putVarint(flushed.coveredSequence());
        } else if (op instanceof ContentOp.Epoch epoch) {
            out.putByte(EPOCH).putVarint(epoch.epoch());
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
        if (code < WRITE || code > CLONE_RANGE) {
            throw new RecordFormatException("an unknown content operation " + code);
        }
        long first = in.readVarint();
        if (code == DROP) {
            return new ContentOp.Drop(first);
        } else if (code == EPOCH) {
            return new ContentOp.Epoch(first);
        }
        long second = in.readVarint();
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
