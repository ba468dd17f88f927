package org.cairnfs.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.Assumptions;
import org.cairnfs.core.objectstore.ObjectInfo;
import org.cairnfs.core.objectstore.ObjectMissingException;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStore.Capability;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.objectstore.ObjectTooLargeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link ObjectStore} promises, as tests: every implementation has a test class that extends this one. */
public abstract class ObjectStoreContract {
    private static final int WRITERS = 8;

    private ObjectStore store;

    /** Opens the store under test, empty before the first call in each test; later calls open the same one again. */
    protected abstract ObjectStore open() throws Exception;

    /** How many objects make a long list. */
    protected int many() {
        return 10_000;
    }

    /** The store under test. */
    protected final ObjectStore store() {
        return store;
    }

    @BeforeEach
    void openStore() throws Exception {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
        store.close(); // twice is allowed
    }

    @Test
    void whatWasPutIsThere() throws Exception {
        byte[] body = bytes(100_000, 1);
        store.put("a/b", ByteBuffer.wrap(body));
        assertThat(store.get("a/b", body.length)).isEqualTo(body);
        assertThat(store.head("a/b")).hasValueSatisfying(info -> {
            assertThat(info.key()).isEqualTo("a/b");
            assertThat(info.size()).isEqualTo(body.length);
        });
    }

    @Test
    void whatWasPutIsThereForAnotherClient() throws Exception {
        store.put("pack/0123", ByteBuffer.wrap(bytes(10, 1)));
        try (ObjectStore other = open()) {
            assertThat(other.get("pack/0123", 10)).isEqualTo(bytes(10, 1));
            assertThat(keys(other.list("", "", 10))).containsExactly("pack/0123");
        }
    }

