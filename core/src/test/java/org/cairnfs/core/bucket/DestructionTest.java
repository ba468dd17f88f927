package org.cairnfs.core.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.cairnfs.core.crypto.Argon2Cost;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.objectstore.ForwardingObjectStore;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DestructionTest {
    private static final int PACKS = 5;

    @TempDir
    Path folder;

    private ObjectStore store;
    private Bucket bucket;
    private final AtomicInteger deletionsThatWork = new AtomicInteger(Integer.MAX_VALUE);

    @BeforeEach
    void make() throws Exception {
        store = new ForwardingObjectStore(LocalObjectStore.create(folder.resolve("bucket"))) {
            @Override
            public void delete(String key) throws ObjectStoreException {
                if (deletionsThatWork.getAndDecrement() <= 0) {
                    throw new ObjectStoreException(ObjectStoreException.Kind.DENIED, "not allowed");
                }
                super.delete(key);
            }
        };
        bucket = Buckets.create(
                store,
                new BucketOptions(
                        "test", ChunkSizes.ofAverage(1 << 16), Compression.parse("none"), new Argon2Cost(64, 1, 1)),
                List.of(),
                Clock.systemUTC());
        for (int i = 0; i < PACKS; i++) {
            store.put(BucketLayout.PACKS + "p" + i, ByteBuffer.allocate(1));
        }
    }

    private long run() throws Exception {
        return Destruction.run(bucket, false, Clock.systemUTC(), objects -> {});
    }

    private void take() throws Exception {
        Lease.take(bucket, new Lease.Holder(UUID.randomUUID(), "here", 1), false, Clock.systemUTC());
    }

    @Test
    void whatWasBrokenOffIsGoneOnWithAndServedByNobody() throws Exception {
        deletionsThatWork.set(2);
        assertThatThrownBy(this::run).isInstanceOf(ObjectStoreException.class);
        assertThatThrownBy(this::take).isInstanceOf(BucketException.class);
        deletionsThatWork.set(Integer.MAX_VALUE);
        assertThat(run()).isEqualTo(PACKS - 2 + 3);
        assertThat(store.list("", "", 1)).isEmpty();
        assertThat(Buckets.probe(store)).isEqualTo(Optional.empty());
    }

    @Test
    void whatWasNotBegunCanBeServed() throws Exception {
        deletionsThatWork.set(0);
        assertThatThrownBy(this::run).isInstanceOf(ObjectStoreException.class);
        take();
    }
}
