package org.cairnfs.core.bucket;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.cairnfs.core.bytes.FieldReader;
import org.cairnfs.core.bytes.FieldWriter;
import org.cairnfs.core.bytes.MalformedException;
import org.cairnfs.core.crypto.ObjectSeal;
import org.cairnfs.core.crypto.Salt;
import org.cairnfs.core.data.chunk.ChunkId;
import org.cairnfs.core.data.pack.PackEntry;
import org.cairnfs.core.data.pack.PackInfo;
import org.cairnfs.core.data.pack.PackKind;
import org.cairnfs.core.data.pack.PackName;

/**
 * A root: one checkpoint of the metadata, as the list of its chunks. Together with the log since then it is the whole file
 * system.
 *
 * <pre>
 *      1  version, 1
 *      8  sequence
 *      8  incarnation of the server that wrote it
 *      8  time, milliseconds since 1970 UTC
 *     32  the link before this root in the chain
 *      4  number of packs; for each:
 *         16 name, 1 kind of object, 4 key generation, 32 salt
 *      4  number of chunks; for each, in the order of the checkpoint's bytes:
 *         4 number of its pack in the list above, from 0, 32 id, 4 offset of its frame, 4 length of its frame, 4 length
 *      2  number of counters; for each, by name: name (a string), 8 value
 *      2  number of properties; for each, by name: name and value (strings)
 *         what a later version adds, which this one passes over
 * </pre>
 *
 * @param sequence of the root, 1 or more, which is in its key too
 * @param incarnation of the server that wrote it, 1 or more
 * @param created cut to milliseconds
 * @param previous the link before this root in the chain
 * @param chunks of the checkpoint, in order
 * @param counters numbers by name, such as the journal sequence from which the log must be applied
 * @param properties strings by name
 */
public record RootObject(
        long sequence,
        long incarnation,
        Instant created,
        Link previous,
        List<ChunkRef> chunks,
        SortedMap<String, Long> counters,
        SortedMap<String, String> properties)
        implements ChainObject {
    /** Counter: the height in the chain; a root without it is of the time before there was a log, its height is its sequence. */
    public static final String HEIGHT = "chain-height";

    /** The longest that the object can be, in bytes: enough for a checkpoint of some 200 GB. */
    public static final int MAX_LENGTH = 64 << 20;

    /** Sequences that one incarnation has for its roots. */
    private static final long PER_INCARNATION = 1L << 32;

    private static final int VERSION = 1;
    private static final int PACK_LENGTH = PackName.LENGTH + 1 + Integer.BYTES + Salt.LENGTH;
    private static final int CHUNK_LENGTH = ChunkId.LENGTH + 4 * Integer.BYTES;

    /** Copies the lists and maps. */
    public RootObject {
        if (sequence < 1 || incarnation < 1) {
            throw new IllegalArgumentException("sequence and incarnation of a root start at 1");
        }
        created = created.truncatedTo(ChronoUnit.MILLIS);
        Objects.requireNonNull(previous);
        chunks = List.copyOf(chunks);
        counters = Properties.checkNames(counters);
        properties = Properties.checkStrings(properties);
    }

    /**
     * The sequence for a new root: above that of the last, and in the range of its incarnation, so that a server which lost the
     * bucket and does not know yet never takes one of its successor's.
     *
     * @param last of the newest root; 0 if there is none
     */
    public static long sequenceAfter(long last, long incarnation) {
        return Math.max(last, Math.multiplyExact(incarnation, PER_INCARNATION)) + 1;
    }

    /** The incarnation in whose range a sequence is; 0 for those of before there were ranges. */
    public static long incarnationOf(long sequence) {
        return sequence / PER_INCARNATION;
    }

    @Override
    public long height() {
        return counters.getOrDefault(HEIGHT, sequence);
    }

    @Override
    public String objectKey() {
        return BucketLayout.root(sequence);
    }

    @Override
    public byte[] encode() {
        Map<PackInfo, Integer> packs = new LinkedHashMap<>();
        chunks.forEach(chunk -> packs.putIfAbsent(chunk.pack(), packs.size()));
        FieldWriter out = new FieldWriter()
                .u8(VERSION)
                .i64(sequence)
                .i64(incarnation)
                .i64(created.toEpochMilli())
                .bytes(previous.toBytes())
                .u32(packs.size());
        for (PackInfo pack : packs.keySet()) {
            out.bytes(pack.name().toBytes())
                    .u8(pack.kind().objectKind().id())
                    .u32(pack.seal().generation())
                    .bytes(pack.seal().salt().toBytes());
        }
        out.u32(chunks.size());
        for (ChunkRef chunk : chunks) {
            out.u32(packs.get(chunk.pack()))
                    .bytes(chunk.entry().id().toBytes())
                    .u32(chunk.entry().offset())
                    .u32(chunk.entry().storedLength())
                    .u32(chunk.entry().plainLength());
        }
        Properties.writeCounters(out, counters);
        Properties.writeStrings(out, properties);
        return out.toBytes();
    }

    /** Reads what {@link #encode} writes, and roots of later versions that only added something at the end. */
    public static RootObject decode(byte[] plain) throws MalformedException {
        FieldReader in = new FieldReader("root", plain);
        int version = in.u8();
        if (version < VERSION) {
            throw in.malformed("version " + version + " is not known");
        }
        long sequence = in.i64(1);
        long incarnation = in.i64(1);
        Instant created = Instant.ofEpochMilli(in.i64());
        Link previous = Link.of(in.bytes(Link.LENGTH));
        List<PackInfo> packs = readPacks(in);
        int count = in.count(CHUNK_LENGTH);
        List<ChunkRef> chunks = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            PackInfo pack = packs.get(in.u32(0, packs.size() - 1));
            chunks.add(new ChunkRef(pack, readEntry(in)));
        }
        SortedMap<String, Long> counters = Properties.readCounters(in);
        SortedMap<String, String> properties = Properties.readStrings(in);
        if (version == VERSION) {
            in.expectEnd();
        }
        return new RootObject(sequence, incarnation, created, previous, chunks, counters, properties);
    }

    private static List<PackInfo> readPacks(FieldReader in) throws MalformedException {
        int count = in.count(PACK_LENGTH);
        List<PackInfo> packs = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            PackName name = PackName.of(in.bytes(PackName.LENGTH));
            PackKind kind = PackKind.of(in.u8()).orElseThrow(() -> in.malformed("pack of unknown kind"));
            int generation = in.u32(0, Integer.MAX_VALUE);
            packs.add(new PackInfo(name, kind, new ObjectSeal(generation, Salt.of(in.bytes(Salt.LENGTH)))));
        }
        return packs;
    }

    private static PackEntry readEntry(FieldReader in) throws MalformedException {
        ChunkId id = ChunkId.of(in.bytes(ChunkId.LENGTH));
        int offset = in.u32(0, Integer.MAX_VALUE);
        int stored = in.u32(0, Integer.MAX_VALUE);
        int plain = in.u32(0, Integer.MAX_VALUE);
        if (!PackEntry.isAllowed(offset, stored, plain)) {
            throw in.malformed("chunk " + id + " cannot lie where it should");
        }
        return new PackEntry(id, offset, stored, plain);
    }
}
