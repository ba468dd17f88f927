package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.cairnfs.core.volume.ShippingTest.random;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.op;
import static org.cairnfs.core.volume.VolumeFixture.read;
import static org.cairnfs.core.volume.VolumeFixture.stop;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cairnfs.core.bucket.BucketLayout;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.objectstore.ForwardingObjectStore;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server from which another one took the bucket promises nothing any more, and harms nobody. */
class FencingTest {
    private static final VolumeOptions.Barriers AWAITED = new VolumeOptions.Barriers(Duration.ofDays(1), true);

    @TempDir
    Path folder;

    private VolumeFixture fixture;

    @BeforeEach
    void make() throws Exception {
        fixture = new VolumeFixture(folder, true);
    }

    private CairnVolume open() throws Exception {
        return fixture.open(VolumeOptions.defaults().withBarriers(VolumeFixture.NO_BARRIERS));
    }

    private CairnVolume openElsewhere(String state) throws Exception {
        fixture.loseMachine(state);
        return open();
    }

    private static void assertHeld(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(VolumeException.Kind.HELD));
    }

    @Test
    void noCommitIsAnsweredByAServerThatLostTheBucket() throws Exception {
        CairnVolume old = fixture.open(VolumeOptions.defaults().withBarriers(AWAITED));
        FileHandle file = createFile(old.fileSystem(), "file");
        write(old.fileSystem(), file, 0, random(1, 1_000));
        old.fileSystem().commit(op(), file);
        CairnVolume second = openElsewhere("second");

        write(old.fileSystem(), file, 0, random(2, 1_000));
        FsException refused =
                catchThrowableOfType(FsException.class, () -> old.fileSystem().commit(op(), file));
        assertThat(refused.errno()).isEqualTo(Errno.EAGAIN);
        assertThat(old.failure().get(20, TimeUnit.SECONDS).kind()).isEqualTo(VolumeException.Kind.HELD);
        old.abandon();
        assertThat(read(second.fileSystem(), lookup(second.fileSystem(), "file")))
                .as("what was committed before")
                .isEqualTo(random(1, 1_000));
        stop(second);
    }

    /** What is not confirmed stays in the journal, so that it is parked with it. */
    @Test
    void nothingCountsAsShippedOnceTheBucketIsTaken() throws Exception {
        CairnVolume old = open();
        createFile(old.fileSystem(), "first");
        old.barrier();
        long shipped = old.shipping().sequence();
        CairnVolume second = openElsewhere("second");
        createFile(old.fileSystem(), "lost");
        assertHeld(old::barrier);
        assertHeld(() -> old.flush(left -> {}));
        assertThat(old.shipping().sequence()).isEqualTo(shipped);
        old.abandon();
        stop(second);
    }

    /** A server that lost its lease and does not know may still put a checkpoint: its successor goes on all the same. */
    @Test
    void aLateCheckpointOfTheServerBeforeHarmsNobody() throws Exception {
        CairnVolume old = open();
        createFile(old.fileSystem(), "first");
        old.barrier();
        CairnVolume second = openElsewhere("second");
        createFile(old.fileSystem(), "lost");
        assertHeld(old::checkpoint);
        assertHeld(old::barrier);

        createFile(second.fileSystem(), "second");
        second.checkpoint();
        assertHeld(old::checkpoint);
        old.abandon();
        assertThat(fixture.objects("root")).as("none took the place of another").hasSize(3);
        createFile(second.fileSystem(), "third");
        second.barrier();
        second.abandon();
        CairnVolume third = openElsewhere("third");
        lookup(third.fileSystem(), "third");
        assertThatThrownBy(() -> lookup(third.fileSystem(), "lost")).isInstanceOf(FsException.class);
        stop(third);
    }

    /** Somebody removed the lease: a number that the holder may have used is not given again. */
    @Test
    void withoutALeaseTheIncarnationIsAboveAllThatMayHaveBeen() throws Exception {
        CairnVolume first = open();
        createFile(first.fileSystem(), "first");
        first.barrier();
        first.abandon();
        CairnVolume restarted = open();
        createFile(restarted.fileSystem(), "not shipped");
        Files.delete(fixture.bucketPath().resolve(BucketLayout.LEASE));
        fixture.loseState("second");
        CairnVolume second = open();
        assertThat(second.incarnation()).isGreaterThan(restarted.incarnation());
        assertThat(second.bucket().format()).isNotNull();
        assertHeld(restarted::barrier);
        restarted.abandon();
        createFile(second.fileSystem(), "second");
        second.barrier();
        second.abandon();
        CairnVolume third = openElsewhere("third");
        assertThat(third.incarnation()).isGreaterThan(second.incarnation());
        lookup(third.fileSystem(), "second");
        stop(third);
    }

    /** A barrier was put, but not confirmed, as the store went away: it is, later, and the chain goes on behind it. */
    @Test
    void anUnconfirmedBarrierIsConfirmedLater() throws Exception {
        AtomicBoolean leaseAway = new AtomicBoolean();
        CairnVolume volume = fixture.openOn(
                withoutLease(leaseAway), VolumeOptions.defaults().withBarriers(VolumeFixture.NO_BARRIERS));
        FileSystem fs = volume.fileSystem();
        createFile(fs, "first");
        leaseAway.set(true);
        assertThatThrownBy(volume::barrier).hasMessageContaining("the lease is away");
        assertThat(volume.shipping().behind()).isPositive();
        List<Path> objects = fixture.objects("log");
        leaseAway.set(false);
        volume.barrier();
        assertThat(fixture.objects("log")).as("put once").isEqualTo(objects).hasSize(1);
        assertThat(volume.shipping().behind()).isZero();

        leaseAway.set(true);
        createFile(fs, "second");
        assertThatThrownBy(volume::barrier).hasMessageContaining("the lease is away");
        createFile(fs, "third");
        assertThatThrownBy(volume::barrier).hasMessageContaining("the lease is away");
        leaseAway.set(false);
        createFile(fs, "fourth");
        volume.barrier();
        volume.abandon();
        CairnVolume again = openElsewhere("elsewhere");
        for (String name : List.of("first", "second", "third", "fourth")) {
            lookup(again.fileSystem(), name);
        }
        stop(again);
    }

    /** After a failure, the pause to the next try ends with the first barrier that works, whoever asked for it. */
    @Test
    void aCommitDoesNotWaitForAPauseThatIsOver() throws Exception {
        AtomicBoolean leaseAway = new AtomicBoolean(true);
        ObjectStore store = withoutLease(leaseAway);
        leaseAway.set(false);
        CairnVolume volume = fixture.openOn(store, VolumeOptions.defaults().withBarriers(AWAITED));
        FileSystem fs = volume.fileSystem();
        FileHandle file = createFile(fs, "file");
        leaseAway.set(true);
        write(fs, file, 0, random(1, 1_000));
        assertThatThrownBy(() -> fs.commit(op(), file)).hasMessageContaining("the lease is away");
        leaseAway.set(false);
        volume.barrier();
        write(fs, file, 0, random(2, 1_000));
        fs.commit(op(), file);
        assertThat(volume.shipping().behind()).isZero();
        stop(volume);
    }

    private ObjectStore withoutLease(AtomicBoolean leaseAway) throws Exception {
        return new ForwardingObjectStore(LocalObjectStore.open(fixture.bucketPath())) {
            @Override
            public byte[] get(String key, int maxLength) throws ObjectStoreException {
                if (leaseAway.get() && key.equals(BucketLayout.LEASE)) {
                    throw new ObjectStoreException(ObjectStoreException.Kind.TRANSIENT, "the lease is away");
                }
                return super.get(key, maxLength);
            }
        };
    }
}
