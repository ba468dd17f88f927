package org.cairnfs.core.data.flush;

import java.util.Arrays;

/** A piece of a content that is to be stored as one chunk: its bytes, which nobody changes any more, and where they belong. */
final class CutChunk {
    private final long offset;
    private final byte[] bytes;

    CutChunk(long offset, byte[] bytes) {
        this.offset = offset;
        this.bytes = bytes;
    }

    /** First byte in the content. */
    long offset() {
        return offset;
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public String toString() {
        return "CutChunk[offset=" + offset + ", length=" + bytes.length + ", hash=" + Arrays.hashCode(bytes) + "]";
    }
}
