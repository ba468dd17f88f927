package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.op;
import static org.cairnfs.core.volume.VolumeFixture.read;
import static org.cairnfs.core.volume.VolumeFixture.stop;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.Buckets;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.gc.GcListener;
import org.cairnfs.core.gc.GcRequest;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.restore.Moment;
import org.cairnfs.core.restore.Past;
import org.cairnfs.core.view.BucketReader;
import org.cairnfs.core.view.BucketView;
import org.junit.jupiter.api.Test;

/** A file system goes back to a moment of its past. {@link GarbageModelTest} does so at random. */
class MomentRestoreTest extends PastOfAVolume {
    @Test
    void whatWasRemovedIsThereAgainAndWhatCameSinceCanBeHadBack() throws Exception {
        CairnVolume volume = open();
        put(volume.fileSystem(), "kept", "one");
        put(volume.fileSystem(), "lost", "two");
        FileHandle handle = lookup(volume.fileSystem(), "lost");
        final Instant before = barrier(volume);
        remove(volume.fileSystem(), "lost");
        put(volume.fileSystem(), "new", "three");
        final Instant after = barrier(volume);
        stop(volume);

        Moment moment = goBack("back", before);
        assertThat(moment.at()).isBeforeOrEqualTo(before);
        CairnVolume back = open();
        assertThat(names(back.fileSystem())).containsExactly("kept", "lost");
        assertThat(new String(read(back.fileSystem(), handle), StandardCharsets.UTF_8))
                .isEqualTo("two");
        put(back.fileSystem(), "newer", "four");
        assertThat(back.fileSystem()
                        .getattr(op(), lookup(back.fileSystem(), "newer"))
                        .fileId())
                .as("a number that no file of the other past has")
                .isGreaterThan(moment.sequence());
        barrier(back);
        back.collectGarbage(GcRequest.WHOLE, GcListener.NONE);
        stop(back);
        fixture.loseState("rebuilt");
        CairnVolume rebuilt = open();
        assertThat(names(rebuilt.fileSystem())).containsExactly("kept", "lost", "newer");
        stop(rebuilt);

        goBack("forth", after);
        CairnVolume forth = open();
        assertThat(names(forth.fileSystem())).containsExactly("kept", "new");
        assertThat(new String(read(forth.fileSystem(), lookup(forth.fileSystem(), "new")), StandardCharsets.UTF_8))
                .isEqualTo("three");
        stop(forth);
    }

    /** What it fetched before is of a past that the chain does not go on from. */
    @Test
    void whoReadsBesideFollows() throws Exception {
        CairnVolume volume = open();
        put(volume.fileSystem(), "kept", "one");
        final Instant before = barrier(volume);
        put(volume.fileSystem(), "new", "two");
        barrier(volume);
        stop(volume);
        try (Bucket bucket = fixture.bucket();
                BucketReader reader = BucketReader.open(
                        bucket,
                        folder.resolve("reader"),
                        VolumeOptions.defaults().caches())) {
            assertSeen(reader, "kept", "new");
            goBack("back", before);
            assertSeen(reader, "kept");
            CairnVolume back = open();
            put(back.fileSystem(), "newer", "three");
            barrier(back);
            assertSeen(reader, "kept", "newer");
            stop(back);
        }
    }

    private static void assertSeen(BucketReader reader, String... names) throws Exception {
        try (BucketView view = reader.newest(bytes -> {})) {
            assertThat(names(view.fileSystem())).containsExactly(names);
        }
    }

    /** Two of them, with nothing between: what the second finds in the bucket is a root. */
    @Test
    void onceMore() throws Exception {
        CairnVolume volume = open();
        put(volume.fileSystem(), "a", "a");
        final Instant first = barrier(volume);
        put(volume.fileSystem(), "b", "b");
        final Instant second = barrier(volume);
        put(volume.fileSystem(), "c", "c");
        barrier(volume);
        stop(volume);
        goBack("first", first);
        goBack("second", second);
        CairnVolume back = open();
        assertThat(names(back.fileSystem())).containsExactly("a", "b");
        stop(back);
    }

    @Test
    void theOldStateDirectoryIsSetAsideNotLost() throws Exception {
        CairnVolume volume = open();
        put(volume.fileSystem(), "a", "a");
        final Instant first = barrier(volume);
        put(volume.fileSystem(), "b", "b");
        stop(volume);
        Path old = fixture.state();
        goBack("back", first);
        fixture.useState(old);
        CairnVolume follows = open();
        assertThat(names(follows.fileSystem())).containsExactly("a");
        assertThat(old.resolve("diverged")).exists();
        stop(follows);
    }

