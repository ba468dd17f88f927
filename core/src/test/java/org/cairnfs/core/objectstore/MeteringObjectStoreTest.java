package org.cairnfs.core.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.cairnfs.core.objectstore.StoreMetrics.Verb;
import org.cairnfs.core.testkit.FaultyObjectStore;
import org.cairnfs.core.testkit.FaultyObjectStore.Faults;
import org.cairnfs.core.testkit.MemoryObjectStore;
import org.junit.jupiter.api.Test;

class MeteringObjectStoreTest {
    private final FaultyObjectStore faulty = new FaultyObjectStore(new MemoryObjectStore(), 1, Faults.NONE);
    private final MeteringObjectStore store = new MeteringObjectStore(faulty);

    @Test
    void countsRequestsAndBytesByVerb() throws Exception {
        store.put("a", ByteBuffer.allocate(10), ByteBuffer.allocate(5));
        store.putIfAbsent("b", ByteBuffer.allocate(7));
        store.putIfAbsent("b", ByteBuffer.allocate(7));
        store.get("a", 5, 100);
        store.get("b", 7);
        store.head("a");
        store.list("", "", 10);
        store.delete("a");
        assertThatThrownBy(() -> store.get("a", 10)).isInstanceOf(ObjectMissingException.class);

        StoreMetrics metrics = store.metrics();
        assertThat(metrics.of(Verb.PUT).requests()).isEqualTo(3);
        assertThat(metrics.of(Verb.PUT).bytes()).isEqualTo(22);
        assertThat(metrics.of(Verb.GET).requests()).isEqualTo(3);
        assertThat(metrics.of(Verb.GET).bytes()).isEqualTo(17);
        assertThat(metrics.of(Verb.GET).failures()).isZero();
        assertThat(metrics.of(Verb.HEAD).requests()).isEqualTo(1);
        assertThat(metrics.of(Verb.LIST).requests()).isEqualTo(1);
        assertThat(metrics.of(Verb.DELETE).requests()).isEqualTo(1);
    }

    @Test
    void countsFailuresWithoutBytes() {
        faulty.away(true);
        assertThatThrownBy(() -> store.put("a", ByteBuffer.allocate(10))).isInstanceOf(ObjectStoreException.class);
        assertThat(store.metrics().of(Verb.PUT).failures()).isEqualTo(1);
        assertThat(store.metrics().of(Verb.PUT).bytes()).isZero();
    }
}
