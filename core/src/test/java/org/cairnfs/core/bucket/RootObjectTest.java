package org.cairnfs.core.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.cairnfs.core.bytes.MalformedException;
import org.cairnfs.core.crypto.ObjectSeal;
import org.cairnfs.core.crypto.RecoveryKey;
import org.cairnfs.core.crypto.Salt;
import org.cairnfs.core.data.chunk.ChunkId;
import org.cairnfs.core.data.pack.PackEntry;
import org.cairnfs.core.data.pack.PackInfo;
import org.cairnfs.core.data.pack.PackKind;
import org.cairnfs.core.data.pack.PackName;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.testkit.Damage;
import org.cairnfs.core.testkit.MemoryObjectStore;
import org.junit.jupiter.api.Test;

/** Roots as bytes, and roots in a bucket. */
class RootObjectTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    private static List<ChunkRef> chunks(int count) {
        Random random = new Random(count);
        List<ChunkRef> chunks = new ArrayList<>();
        PackInfo pack = null;
        for (int i = 0; i < count; i++) {
            if (i % 3 == 0) {
                pack = new PackInfo(PackName.random(RANDOM), PackKind.META, new ObjectSeal(1 + i, Salt.random(RANDOM)));
            }
            byte[] id = new byte[ChunkId.LENGTH];
            random.nextBytes(id);
            chunks.add(new ChunkRef(pack, new PackEntry(ChunkId.of(id), 80 + i, 1000 + i, 1 + i)));
        }
        return chunks;
    }

    private static RootObject root(long sequence, Link previous, int chunks) {
        SortedMap<String, Long> counters = new TreeMap<>(Map.of("log.from", 17L, "negative", -1L));
        SortedMap<String, String> properties = new TreeMap<>(Map.of("server", "cairn 0.1 ü"));
        return new RootObject(
                sequence, 3, Instant.ofEpochMilli(1234567), previous, chunks(chunks), counters, properties);
    }

    private static Bucket bucket(MemoryObjectStore store) throws Exception {
        return Buckets.create(store, BucketOptions.DEFAULT, List.of(RecoveryKey.generate(RANDOM)), Clock.systemUTC());
    }

    @Test
    void whatWasEncodedDecodes() throws Exception {
        for (int chunks : new int[] {0, 1, 10, 1000}) {
            RootObject root = root(5, Link.START, chunks);
            assertThat(RootObject.decode(root.encode())).isEqualTo(root);
        }
    }

    @Test
    void anyBytesParseOrAreMalformed() {
        byte[] encoded = root(5, Link.START, 5).encode();
        Stream.concat(Damage.all(encoded), Damage.mutations(encoded, 5000, 1)).forEach(damaged -> {
            Throwable thrown =
                    catchThrowable(() -> RootObject.decode(damaged.bytes().array()));
            if (thrown != null) { // ids and salts may be anything; the seal is what notices
                assertThat(thrown).as(damaged.what()).isInstanceOf(MalformedException.class);
            }
        });
        Damage.truncations(encoded)
                .forEach(damaged -> assertThatThrownBy(
                                () -> RootObject.decode(damaged.bytes().array()))
                        .isInstanceOf(MalformedException.class));
    }

    @Test
    void countsAreCheckedBeforeAnythingIsAllocated() {
        byte[] encoded = root(5, Link.START, 0).encode();
        int packs = 1 + 8 + 8 + 8 + 32;
        for (int offset : new int[] {packs, packs + 4}) {
            byte[] bomb = encoded.clone();
            ByteBuffer.wrap(bomb).putInt(offset, Integer.MAX_VALUE);
            assertThatThrownBy(() -> RootObject.decode(bomb)).hasMessageContaining("cannot be in");
        }
    }

    @Test
    void whatALaterVersionAddsIsPassedOver() throws Exception {
        RootObject root = root(5, Link.START, 3);
        byte[] later = Arrays.copyOf(root.encode(), root.encode().length + 20);
        assertThatThrownBy(() -> RootObject.decode(later)).isInstanceOf(MalformedException.class);
        later[0] = 2;
        assertThat(RootObject.decode(later)).isEqualTo(root);
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> root(0, Link.START, 0));
        SortedMap<String, String> tooLong = new TreeMap<>(Map.of("name", "x".repeat(1025)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RootObject(1, 1, Instant.now(), Link.START, List.of(), new TreeMap<>(), tooLong));
    }

    @Test
    void rootsAreWrittenOnceAndTheNewestIsFound() throws Exception {
        for (MemoryObjectStore store : List.of(new MemoryObjectStore(), new MemoryObjectStore(Set.of()))) {
            Roots roots = bucket(store).roots();
            assertThat(roots.newest()).isEmpty();
            Link link = Link.START;
            for (long sequence = 1; sequence <= 17; sequence++) {
                link = roots.write(root(sequence, link, 3));
            }
            RootObject newest = roots.newest().orElseThrow();
            assertThat(newest.sequence()).isEqualTo(17);
            assertThat(roots.link(newest)).isEqualTo(link);
            assertThat(roots.sequences()).hasSize(17).isSorted();
            RootObject again = root(17, link, 4);
            assertThatThrownBy(() -> roots.write(again))
                    .isInstanceOfSatisfying(
                            BucketException.class, e -> assertThat(e.kind()).isEqualTo(BucketException.Kind.HELD));
            assertThat(roots.newest()).contains(newest);
        }
    }

    @Test
    void theChainRunsThroughEveryRoot() throws Exception {
        Roots roots = bucket(new MemoryObjectStore()).roots();
        Link first = roots.write(root(1, Link.START, 1));
        Link second = roots.write(root(2, first, 1));
        assertThat(roots.read(2).previous()).isEqualTo(first);
        assertThat(roots.link(roots.read(2))).isEqualTo(second).isNotEqualTo(first);
        assertThat(Link.parse(second + "\n")).isEqualTo(second);
        assertThat(roots.link(root(2, second, 1))).isNotEqualTo(second);
    }

    @Test
    void aRootPutInTheOthersPlaceIsNoticed() throws Exception {
        MemoryObjectStore store = new MemoryObjectStore();
        Roots roots = bucket(store).roots();
        roots.write(root(1, Link.START, 1));
        store.objects().put(BucketLayout.root(2), store.objects().get(BucketLayout.root(1)));
        assertThatThrownBy(roots::newest)
                .isInstanceOf(CorruptObjectException.class)
                .hasMessageContaining(BucketLayout.root(2));
    }

    @Test
    void keysHoldTheirNumbers() {
        assertThat(BucketLayout.root(255)).isEqualTo("root/00000000000000ff");
        assertThat(BucketLayout.rootSequence("root/00000000000000ff")).hasValue(255);
        assertThat(BucketLayout.log(1, 2)).isEqualTo("log/0000000000000001/0000000000000002");
        assertThat(BucketLayout.logIncarnation(BucketLayout.log(1, 2))).hasValue(1);
        assertThat(BucketLayout.logNumber(BucketLayout.log(1, 2))).hasValue(2);
        assertThat(BucketLayout.log(1, 2)).startsWith(BucketLayout.logs(1));
        for (String wrong : List.of(
                "root/",
                "root/ff",
                "root/0000000000000000",
                "root/ffffffffffffffff",
                "root/00000000000000FF",
                "pack/0")) {
            assertThat(BucketLayout.rootSequence(wrong)).isEmpty();
        }
        assertThatIllegalArgumentException().isThrownBy(() -> BucketLayout.root(0));
    }
}
