package org.cairnfs.core.data.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cairnfs.core.bytes.MalformedException;
import org.cairnfs.core.crypto.AesGcmSealer;
import org.cairnfs.core.crypto.KeyRing;
import org.cairnfs.core.crypto.PlainSealer;
import org.cairnfs.core.crypto.Sealer;
import org.cairnfs.core.data.chunk.ChunkId;
import org.cairnfs.core.data.chunk.ChunkIdHasher;
import org.cairnfs.core.data.codec.ChunkCodec;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.objectstore.ObjectMissingException;
import org.cairnfs.core.testkit.Damage;
import org.cairnfs.core.testkit.MemoryObjectStore;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Packs of both kinds of file systems: what is put in comes out, or is said not to. */
class PackTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final UUID ID = UUID.randomUUID();

    @Nested
    class Plain extends Contract {
        Plain() {
            super(new PlainSealer(ID, RANDOM), ChunkIdHasher.plain());
        }
    }

    @Nested
    class Encrypted extends Contract {
        Encrypted() {
            super(new AesGcmSealer(KeyRing.generate(ID, RANDOM), RANDOM), ChunkIdHasher.keyed(new byte[32]));
        }

        @Test
        void nothingShows() throws Exception {
            byte[] text = "a secret sentence".getBytes(StandardCharsets.US_ASCII);
            ChunkId id = add(writer, text);
            put(writer.finish());
            String object = new String(store.objects().values().iterator().next(), StandardCharsets.ISO_8859_1);
            assertThat(object)
                    .doesNotContain("secret")
                    .doesNotContain(new String(id.toBytes(), StandardCharsets.ISO_8859_1));
        }
    }

    /** What both do. */
    abstract static class Contract {
        final MemoryObjectStore store = new MemoryObjectStore();
        final Sealer sealer;
        final ChunkIdHasher hasher;
        final PackWriter writer;
        final PackReader reader;
        private final ChunkCodec codec = new ChunkCodec(Compression.DEFAULT);
        private final Map<ChunkId, byte[]> added = new HashMap<>();

        Contract(Sealer sealer, ChunkIdHasher hasher) {
            this.sealer = sealer;
            this.hasher = hasher;
            this.writer = new PackWriter(sealer, PackKind.DATA, 100_000, RANDOM);
            this.reader = new PackReader(sealer, hasher);
        }

        final ChunkId add(PackWriter target, byte[] plain) {
            ChunkId id = hasher.hash(plain, 0, plain.length);
            PackEntry entry = target.add(id, codec.encode(plain, 0, plain.length), plain.length);
            assertThat(entry.id()).isEqualTo(id);
            added.put(id, plain);
            return id;
        }

        final SealedPack put(SealedPack pack) {
            store.put(pack.info().objectKey(), pack.body());
            return pack;
        }

        private static byte[] random(int length, long seed) {
            byte[] bytes = new byte[length];
            new Random(seed).nextBytes(bytes);
            return bytes;
        }

        private SealedPack smallPack() {
            for (int i = 1; i <= 3; i++) {
                add(writer, random(50 * i, i));
            }
            return put(writer.finish());
        }

        @Test
        void chunksComeOutAsTheyWentIn() throws Exception {
            List<SealedPack> packs = new ArrayList<>();
            Random random = new Random(1);
            for (int i = 0; i < 100; i++) {
                add(writer, i % 2 == 0 ? random(1 + random.nextInt(20_000), i) : new byte[1 + i]);
                if (writer.isFull()) {
                    packs.add(put(writer.finish()));
                }
            }
            packs.add(put(writer.finish()));
            assertThat(packs).hasSizeGreaterThan(3);
            int read = 0;
            for (SealedPack pack : packs) {
                for (PackEntry entry : pack.entries()) {
                    assertThat(reader.read(store, pack.info(), entry)).isEqualTo(added.get(entry.id()));
                    read++;
                }
            }
            assertThat(read).isEqualTo(100);
        }

        @Test
        void aPackTellsAllItHoldsByItself() throws Exception {
            SealedPack pack = smallPack();
            PackReader.Listing listing = reader.list(store, pack.info().name(), PackKind.DATA);
            assertThat(listing.info()).isEqualTo(pack.info());
            assertThat(listing.entries()).isEqualTo(pack.entries());
        }

        @Test
        void lengthIsKnownWhileWritingAndBounded() {
            int last = 0;
            while (!writer.isFull()) {
                add(writer, random(5000, last++));
            }
            int length = writer.length();
            SealedPack pack = writer.finish();
            assertThat(pack.body().remaining()).isEqualTo(length).isBetween(100_000, 106_000);
            assertThat(writer.isEmpty()).isTrue();
        }

        @Test
        void aChunkLongerThanTheTargetIsAPackOfItsOwn() throws Exception {
            add(writer, random(300_000, 1));
            assertThat(writer.isFull()).isTrue();
            SealedPack pack = put(writer.finish());
            assertThat(reader.read(store, pack.info(), pack.entries().get(0))).isEqualTo(random(300_000, 1));
        }

        @Test
        void anEmptyPackIsNone() {
            assertThatIllegalStateException().isThrownBy(writer::finish);
        }

        @Test
        void noTwoPacksAreEqual() {
            SealedPack one = smallPack();
            smallPack();
            assertThat(store.objects()).hasSize(2);
            byte[] first = store.objects().get(store.objects().firstKey());
            byte[] second = store.objects().get(store.objects().lastKey());
            assertThat(first).hasSameSizeAs(second).isNotEqualTo(second);
            assertThat(one.info().objectKey()).matches("pack/[0-9a-f]{32}");
        }

        @Test
        void anyFlippedBitIsNoticedByWhoeverReadsThere() {
            SealedPack pack = smallPack();
            String key = pack.info().objectKey();
            byte[] original = store.objects().get(key);
            Damage.bitFlips(original).forEach(damaged -> {
                store.objects().put(key, damaged.bytes().array());
                assertThat(readAll(pack)).as(damaged.what()).isPositive();
            });
            store.objects().put(key, original);
            assertThat(readAll(pack)).isZero();
        }

        /** How many of the chunks and the index cannot be read. */
        private int readAll(SealedPack pack) {
            int broken = 0;
            for (PackEntry entry : pack.entries()) {
                broken += isCorrupt(() -> reader.read(store, pack.info(), entry));
            }
            return broken + isCorrupt(() -> reader.list(store, pack.info().name(), PackKind.DATA));
        }

        private int isCorrupt(ThrowingCallable read) {
            Throwable thrown = catchThrowable(read);
            if (thrown != null) {
                assertThat(thrown).isInstanceOf(CorruptObjectException.class).hasMessageContaining("pack/");
            }
            return thrown == null ? 0 : 1;
        }

        @Test
        void aFlippedBitHarmsOneChunkOnly() {
            SealedPack pack = smallPack();
            byte[] object = store.objects().get(pack.info().objectKey());
            PackEntry hurt = pack.entries().get(1);
            object[hurt.offset() + 10] ^= 1;
            for (PackEntry entry : pack.entries()) {
                assertThat(isCorrupt(() -> reader.read(store, pack.info(), entry)))
                        .isEqualTo(entry.equals(hurt) ? 1 : 0);
            }
        }

        @Test
        void truncatedAndAppendedPacksAreNoticed() {
            SealedPack pack = smallPack();
            String key = pack.info().objectKey();
            byte[] original = store.objects().get(key);
            Stream.concat(Damage.truncations(original), Damage.appendices(original))
                    .forEach(damaged -> {
                        store.objects().put(key, damaged.bytes().array());
                        assertThat(isCorrupt(
                                        () -> reader.list(store, pack.info().name(), PackKind.DATA)))
                                .as(damaged.what())
                                .isEqualTo(1);
                    });
            PackEntry last = pack.entries().get(2);
            store.objects().put(key, Arrays.copyOf(original, last.offset() + last.storedLength() - 1));
            assertThatThrownBy(() -> reader.read(store, pack.info(), last)).hasMessageContaining("truncated");
        }

        @Test
        void framesAndPacksCannotBeSwapped() {
            SealedPack one = smallPack();
            byte[] first = store.objects().get(one.info().objectKey()).clone();
            SealedPack two = smallPack();
            byte[] second = store.objects().get(two.info().objectKey()).clone();

            store.objects().put(one.info().objectKey(), second);
            assertThat(readAll(one)).as("a whole other pack").isEqualTo(4);

            PackEntry entry = one.entries().get(1);
            byte[] mixed = first.clone();
            System.arraycopy(second, entry.offset(), mixed, entry.offset(), entry.storedLength());
            store.objects().put(one.info().objectKey(), mixed);
            assertThat(readAll(one)).as("a frame of another pack").isEqualTo(1);

            store.objects().put(one.info().objectKey(), first);
            PackEntry elsewhere =
                    new PackEntry(entry.id(), entry.offset() + 1, entry.storedLength(), entry.plainLength());
            assertThat(isCorrupt(() -> reader.read(store, one.info(), elsewhere)))
                    .isEqualTo(1);
        }

        @Test
        void theIdIsCheckedAfterEverything() {
            byte[] plain = random(100, 1);
            byte[] other = random(100, 2);
            ChunkId wrong = hasher.hash(other, 0, 100);
            PackEntry entry = writer.add(wrong, codec.encode(plain, 0, 100), 100);
            SealedPack pack = put(writer.finish());
            assertThatThrownBy(() -> reader.read(store, pack.info(), entry))
                    .isInstanceOf(CorruptObjectException.class)
                    .hasMessageContaining(pack.info().objectKey())
                    .hasMessageContaining("at offset " + entry.offset())
                    .hasMessageContaining("where " + wrong + " should be");
        }

        @Test
        void aWrongLengthIsNoticed() {
            byte[] plain = random(100, 1);
            PackEntry entry = writer.add(hasher.hash(plain, 0, 100), codec.encode(plain, 0, 100), 101);
            SealedPack pack = put(writer.finish());
            assertThatThrownBy(() -> reader.read(store, pack.info(), entry))
                    .isInstanceOf(CorruptObjectException.class)
                    .hasMessageContaining("100 bytes, not 101");
        }

        @Test
        void aPackOfTheOtherKindIsNoticed() {
            SealedPack pack = smallPack();
            assertThatThrownBy(() -> reader.list(store, pack.info().name(), PackKind.META))
                    .isInstanceOf(CorruptObjectException.class);
        }

        @Test
        void aMissingPackIsToldAsSuch() {
            assertThatThrownBy(() -> reader.list(store, PackName.random(RANDOM), PackKind.DATA))
                    .isInstanceOf(ObjectMissingException.class);
        }
    }

    @Test
    void namesReadBack() {
        PackName name = PackName.random(RANDOM);
        assertThat(PackName.of(name.toBytes())).isEqualTo(name);
        assertThat(PackName.ofKey(name.objectKey())).contains(name);
        assertThat(PackName.ofKey("pack/" + "0".repeat(31))).isEmpty();
        assertThat(PackName.ofKey("pack/" + "F".repeat(32))).isEmpty();
        assertThat(new PackName(-1, 1)).hasToString("ffffffffffffffff0000000000000001");
    }

    @Test
    void anyIndexParsesOrIsMalformed() {
        List<PackEntry> entries = List.of(
                new PackEntry(ChunkId.of(new byte[32]), 80, 100, 1000),
                new PackEntry(ChunkId.of(new byte[32]), 180, 30, 5));
        byte[] index = PackIndex.encode(entries);
        assertThat(catchThrowable(() -> assertThat(PackIndex.decode(index, 210)).isEqualTo(entries)))
                .isNull();
        Stream.concat(Damage.all(index), Damage.mutations(index, 2000, 3)).forEach(damaged -> {
            Throwable thrown =
                    catchThrowable(() -> PackIndex.decode(damaged.bytes().array(), 210));
            if (thrown != null) { // ids may be anything
                assertThat(thrown).as(damaged.what()).isInstanceOf(MalformedException.class);
            }
        });
        byte[] bomb =
                ByteBuffer.allocate(5).put((byte) 1).putInt(Integer.MAX_VALUE).array();
        assertThatThrownBy(() -> PackIndex.decode(bomb, 210)).hasMessageContaining("cannot be in the 0 bytes");
    }
}
