package org.cairnfs.core.data.pack;

import java.util.List;
import java.util.Optional;
import org.cairnfs.core.bytes.MalformedException;
import org.cairnfs.core.crypto.FrameCipher;
import org.cairnfs.core.crypto.Sealer;
import org.cairnfs.core.data.chunk.ChunkId;
import org.cairnfs.core.data.chunk.ChunkIdHasher;
import org.cairnfs.core.data.codec.ChunkCodec;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.objectstore.ObjectInfo;
import org.cairnfs.core.objectstore.ObjectMissingException;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;

/**
 * Opens chunks of packs, and reads the index of a pack of which nothing else is known.
 *
 * <p>A chunk that comes out of here is the one that was put in: its frame authenticates, its encoding is valid, its length
 * is as it should be, and its contents hash to its id. Anything else is a {@link CorruptObjectException}. Thread-safe.
 */
public final class PackReader {
    private final Sealer sealer;
    private final ChunkIdHasher hasher;

    public PackReader(Sealer sealer, ChunkIdHasher hasher) {
        this.sealer = sealer;
        this.hasher = hasher;
    }

    /** A pack known by its own header and index alone. */
    public record Listing(PackInfo info, List<PackEntry> entries) {
        /** Copies the list. */
        public Listing {
            entries = List.copyOf(entries);
        }
    }

    /**
     * Opens one chunk.
     *
     * @param stored holds the chunk's frame, untrusted, {@link PackEntry#storedLength} bytes from {@code offset}
     * @return the contents
     */
    public byte[] open(PackInfo pack, PackEntry entry, byte[] stored, int offset) throws CorruptObjectException {
        return verify(pack, entry, stored, offset).plain();
    }

    /** Opens one chunk like {@link #open}, for another pack: gives it as it was encoded, once it is known to be whole. */
    public byte[] openEncoded(PackInfo pack, PackEntry entry, byte[] stored, int offset) throws CorruptObjectException {
        return verify(pack, entry, stored, offset).encoded();
    }

    @SuppressWarnings("ArrayRecordComponent") // Both are passed on at once, never compared.
    private record Verified(byte[] encoded, byte[] plain) {}

    private Verified verify(PackInfo pack, PackEntry entry, byte[] stored, int offset) throws CorruptObjectException {
        String key = pack.objectKey();
        if (stored.length - offset < entry.storedLength()) {
            throw new CorruptObjectException(key, entry.offset(), "ends within chunk " + entry.id() + " (truncated)");
        }
        FrameCipher cipher = sealer.resume(pack.kind().objectKind(), key, pack.seal());
        byte[] encoded = cipher.open(entry.offset(), false, stored, offset, entry.storedLength());
        byte[] plain;
        try {
            plain = ChunkCodec.decode(encoded, entry.plainLength());
        } catch (MalformedException e) {
            throw new CorruptObjectException(key, entry.offset(), "chunk " + entry.id() + ": " + e.getMessage(), e);
        }
        if (plain.length != entry.plainLength()) {
            throw new CorruptObjectException(
                    key,
                    entry.offset(),
                    "chunk " + entry.id() + " has " + plain.length + " bytes, not " + entry.plainLength());
        }
        ChunkId found = hasher.hash(plain, 0, plain.length);
        if (!found.equals(entry.id())) {
            throw new CorruptObjectException(
                    key, entry.offset(), "holds chunk " + found + " where " + entry.id() + " should be");
        }
        return new Verified(encoded, plain);
    }

    /** Fetches and opens one chunk, by one range GET. */
    public byte[] read(ObjectStore store, PackInfo pack, PackEntry entry)
            throws ObjectStoreException, CorruptObjectException {
        return open(pack, entry, store.get(pack.objectKey(), entry.offset(), entry.storedLength()), 0);
    }

    /** Reads the header and the index of a pack, with nothing but its name. */
    public Listing list(ObjectStore store, PackName name, PackKind kind)
            throws ObjectStoreException, CorruptObjectException {
        String key = name.objectKey();
        Optional<ObjectInfo> object = store.head(key);
        if (object.isEmpty()) {
            throw new ObjectMissingException(key, store.describe());
        }
        long length = object.get().size();
        FrameCipher cipher = sealer.resume(kind.objectKind(), key, store.get(key, 0, FrameCipher.HEADER_LENGTH));
        long trailerOffset = Math.max(0, length - PackIndex.TRAILER_LENGTH);
        try {
            byte[] trailer = store.get(key, trailerOffset, PackIndex.TRAILER_LENGTH);
            int indexOffset = PackIndex.indexOffset(trailer, length);
            int frameLength = (int) trailerOffset - indexOffset;
            if (frameLength > PackIndex.MAX_FRAME_LENGTH) {
                throw new CorruptObjectException(key, indexOffset, "no index can be " + frameLength + " bytes long");
            }
            byte[] frame = store.get(key, indexOffset, frameLength);
            if (frame.length != frameLength) {
                throw new CorruptObjectException(key, indexOffset, "ends within its index (truncated)");
            }
            byte[] index = cipher.open(indexOffset, true, frame, 0, frameLength);
            return new Listing(new PackInfo(name, kind, cipher.seal()), PackIndex.decode(index, indexOffset));
        } catch (MalformedException e) {
            throw new CorruptObjectException(key, trailerOffset, e.getMessage(), e);
        }
    }
}