    @Test
    void itIsForNewStateDirectoriesAndIdleBuckets() throws Exception {
        CairnVolume volume = open();
        put(volume.fileSystem(), "a", "a");
        Instant first = barrier(volume);
        Path state = fixture.state();
        assertThatThrownBy(() -> goBack("back", first))
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(VolumeException.Kind.HELD));
        stop(volume);
        assertThatThrownBy(() -> goBack(state.getFileName().toString(), first))
                .isInstanceOfSatisfying(
                        VolumeException.class,
                        e -> assertThat(e.kind()).isEqualTo(VolumeException.Kind.STATE_MISMATCH));
        assertThatThrownBy(() -> goBack("early", first.minus(Duration.ofDays(1))))
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(VolumeException.Kind.NOT_KEPT));
        assertThat(Past.of(new VolumeFixture(Files.createDirectory(folder.resolve("empty")), false).bucket(), b -> {}))
                .isEmpty();
        fixture.useState(state);
        CairnVolume unharmed = open();
        assertThat(names(unharmed.fileSystem())).containsExactly("a");
        stop(unharmed);
    }

    /** Whatever it is broken off at, the bucket is as it was, or has gone back; and it can be done again. */
    @Test
    void brokenOffAnywhereItIsDoneAgain() throws Exception {
        CairnVolume volume = open();
        put(volume.fileSystem(), "a", "a".repeat(100_000));
        final Instant first = barrier(volume);
        put(volume.fileSystem(), "b", "b");
        barrier(volume);
        stop(volume);
        int failures = 0;
        for (int step = 1; ; step++) {
            DyingStore store = new DyingStore(LocalObjectStore.open(fixture.bucketPath()));
            store.dieAt(step);
            fixture.loseState("back");
            try {
                MomentRestore.run(
                        Buckets.open(store, fixture.secret()),
                        fixture.state(),
                        past -> past.at(first, looked -> {}).orElseThrow(),
                        options(),
                        bytes -> {});
                break;
            } catch (VolumeException e) {
                assertThat(store.isDead()).as("%s", e).isTrue();
                failures++;
            }
            Path copy = folder.resolve("copy-" + step);
            VolumeFixture.copyTree(fixture.bucketPath(), copy);
            CairnVolume opened = fixture.openAt(
                    copy,
                    Files.createDirectory(folder.resolve("opened-" + step)),
                    options().withTakeOver());
            assertThat(names(opened.fileSystem())).isIn(List.of("a", "b"), List.of("a"));
            opened.abandon();
        }
        assertThat(failures).isGreaterThanOrEqualTo(3);
        CairnVolume back = open();
        assertThat(names(back.fileSystem())).containsExactly("a");
        stop(back);
    }

    @Test
    void thePastIsListed() throws Exception {
        CairnVolume volume = open();
        put(volume.fileSystem(), "a", "a");
        final Instant first = barrier(volume);
        volume.checkpoint();
        put(volume.fileSystem(), "b", "b");
        final Instant second = barrier(volume);
        volume.collector().tick();
        Past early = past();
        assertThat(early.windowBegins().at()).isBeforeOrEqualTo(first);
        put(volume.fileSystem(), "c", "c");
        Instant third = barrier(volume);
        stop(volume);
        Past past = past();
        assertThat(past.points()).hasSize(1);
        assertThat(past.points().get(0).at()).isAfter(first).isBeforeOrEqualTo(second);
        assertThat(past.newest().at()).isAfter(second);
        assertThat(past.at(first, looked -> {}).map(Moment::at))
                .isEqualTo(Optional.of(past.windowBegins().at()));
        assertThat(past.at(first.minusSeconds(60), looked -> {})).isEmpty();
        assertThat(past.at(second, looked -> {})).contains(past.points().get(0));
        assertThat(past.at(third, looked -> {}).orElseThrow().at())
                .isAfter(second)
                .isBeforeOrEqualTo(third);
        assertThat(past.at(clock.instant(), looked -> {})).contains(past.newest());
    }

    /** Before the window there are restore points only; what lies between is not there any more. */
    @Test
    void beforeTheWindowThereAreRestorePoints() throws Exception {
        CairnVolume volume = open();
        put(volume.fileSystem(), "a", "a");
        volume.checkpoint();
        put(volume.fileSystem(), "b", "b");
        final Instant point = barrier(volume);
        volume.collector().tick();
        put(volume.fileSystem(), "c", "c");
        final Instant between = barrier(volume);
        for (int day = 0; day < 3; day++) {
            clock.advance(Duration.ofDays(1));
            volume.checkpoint();
            remove(volume.fileSystem(), "abc".substring(day, day + 1));
            barrier(volume);
            volume.collectGarbage(GcRequest.WHOLE, GcListener.NONE);
        }
        stop(volume);
        assertThat(past().points().size()).isGreaterThanOrEqualTo(3);
        Moment moment = goBack("back", between);
        assertThat(moment.at()).isBeforeOrEqualTo(point);
        CairnVolume back = open();
        assertThat(names(back.fileSystem())).containsExactly("a", "b");
        assertThat(read(back.fileSystem(), lookup(back.fileSystem(), "b"))).containsExactly('b');
        stop(back);
    }
}
