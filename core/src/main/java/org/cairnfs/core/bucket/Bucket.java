package org.cairnfs.core.bucket;

import java.security.SecureRandom;
import java.util.Optional;
import org.cairnfs.core.crypto.KeyRing;
import org.cairnfs.core.crypto.Sealer;
import org.cairnfs.core.data.chunk.ChunkIdHasher;
import org.cairnfs.core.data.chunk.Chunker;
import org.cairnfs.core.data.codec.ChunkCodec;
import org.cairnfs.core.data.pack.PackKind;
import org.cairnfs.core.data.pack.PackReader;
import org.cairnfs.core.data.pack.PackWriter;
import org.cairnfs.core.objectstore.ObjectStore;

/**
 * A bucket with a Cairn file system in it, opened: its store, what the file system is, and everything that its keys make.
 * {@link Buckets} makes and opens them.
 *
 * <p>Thread-safe. {@link #close} overwrites the keys and leaves the store open, which is the caller's.
 */
public final class Bucket implements AutoCloseable {
    private final ObjectStore store;
    private final FormatObject format;
    private final KeyRing keys;
    private final long keysRevision;
    private final Sealer sealer;
    private final SecureRandom random;
    private final ChunkIdHasher hasher;
    private final Chunker chunker;
    private final LinkChain links;
    private final byte[] handleKey;

    /**
     * @param keys null without encryption
     * @param keysRevision 0 without encryption
     * @param secrets used up: they are overwritten
     */
    Bucket(
            ObjectStore store,
            FormatObject format,
            KeyRing keys,
            long keysRevision,
            Sealer sealer,
            FormatSecrets secrets,
            SecureRandom random) {
        this.store = store;
        this.format = format;
        this.keys = keys;
        this.keysRevision = keysRevision;
        this.sealer = sealer;
        this.random = random;
        try (secrets) {
            this.hasher = keys == null ? ChunkIdHasher.plain() : ChunkIdHasher.keyed(secrets.chunkIdKey());
            this.chunker = new Chunker(format.chunkSizes(), secrets.gearKey());
            this.links = new LinkChain(secrets.linkKey());
            this.handleKey = HandleKey.of(format, secrets.linkKey());
        }
    }

    /** Where it is. */
    public ObjectStore store() {
        return store;
    }

    /** What the file system is. */
    public FormatObject format() {
        return format;
    }

    /** Its keys; nothing without encryption. */
    public Optional<KeyRing> keys() {
        return Optional.ofNullable(keys);
    }

    /**
     * The revision of the object {@code keys}, 1 or more; 0 without encryption. Whoever remembers a higher one has before it a
     * bucket where old keys were put back.
     */
    public long keysRevision() {
        return keysRevision;
    }

    /** Seals and opens its objects. */
    public Sealer sealer() {
        return sealer;
    }

    /** Names its chunks. */
    public ChunkIdHasher hasher() {
        return hasher;
    }

    /** Cuts its contents. */
    public Chunker chunker() {
        return chunker;
    }

    /** Encodes its chunks, with the compression chosen when it was made; a volume may choose another one for file data. */
    public ChunkCodec codec() {
        return new ChunkCodec(format.compression());
    }

    /** A key for what identifies its files to clients, which no client may be able to make up; 32 bytes, a copy. */
    public byte[] handleKey() {
        return handleKey.clone();
    }

    /** Computes the links of its chain. */
    public LinkChain links() {
        return links;
    }

    /** Its roots. */
    public Roots roots() {
        return new Roots(store, sealer, links);
    }

    /** Its log objects. */
    public Logs logs() {
        return new Logs(store, sealer, links);
    }

    /** Its chain, from this end on. */
    public Chain chain(ChainEnd end) {
        return new Chain(roots(), logs(), end);
    }

    /** Opens chunks of its packs. */
    public PackReader packReader() {
        return new PackReader(sealer, hasher);
    }

    /** A writer of packs of the usual length. */
    public PackWriter packWriter(PackKind kind) {
        return new PackWriter(sealer, kind, PackWriter.DEFAULT_TARGET, random);
    }

    /** Overwrites the keys. */
    @Override
    public void close() {
        if (keys != null) {
            keys.close();
        }
    }

    @Override
    public String toString() {
        return "Bucket[" + format.fileSystem() + " in " + store.describe() + "]";
    }
}