    @Test
    void bodiesInPartsAreJoinedAndTheirPositionsLeft() throws Exception {
        ByteBuffer whole = ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6});
        ByteBuffer first = whole.duplicate().position(1).limit(3);
        ByteBuffer second =
                ByteBuffer.allocateDirect(2).put((byte) 8).put((byte) 9).flip().asReadOnlyBuffer();
        store.put("parts", first, ByteBuffer.allocate(0), second);
        assertThat(store.get("parts", 10)).containsExactly(2, 3, 8, 9);
        assertThat(first.position()).isEqualTo(1);
        assertThat(first.limit()).isEqualTo(3);
        assertThat(second.position()).isZero();
    }

    @Test
    void putReplaces() throws Exception {
        store.put("key", ByteBuffer.wrap(bytes(1000, 1)));
        store.put("key", ByteBuffer.wrap(bytes(10, 2)));
        assertThat(store.get("key", 1000)).isEqualTo(bytes(10, 2));
        assertThat(keys(store.list("", "", 10))).containsExactly("key");
    }

    @Test
    void anObjectMayBeEmpty() throws Exception {
        store.put("empty");
        assertThat(store.get("empty", 0)).isEmpty();
        assertThat(store.get("empty", 0, 10)).isEmpty();
        assertThat(store.head("empty"))
                .hasValueSatisfying(info -> assertThat(info.size()).isZero());
    }

    @Test
    void rangesGiveWhatIsThere() throws Exception {
        byte[] body = bytes(1000, 1);
        store.put("key", ByteBuffer.wrap(body));
        assertThat(store.get("key", 0, 1000)).isEqualTo(body);
        assertThat(store.get("key", 100, 50)).isEqualTo(Arrays.copyOfRange(body, 100, 150));
        assertThat(store.get("key", 990, 50)).isEqualTo(Arrays.copyOfRange(body, 990, 1000));
        assertThat(store.get("key", 999, 1)).isEqualTo(Arrays.copyOfRange(body, 999, 1000));
        assertThat(store.get("key", 1000, 1)).isEmpty();
        assertThat(store.get("key", Long.MAX_VALUE, Integer.MAX_VALUE)).isEmpty();
        assertThat(store.get("key", 5, 0)).isEmpty();
    }

    @Test
    void wholeObjectsAreBounded() throws Exception {
        store.put("key", ByteBuffer.wrap(bytes(1000, 1)));
        assertThat(store.get("key", 1000)).hasSize(1000);
        assertThatThrownBy(() -> store.get("key", 999)).isInstanceOf(ObjectTooLargeException.class);
    }

    @Test
    void aMissingObjectIsToldAsSuch() throws Exception {
        store.put("there/is", ByteBuffer.wrap(bytes(1, 1)));
        for (String key : List.of("missing", "there", "there/is/not", "pack/0123", "pack/0", "no/such/folder")) {
            assertThatThrownBy(() -> store.get(key, 0, 1)).isInstanceOf(ObjectMissingException.class);
            assertThatThrownBy(() -> store.get(key, 1)).isInstanceOf(ObjectMissingException.class);
            assertThat(store.head(key)).isEmpty();
            store.delete(key);
        }
        assertThat(store.get("there/is", 1)).hasSize(1);
    }

    @Test
    void whatWasDeletedIsGone() throws Exception {
        store.put("pack/0123", ByteBuffer.wrap(bytes(1, 1)));
        store.delete("pack/0123");
        store.delete("pack/0123");
        assertThat(store.head("pack/0123")).isEmpty();
        assertThat(store.list("", "", 10)).isEmpty();
        store.put("pack/0123", ByteBuffer.wrap(bytes(1, 2)));
        assertThat(store.get("pack/0123", 1)).isEqualTo(bytes(1, 2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", "A", "a b", "a\\b", "a\0", "ä",
                ".tmp", "_a", "a/_b", "-a", "a:b", "a%2f"
            })
    void keysThatAreNoneAreRefusedByAll(String key) {
        assertThatIllegalArgumentException().isThrownBy(() -> store.put(key, ByteBuffer.allocate(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> store.get(key, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> store.get(key, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> store.head(key));
        assertThatIllegalArgumentException().isThrownBy(() -> store.delete(key));
    }

    @Test
    void keysMayBeLong() throws Exception {
        String key = "pack/" + "0123456789".repeat(20) + "/" + "a".repeat(49);
        assertThat(key).hasSize(255);
        store.put(key, ByteBuffer.wrap(bytes(1, 1)));
        assertThat(store.get(key, 1)).hasSize(1);
        assertThat(keys(store.list("pack/01", "", 10))).containsExactly(key);
        assertThatIllegalArgumentException().isThrownBy(() -> store.put(key + "a", ByteBuffer.allocate(1)));
    }

    @Test
    void listsAreInTheOrderOfKeysWhateverThePages() throws Exception {
        TreeSet<String> expected = new TreeSet<>(List.of(
                "a",
                "a-b",
                "a.b",
                "a0",
                "aa/b",
                "b/c/d",
                "b/c0",
                "b/c-d",
                "b.c",
                "format",
                "log/0000000000000001/0000000000000001",
                "log/0000000000000001/0000000000000002",
                "log/0000000000000002/0000000000000001",
                "pack/0",
                "pack/00",
                "pack/000",
                "pack/00a/b",
                "pack/00a0",
                "pack/00-a",
                "pack/01",
                "pack/1",
                "pack/10",
                "pack/a.a",
                "pack/a0",
                "packs/00",
                "pack-a"));
        List<String> shuffled = new ArrayList<>(expected);
        Collections.shuffle(shuffled, new Random(1));
        for (String key : shuffled) {
            store.put(key, ByteBuffer.wrap(bytes(key.length(), 1)));
        }
        for (String prefix :
                List.of("", "a", "a-", "b/", "b/c", "log/", "pack", "pack/", "pack/0", "pack/00", "pack/00a", "zz")) {
            List<String> all =
                    expected.stream().filter(key -> key.startsWith(prefix)).toList();
            for (int limit : List.of(1, 2, 3, 7, all.size() + 1)) {
                assertThat(walk(prefix, limit))
                        .as("prefix %s, pages of %s", prefix, limit)
                        .isEqualTo(all);
            }
            for (String after : List.of(
                    "a", "a0", "b/c", "log/00000", "pack/", "pack/00", "pack/00a", "pack/00a/", "pack/09", "pack/0z")) {
                List<String> rest =
                        all.stream().filter(key -> key.compareTo(after) > 0).toList();
                assertThat(keys(store.list(prefix, after, 100)))
                        .as("prefix %s after %s", prefix, after)
                        .isEqualTo(rest);
            }
        }
        assertThat(store.list("", "", 100))
                .allSatisfy(info -> assertThat(info.size()).isEqualTo(info.key().length()));
    }

    @Test
    void listsAreRefusedThatCannotBe() {
        assertThatIllegalArgumentException().isThrownBy(() -> store.list("", "", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> store.list("", "", ObjectStore.MAX_LIST + 1));
        assertThatIllegalArgumentException().isThrownBy(() -> store.list("../", "", 1));
        assertThatIllegalArgumentException().isThrownBy(() -> store.list("", "/", 1));
        assertThatIllegalArgumentException().isThrownBy(() -> store.get("a", -1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> store.get("a", 0, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> store.get("a", -1));
    }

    @Test
    void everyObjectIsVisited() throws Exception {
        for (int i = 0; i < 30; i++) {
            store.put("visit/" + (100 + i));
        }
        store.put("visitor");
        List<String> visited = new ArrayList<>();
        store.forEach("visit/", info -> visited.add(info.key()));
        assertThat(visited).hasSize(30).isSorted();
    }

    @Test
    void objectsMayBeLarge() throws Exception {
        ByteBuffer part = ByteBuffer.wrap(bytes(13 << 20, 7));
        int size = 5 * part.remaining();
        store.put("large", part, part, part, part, part);
        assertThat(store.head("large"))
                .hasValueSatisfying(info -> assertThat(info.size()).isEqualTo(size));
        byte[] tail = store.get("large", size - 1000, 5000);
        assertThat(tail).isEqualTo(Arrays.copyOfRange(part.array(), part.capacity() - 1000, part.capacity()));
        byte[] whole = store.get("large", size);
        assertThat(whole).hasSize(size);
        for (int i = 0; i < 5; i++) {
            int from = i * part.capacity();
            assertThat(Arrays.equals(whole, from, from + part.capacity(), part.array(), 0, part.capacity()))
                    .as("part %s", i)
                    .isTrue();
        }
    }

    @Test
    void manyObjectsAreListedInPages() throws Exception {
        List<Callable<Boolean>> writers = new ArrayList<>();
        int many = many();
        int each = many / WRITERS;
        for (int writer = 0; writer < WRITERS; writer++) {
            int first = writer * each;
            writers.add(() -> {
                for (int i = first; i < first + each; i++) {
                    store.put(String.format("many/%08d", i));
                }
                return true;
            });
        }
        runAll(writers);
        store.put("other");
        assertThat(walk("many/", 999))
                .hasSize(many)
                .isSorted()
                .doesNotHaveDuplicates()
                .endsWith(String.format("many/%08d", many - 1));
        assertThat(store.list("many/", "", ObjectStore.MAX_LIST)).hasSize(many);
        assertThat(keys(store.list("", String.format("many/%08d", many - 2), 10)))
                .containsExactly(String.format("many/%08d", many - 1), "other");
    }

    @Test
    void putIfAbsentNeverReplaces() throws Exception {
        Assumptions.assumeThat(store.capabilities()).contains(Capability.PUT_IF_ABSENT);
        assertThat(store.putIfAbsent("log/1", ByteBuffer.wrap(bytes(10, 1)))).isTrue();
        assertThat(store.putIfAbsent("log/1", ByteBuffer.wrap(bytes(10, 2)))).isFalse();
        assertThat(store.get("log/1", 10)).isEqualTo(bytes(10, 1));
        store.delete("log/1");
        assertThat(store.putIfAbsent("log/1", ByteBuffer.wrap(bytes(10, 3)))).isTrue();
        assertThat(store.get("log/1", 10)).isEqualTo(bytes(10, 3));
    }

    @Test
    void ofManyWhoPutIfAbsentOneWins() throws Exception {
        Assumptions.assumeThat(store.capabilities()).contains(Capability.PUT_IF_ABSENT);
        CyclicBarrier start = new CyclicBarrier(4);
        for (int round = 0; round < 20; round++) {
            String key = "round/" + round;
            List<Callable<Boolean>> writers = new ArrayList<>();
            for (int writer = 0; writer < 4; writer++) {
                byte[] body = bytes(1000, writer);
                writers.add(() -> {
                    start.await();
                    return store.putIfAbsent(key, ByteBuffer.wrap(body));
                });
            }
            List<Boolean> won = runAll(writers);
            assertThat(won).containsOnlyOnce(true);
            assertThat(store.get(key, 1000)).isEqualTo(bytes(1000, won.indexOf(true)));
        }
    }

    @Test
    void withoutTheCapabilityPutIfAbsentIsRefused() {
        Assumptions.assumeThat(store.capabilities()).doesNotContain(Capability.PUT_IF_ABSENT);
        assertThatThrownBy(() -> store.putIfAbsent("a", ByteBuffer.allocate(1)))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void readersSeeOneBodyOrTheOther() throws Exception {
        int size = 200_000;
        store.put("key", ByteBuffer.wrap(bytes(size, 0)));
        List<Callable<Boolean>> tasks = new ArrayList<>();
        tasks.add(() -> {
            for (int i = 1; i <= 50; i++) {
                store.put("key", ByteBuffer.wrap(bytes(size, i)));
            }
            return true;
        });
        for (int reader = 0; reader < 2; reader++) {
            tasks.add(() -> {
                for (int i = 0; i < 100; i++) {
                    byte[] body = store.get("key", size);
                    assertThat(body).isEqualTo(bytes(size, body[0]));
                }
                return true;
            });
        }
        assertThat(runAll(tasks)).containsOnly(true);
    }

    private List<String> walk(String prefix, int limit) throws ObjectStoreException {
        List<String> keys = new ArrayList<>();
        List<ObjectInfo> page;
        do {
            page = store.list(prefix, keys.isEmpty() ? "" : keys.get(keys.size() - 1), limit);
            assertThat(page.size()).isLessThanOrEqualTo(limit);
            keys.addAll(keys(page));
        } while (page.size() == limit);
        return keys;
    }

    private static <T> List<T> runAll(List<Callable<T>> tasks) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> result : threads.invokeAll(tasks)) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<String> keys(List<ObjectInfo> page) {
        return page.stream().map(ObjectInfo::key).toList();
    }

    /** So many bytes that begin with a number and follow from it. */
    private static byte[] bytes(int length, int number) {
        byte[] bytes = new byte[length];
        new Random(number).nextBytes(bytes);
        if (length > 0) {
            bytes[0] = (byte) number;
        }
        return bytes;
    }
}
