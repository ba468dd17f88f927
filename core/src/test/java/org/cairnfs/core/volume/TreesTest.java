package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cairnfs.core.testkit.Shell.errno;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.op;
import static org.cairnfs.core.volume.VolumeFixture.read;
import static org.cairnfs.core.volume.VolumeFixture.stop;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.testkit.Shell;
import org.cairnfs.core.treelock.UnlockPolicy;
import org.junit.jupiter.api.Test;

/** Trees that are locked in a volume: over crashes, flushes, the loss of the machine, and ways back to before. */
class TreesTest extends PastOfAVolume {
    private static final byte[] TEXT = "text".getBytes(StandardCharsets.UTF_8);

    private static Shell plant(CairnVolume volume) throws Exception {
        Shell shell = new Shell(volume.fileSystem());
        shell.mkdir("/tree", 0755);
        for (int i = 0; i < 600; i++) {
            shell.touch("/tree/" + i, 0644);
        }
        shell.write("/tree/7", 0, "text");
        return shell;
    }

    private static Trees.Lock lock(CairnVolume volume, long untilMillis) throws Exception {
        return volume.trees().lock(List.of("/tree"), untilMillis).get(0);
    }

    private static void assertLocked(CairnVolume volume) throws Exception {
        Shell shell = new Shell(volume.fileSystem());
        assertThat(errno(() -> shell.touch("/tree/new", 0644))).contains(Errno.EPERM);
        assertThat(errno(() -> shell.write("/tree/599", 0, "x"))).contains(Errno.EPERM);
        assertThat(errno(() -> shell.unlink("/tree/7"))).contains(Errno.EPERM);
        assertThat(errno(() -> shell.rename("/tree", "/moved"))).contains(Errno.EPERM);
    }

    @Test
    void aCrashRightAfterTheAnswerLeavesItLockedAndItIsFinished() throws Exception {
        CairnVolume volume = open();
        plant(volume);
        Trees.Lock lock = lock(volume, 0);
        assertThat(lock.path()).isEqualTo("/tree");
        volume.abandon();
        CairnVolume again = open();
        assertLocked(again);
        assertThat(again.finishBackgroundWork()).isTrue();
        assertLocked(again);
        assertThat(again.trees().locks()).extracting(Trees.Lock::state).containsExactly(Trees.State.LOCKED);
        again.trees().unlock(List.of("/tree"), UnlockPolicy.ALLOWED);
        again.abandon();
        CairnVolume released = open();
        new Shell(released.fileSystem()).touch("/tree/new", 0644);
        assertThat(released.finishBackgroundWork()).isTrue();
        assertThat(released.trees().locks()).isEmpty();
        stop(released);
    }

    /** What was written before the lock is dirty still. */
    @Test
    void whatWasWrittenBeforeItIsStoredAndWhatIsOpenIsNotWritten() throws Exception {
        CairnVolume volume = open();
        Shell shell = plant(volume);
        FileHandle file = shell.at("/tree/7");
        volume.fileSystem().pin(file);
        lock(volume, 0);
        assertThat(errno(() -> volume.fileSystem().writeOpen(op(), file, 0, ByteBuffer.wrap(TEXT))))
                .contains(Errno.EPERM);
        volume.fileSystem().unpin(file);
        volume.flush(left -> {});
        assertThat(volume.dirtyBytes()).isZero();
        stop(volume);
        fixture.loseState("rebuilt");
        CairnVolume rebuilt = open();
        assertLocked(rebuilt);
        assertThat(read(rebuilt.fileSystem(), new Shell(rebuilt.fileSystem()).at("/tree/7")))
                .isEqualTo(TEXT);
        stop(rebuilt);
    }

    @Test
    void goingBackToBeforeItIsRefused() throws Exception {
        CairnVolume volume = open();
        plant(volume);
        Instant before = barrier(volume);
        lock(volume, clock.millis() + Duration.ofDays(9).toMillis());
        volume.finishBackgroundWork();
        Instant locked = barrier(volume);
        lock(volume, clock.millis() + Duration.ofDays(20).toMillis());
        put(volume.fileSystem(), "since", "then");
        barrier(volume);
        stop(volume);

        assertThatThrownBy(() -> goBack("refused", before))
                .isInstanceOf(VolumeException.class)
                .hasMessageContaining("tree lock")
                .satisfies(e -> assertThat(((VolumeException) e).kind()).isEqualTo(VolumeException.Kind.LOCKED));
        goBack("back", locked);
        CairnVolume back = open();
        assertLocked(back);
        assertThat(errno(() -> lookup(back.fileSystem(), "since"))).contains(Errno.ENOENT);
        clock.advance(Duration.ofDays(10));
        assertThat(back.trees().locks())
                .as("the date is the later one, though it was set after that moment")
                .extracting(Trees.Lock::state)
                .containsExactly(Trees.State.LOCKED);
        assertLocked(back);
        stop(back);
    }

    @Test
    void aDateEndsTheLockAcrossRestarts() throws Exception {
        CairnVolume volume = open();
        Shell shell = plant(volume);
        lock(volume, clock.millis() + Duration.ofDays(9).toMillis());
        clock.advance(Duration.ofDays(10));
        assertLocked(volume);
        stop(volume);
        CairnVolume later = open();
        assertThat(later.trees().locks()).extracting(Trees.Lock::state).containsExactly(Trees.State.ENDED);
        write(later.fileSystem(), shell.at("/tree/7"), 0, TEXT);
        stop(later);
    }
}
