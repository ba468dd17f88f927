package org.cairnfs.core.data.pack;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.bytes.FieldReader;
import org.cairnfs.core.bytes.FieldWriter;
import org.cairnfs.core.bytes.MalformedException;
import org.cairnfs.core.crypto.FrameCipher;
import org.cairnfs.core.data.chunk.ChunkId;

/**
 * The end of a pack: the index, sealed as the object's last frame, and the trailer that tells where it begins.
 *
 * <pre>
 * index (plaintext)                       trailer, 12 bytes, in clear
 *  0   1  version, 1                       0   4  offset of the index's frame in the object
 *  1   4  number n of chunks               4   8  magic "CAIRNIDX"
 *  5 44n  for each chunk, by offset:
 *         32 id, 4 offset of its frame, 4 length of its frame, 4 length of the chunk
 * </pre>
 */
final class PackIndex {
    static final int TRAILER_LENGTH = 12;

    /** The longest frame of an index that is read, in bytes: enough for 1.5 million chunks. */
    static final int MAX_FRAME_LENGTH = 64 << 20;

    static final int ENTRY_LENGTH = ChunkId.LENGTH + 3 * Integer.BYTES;

    private static final byte[] MAGIC = "CAIRNIDX".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int HEAD_LENGTH = 1 + Integer.BYTES;

    private PackIndex() {}

    /** The length of the index's frame and the trailer, for so many chunks. */
    static int sealedLength(int chunks) {
        return HEAD_LENGTH + chunks * ENTRY_LENGTH + FrameCipher.OVERHEAD + TRAILER_LENGTH;
    }

    static byte[] encode(List<PackEntry> entries) {
        FieldWriter out = new FieldWriter().u8(VERSION).u32(entries.size());
        for (PackEntry entry : entries) {
            out.bytes(entry.id().toBytes())
                    .u32(entry.offset())
                    .u32(entry.storedLength())
                    .u32(entry.plainLength());
        }
        return out.toBytes();
    }

    /** @param indexOffset where the index's frame begins, which is where the last chunk must end */
    static List<PackEntry> decode(byte[] index, int indexOffset) throws MalformedException {
        FieldReader in = new FieldReader("pack index", index);
        int version = in.u8();
        if (version != VERSION) {
            throw in.malformed("version " + version + " is not known");
        }
        int count = in.count(ENTRY_LENGTH);
        List<PackEntry> entries = new ArrayList<>(count);
        int end = FrameCipher.HEADER_LENGTH;
        for (int i = 0; i < count; i++) {
            ChunkId id = ChunkId.of(in.bytes(ChunkId.LENGTH));
            int offset = in.u32(0, indexOffset);
            int stored = in.u32(0, indexOffset);
            int plain = in.u32(0, Integer.MAX_VALUE);
            if (offset != end || !PackEntry.isAllowed(offset, stored, plain)) {
                throw in.malformed("chunk " + i + " cannot lie where it should");
            }
            entries.add(new PackEntry(id, offset, stored, plain));
            end = offset + stored;
        }
        in.expectEnd();
        if (end != indexOffset) {
            throw in.malformed("the last chunk does not end where the index begins");
        }
        return entries;
    }

    static byte[] trailer(int indexOffset) {
        return ByteBuffer.allocate(TRAILER_LENGTH)
                .putInt(indexOffset)
                .put(MAGIC)
                .array();
    }

    /**
     * Where the index's frame begins.
     *
     * @param trailer the last {@link #TRAILER_LENGTH} bytes of a pack, untrusted
     * @param objectLength of the whole pack
     */
    static int indexOffset(byte[] trailer, long objectLength) throws MalformedException {
        FieldReader in = new FieldReader("pack trailer", trailer);
        long frameLimit = objectLength - TRAILER_LENGTH - FrameCipher.OVERHEAD - HEAD_LENGTH;
        if (frameLimit < FrameCipher.HEADER_LENGTH || objectLength > Integer.MAX_VALUE) {
            throw in.malformed("no pack can be " + objectLength + " bytes long");
        }
        int offset = in.u32(FrameCipher.HEADER_LENGTH, (int) frameLimit);
        in.expect(MAGIC);
        return offset;
    }
}
