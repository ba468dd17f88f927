package org.cairnfs.fuse.call;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.lock.LockClient;
import org.cairnfs.core.lock.LockMode;
import org.cairnfs.core.lock.LockOwner;
import org.cairnfs.core.lock.LockRange;
import org.cairnfs.core.lock.RangeLocks;
import org.cairnfs.fuse.call.LockCalls.InTheWay;
import org.cairnfs.fuse.testing.Caller;
import org.cairnfs.fuse.testing.MemoryVolume;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Locks of the mount, of one process and another, and of clients of NFS. */
@Timeout(60)
class LockCallsTest {
    private static final int SH = 1;
    private static final int EX = 2;
    private static final int NB = 4;
    private static final int UN = 8;
    private static final long ONE = 11;
    private static final long TWO = -22;
    private static final LockRange FIRST = new LockRange(0, 9);
    private static final LockOwner NFS = new LockOwner(new LockClient("nfs4", 1), Bytes.EMPTY);

    private final MemoryVolume volume = new MemoryVolume();
    private final RangeLocks table = volume.shared().locks();
    private final MountCalls mount = new MountCalls(volume.shared(), Blocking.UNNOTICED, KernelPages.NONE);
    private final LockCalls calls = mount.locks();
    private final BlockingQueue<Integer> answers = new LinkedBlockingQueue<>();
    private FileHandle handle;
    private long file;

    @BeforeEach
    void makeFile() throws Exception {
        handle = volume.shell().touch("/f", 0644);
        file = mount.names()
                .lookup(Caller.ROOT, Inodes.ROOT, "f".getBytes(UTF_8))
                .inode();
    }

    @AfterEach
    void close() {
        mount.close();
        volume.close();
    }

    private void lock(Caller who, long owner, LockMode mode, boolean wait) throws Refusal {
        calls.lock(who, file, owner, FIRST, mode, wait, answers::add);
    }

    private int errno(long owner, LockMode mode) {
        return catchThrowableOfType(Refusal.class, () -> lock(Caller.ROOT, owner, mode, false))
                .errno();
    }

    private int answer() throws InterruptedException {
        return answers.poll(60, TimeUnit.SECONDS);
    }

    @Test
    void processesKeepEachOtherOut() throws Exception {
        lock(new Caller(5, 5), ONE, LockMode.WRITE, false);
        assertThat(answer()).isZero();
        assertThat(errno(TWO, LockMode.READ)).isEqualTo(Errno.EAGAIN.number());
        assertThat(calls.test(file, TWO, new LockRange(5, 5), LockMode.READ))
                .contains(new InTheWay(FIRST, LockMode.WRITE, 5));
        assertThat(calls.test(file, ONE, FIRST, LockMode.WRITE)).isEmpty();
        calls.unlock(file, ONE, FIRST);
        lock(Caller.ROOT, TWO, LockMode.READ, false);
        assertThat(answer()).isZero();
    }

    @Test
    void whoWaitsIsAnsweredWhenTheLockIsFree() throws Exception {
        lock(Caller.ROOT, ONE, LockMode.WRITE, false);
        assertThat(answer()).isZero();
        lock(Caller.ROOT, TWO, LockMode.WRITE, true);
        assertThat(answers).isEmpty();
        calls.flush(file, ONE);
        assertThat(answer()).isZero();
        assertThat(errno(ONE, LockMode.READ)).isEqualTo(Errno.EAGAIN.number());
    }

    @Test
    void whoWaitsIsAnsweredWhenASignalComes() throws Exception {
        lock(Caller.ROOT, ONE, LockMode.WRITE, false);
        assertThat(answer()).isZero();
        Caller impatient = new Caller(1, 1);
        lock(impatient, TWO, LockMode.WRITE, true);
        impatient.interrupt();
        assertThat(answer()).isEqualTo(Refusal.EINTR);
        calls.unlock(file, ONE, FIRST);
        lock(Caller.ROOT, ONE, LockMode.WRITE, false);
        assertThat(answer()).isZero();
    }

    @Test
    void whoWaitsIsAnsweredWhenTheMountEnds() throws Exception {
        lock(Caller.ROOT, ONE, LockMode.WRITE, false);
        lock(Caller.ROOT, TWO, LockMode.WRITE, true);
        assertThat(answer()).isZero();
        mount.close();
        assertThat(answer()).isEqualTo(Refusal.EINTR);
        assertThat(table.total()).isZero();
    }

    @Test
    void clientsOfNfsAndProcessesHereKeepEachOtherOut() throws Exception {
        table.tryLock(handle, NFS, FIRST, LockMode.WRITE);
        assertThat(errno(ONE, LockMode.READ)).isEqualTo(Errno.EAGAIN.number());
        assertThat(calls.test(file, ONE, FIRST, LockMode.READ)).contains(new InTheWay(FIRST, LockMode.WRITE, -1));
        calls.flock(Caller.ROOT, file, ONE, EX, answers::add);
        assertThat(answers).isEmpty();
        table.unlockAll(handle, NFS);
        assertThat(answer()).isZero();
        assertThat(table.tryLock(handle, NFS, FIRST, LockMode.READ)).isPresent();
    }

    @Test
    void flockAndFcntlDoNotMeetOnOneMachine() throws Exception {
        lock(Caller.ROOT, ONE, LockMode.WRITE, false);
        calls.flock(Caller.ROOT, file, ONE, EX | NB, answers::add);
        assertThat(answer()).isZero();
        assertThat(answer()).isZero();
        assertThat(catchThrowableOfType(Refusal.class, () -> calls.flock(Caller.ROOT, file, TWO, SH | NB, answers::add))
                        .errno())
                .isEqualTo(Errno.EAGAIN.number());
        calls.flock(Caller.ROOT, file, ONE, UN, answers::add);
        assertThat(answer()).isZero();
        calls.flock(Caller.ROOT, file, TWO, SH | NB, answers::add);
        assertThat(answer()).isZero();
        calls.releaseFlock(file, TWO);
        calls.flush(file, ONE);
        assertThat(table.total()).isZero();
    }

    @Test
    void newLocksWaitWhileClientsMayTakeTheirsBack() throws Exception {
        volume.setGrace(true);
        assertThat(errno(ONE, LockMode.READ)).isEqualTo(Errno.EAGAIN.number());
        lock(Caller.ROOT, ONE, LockMode.WRITE, true);
        assertThat(answers).isEmpty();
        volume.setGrace(false);
        assertThat(answer()).isZero();
    }

    @Test
    void tooManyLocksAreRefused() throws Exception {
        RangeLocks none = new RangeLocks(0, 0, Runnable::run);
        Shared poor =
                new Shared(volume.shared().fileSystem(), none, volume.shared().shares(), volume.leases(), () -> false);
        try (MountCalls poorMount = new MountCalls(poor, Blocking.UNNOTICED, KernelPages.NONE)) {
            long same = poorMount
                    .names()
                    .lookup(Caller.ROOT, Inodes.ROOT, "f".getBytes(UTF_8))
                    .inode();
            Refusal refusal = catchThrowableOfType(
                    Refusal.class,
                    () -> poorMount.locks().lock(Caller.ROOT, same, ONE, FIRST, LockMode.READ, false, answers::add));
            assertThat(refusal.errno()).isEqualTo(Refusal.ENOLCK);
        }
    }
}
