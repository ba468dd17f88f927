package org.cairnfs.core.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.cairnfs.core.bytes.MalformedException;
import org.cairnfs.core.crypto.RecoveryKey;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.objectstore.ForwardingObjectStore;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.testkit.Damage;
import org.cairnfs.core.testkit.MemoryObjectStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
    private static final Lease.Holder ALICE = new Lease.Holder(UUID.randomUUID(), "alice.example", 11);
    private static final Lease.Holder ALICE_AGAIN = new Lease.Holder(ALICE.stateDirectory(), "alice.example", 12);
    private static final Lease.Holder BOB = new Lease.Holder(UUID.randomUUID(), "bob.example", 22);

    private final MemoryObjectStore store = new MemoryObjectStore();
    private Bucket bucket;

    @BeforeEach
    void makeBucket() throws Exception {
        bucket = Buckets.create(store, BucketOptions.DEFAULT, List.of(RecoveryKey.generate(new SecureRandom())), CLOCK);
    }

    private Lease take(Lease.Holder holder, boolean takeOver) throws Exception {
        return Lease.take(bucket, holder, takeOver, CLOCK);
    }

    @Test
    void aFreeLeaseIsTaken() throws Exception {
        assertThat(Lease.read(bucket)).isEmpty();
        assertThat(take(ALICE, false).incarnation()).isEqualTo(1);
        assertThat(Lease.read(bucket)).hasValueSatisfying(lease -> {
            assertThat(lease.host()).isEqualTo("alice.example");
            assertThat(lease.since()).isEqualTo(CLOCK.instant());
        });
    }

    @Test
    void anotherIsRefusedAndToldWhoHoldsItSinceWhen() throws Exception {
        take(ALICE, false);
        assertThatThrownBy(() -> take(BOB, false))
                .isInstanceOfSatisfying(
                        BucketException.class, e -> assertThat(e.kind()).isEqualTo(BucketException.Kind.HELD))
                .hasMessageContaining("alice.example")
                .hasMessageContaining("process 11")
                .hasMessageContaining("2026-01-02T03:04:05Z");
    }

    /** Two that find it free at the same moment: the one whose lease lies there in the end has it. */
    @Test
    void whoIsOvertakenWhileTakingItIsRefused() throws Exception {
        AtomicReference<byte[]> bobs = new AtomicReference<>();
        ObjectStore racing = new ForwardingObjectStore(new MemoryObjectStore()) {
            @Override
            public void put(String key, ByteBuffer... body) throws ObjectStoreException {
                super.put(key, body);
                if (key.equals(BucketLayout.LEASE) && bobs.get() != null) {
                    super.put(key, ByteBuffer.wrap(bobs.get()));
                }
            }
        };
        bucket = Buckets.create(racing, BucketOptions.DEFAULT, List.of(), CLOCK);
        take(BOB, false);
        byte[] lease = racing.get(BucketLayout.LEASE, LeaseObject.MAX_LENGTH);
        racing.delete(BucketLayout.LEASE);
        bobs.set(lease);
        assertThatThrownBy(() -> take(ALICE, false))
                .isInstanceOf(BucketException.class)
                .hasMessageContaining("bob.example");
    }

    @Test
    void theSameStateDirectoryResumesAtOnce() throws Exception {
        Lease before = take(ALICE, false);
        Lease after = take(ALICE_AGAIN, false);
        assertThat(after.incarnation()).isGreaterThan(before.incarnation());
        assertThatThrownBy(before::refresh).isInstanceOf(BucketException.class);
        after.refresh();
    }

    @Test
    void whatWasGivenBackIsFree() throws Exception {
        Lease alice = take(ALICE, false);
        alice.release();
        Lease bob = take(BOB, false);
        assertThat(bob.incarnation()).isGreaterThan(alice.incarnation());
        assertThatThrownBy(alice::refresh).isInstanceOf(BucketException.class).hasMessageContaining("bob.example");
        assertThatThrownBy(alice::release).isInstanceOf(BucketException.class);
        bob.refresh();
    }

    @Test
    void aPersonCanTakeItOver() throws Exception {
        Lease alice = take(ALICE, false);
        Lease bob = take(BOB, true);
        assertThat(bob.incarnation()).isGreaterThan(alice.incarnation());
        assertThatThrownBy(alice::refresh).isInstanceOf(BucketException.class);
    }

    /** After its object was lost, say, or by a journal that remembers more starts. */
    @Test
    void theIncarnationCanBeRaisedByItsHolderOnly() throws Exception {
        Lease alice = take(ALICE, false);
        alice.raise(7);
        assertThat(alice.incarnation()).isEqualTo(7);
        alice.raise(5);
        assertThat(alice.incarnation()).isEqualTo(7);
        assertThat(Lease.read(bucket))
                .hasValueSatisfying(lease -> assertThat(lease.incarnation()).isEqualTo(7));
        alice.refresh();
        assertThat(take(BOB, true).incarnation()).isGreaterThan(7);
        assertThatThrownBy(() -> alice.raise(9)).isInstanceOf(BucketException.class);
    }

    /** Two servers with one incarnation would put objects with the same keys, and the wrong one might be refused. */
    @Test
    void anIncarnationThatALateWriteHidesIsNotTakenAgain() throws Exception {
        Lease alice = take(ALICE, false);
        byte[] late = store.get(BucketLayout.LEASE, LeaseObject.MAX_LENGTH);
        alice.raise(2);
        store.put(BucketLayout.LEASE, ByteBuffer.wrap(late)); // had timed out, and takes effect now
        assertThat(take(BOB, true).incarnation()).isGreaterThan(2);
    }

    /** It would find another server where there is none but itself. */
    @Test
    void aWriteOfOursThatTakesEffectLateIsPutRight() throws Exception {
        Lease before = take(ALICE, false);
        byte[] late = store.get(BucketLayout.LEASE, LeaseObject.MAX_LENGTH);
        Lease alice = take(ALICE_AGAIN, false);
        store.put(BucketLayout.LEASE, ByteBuffer.wrap(late));
        alice.check();
        assertThat(Lease.read(bucket))
                .hasValueSatisfying(lease -> assertThat(lease.incarnation()).isEqualTo(alice.incarnation()));
        assertThatThrownBy(before::check).isInstanceOf(BucketException.class);
    }

    @Test
    void checkingWritesNothingAndTellsWhoLostIt() throws Exception {
        Lease alice = take(ALICE, false);
        byte[] before = store.objects().get(BucketLayout.LEASE);
        alice.check();
        assertThat(store.objects().get(BucketLayout.LEASE)).isEqualTo(before);
        take(BOB, true);
        assertThatThrownBy(alice::check).isInstanceOf(BucketException.class).hasMessageContaining("bob.example");
    }

    @Test
    void refreshingSaysThatWeLive() throws Exception {
        Lease lease = Lease.take(bucket, ALICE, false, CLOCK);
        Bucket same = bucket;
        byte[] before = store.objects().get(BucketLayout.LEASE);
        lease.refresh();
        assertThat(store.objects().get(BucketLayout.LEASE)).isNotEqualTo(before);
        assertThat(Lease.read(same))
                .hasValueSatisfying(found -> assertThat(found.refreshed()).isEqualTo(CLOCK.instant()));
    }

    @Test
    void aDamagedLeaseIsToldAndCanBeTakenOver() throws Exception {
        take(ALICE, false);
        store.objects().get(BucketLayout.LEASE)[100] ^= 1;
        assertThatThrownBy(() -> take(ALICE, false)).isInstanceOf(CorruptObjectException.class);
        take(ALICE, true).refresh();
    }

    @Test
    void theHostDoesNotShow() throws Exception {
        take(ALICE, false);
        assertThat(new String(store.objects().get(BucketLayout.LEASE), StandardCharsets.ISO_8859_1))
                .doesNotContain("alice");
    }

    @Test
    void anyBytesParseOrAreMalformed() throws Exception {
        LeaseObject lease =
                new LeaseObject(UUID.randomUUID(), 5, "hö", 6, Instant.ofEpochMilli(7), Instant.EPOCH, true);
        byte[] encoded = lease.encode();
        assertThat(LeaseObject.decode(encoded)).isEqualTo(lease);
        Stream.concat(Damage.all(encoded), Damage.mutations(encoded, 2000, 1)).forEach(damaged -> {
            Throwable thrown =
                    catchThrowable(() -> LeaseObject.decode(damaged.bytes().array()));
            if (thrown != null) { // numbers may be anything; the seal is what notices
                assertThat(thrown).as(damaged.what()).isInstanceOf(MalformedException.class);
            }
        });
    }
}
