package org.cairnfs.core.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.lock.Leases.Outcome.CLEAR;
import static org.cairnfs.core.lock.Leases.Outcome.DELAY;
import static org.cairnfs.core.lock.LockFixtures.FILE;
import static org.cairnfs.core.lock.LockFixtures.file;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.cairnfs.core.fs.FileHandle;
import org.junit.jupiter.api.Test;

class LeaseTableTest {
    private static final long ALICE = 1;
    private static final long BOB = 2;

    private final LeaseTable leases = new LeaseTable();
    private final List<Long> broken = new ArrayList<>();

    private boolean grant(FileHandle inode, long client) {
        return leases.grant(inode, client, file -> {
            assertThat(file).isEqualTo(inode);
            broken.add(client);
        });
    }

    @Test
    void withoutALeaseTheWayIsClear() {
        assertThat(leases.breakLeases(FILE, Leases.ANYBODY)).isEqualTo(CLEAR);
        leases.changed(FILE);
    }

    @Test
    void aLeaseIsBrokenOnceAndInTheWayUntilItIsReleased() {
        assertThat(grant(FILE, ALICE)).isTrue();
        assertThat(leases.breakLeases(file(8), BOB)).isEqualTo(CLEAR);
        assertThat(leases.breakLeases(FILE, BOB)).isEqualTo(DELAY);
        assertThat(leases.breakLeases(FILE, Leases.ANYBODY)).isEqualTo(DELAY);
        assertThat(broken).containsExactly(ALICE);
        leases.release(FILE, ALICE);
        leases.release(FILE, ALICE);
        assertThat(leases.breakLeases(FILE, BOB)).isEqualTo(CLEAR);
    }

    @Test
    void manyHoldersAreAllAsked() {
        grant(FILE, ALICE);
        grant(FILE, BOB);
        assertThat(leases.breakLeases(FILE, 3)).isEqualTo(DELAY);
        assertThat(broken).containsExactly(ALICE, BOB);
        leases.release(FILE, ALICE);
        assertThat(leases.breakLeases(FILE, 3)).isEqualTo(DELAY);
        leases.release(FILE, BOB);
        assertThat(leases.breakLeases(FILE, 3)).isEqualTo(CLEAR);
    }

    @Test
    void onesOwnLeaseIsNotInTheWayButThoseOfOthersAre() {
        grant(FILE, ALICE);
        assertThat(leases.breakLeases(FILE, ALICE)).isEqualTo(CLEAR);
        leases.changed(FILE);
        grant(FILE, BOB);
        assertThat(leases.breakLeases(FILE, ALICE)).isEqualTo(DELAY);
        assertThat(broken).containsExactly(BOB);
    }

    @Test
    void whatIsChangingGetsNoLease() {
        leases.breakLeases(FILE, ALICE);
        leases.breakLeases(FILE, BOB);
        assertThat(grant(FILE, ALICE)).isFalse();
        assertThat(grant(file(8), ALICE)).isTrue();
        leases.changed(FILE);
        assertThat(grant(FILE, ALICE)).isFalse();
        leases.changed(FILE);
        assertThat(grant(FILE, ALICE)).isTrue();
        assertThat(grant(FILE, ALICE)).as("a second one").isFalse();
    }

    /** A change that was delayed is not begun: it needs no {@code changed}, and a lease may be given after the release. */
    @Test
    void whatWasDelayedIsNotChanging() {
        grant(FILE, ALICE);
        leases.breakLeases(FILE, BOB);
        leases.release(FILE, ALICE);
        assertThat(grant(FILE, ALICE)).isTrue();
    }

    /** The reason for all this: under a lease, two looks at the inode see the same. */
    @Test
    void aHolderNeverSeesAChangeThatItWasNotAskedAbout() throws InterruptedException {
        int rounds = 20_000;
        AtomicInteger value = new AtomicInteger();
        AtomicInteger violations = new AtomicInteger();
        CountDownLatch changed = new CountDownLatch(1);
        Thread writer = new Thread(() -> {
            for (int done = 0; done < rounds; ) {
                if (leases.breakLeases(FILE, BOB) == CLEAR) {
                    value.incrementAndGet();
                    leases.changed(FILE);
                    done++;
                }
            }
            changed.countDown();
        });
        writer.start();
        while (changed.getCount() > 0) {
            if (leases.grant(FILE, ALICE, file -> {})) {
                int before = value.get();
                Thread.onSpinWait();
                if (value.get() != before) {
                    violations.incrementAndGet();
                }
                leases.release(FILE, ALICE);
            }
        }
        writer.join();
        assertThat(violations).hasValue(0);
        assertThat(value).hasValue(rounds);
    }

    @Test
    void itIsRememberedWhoChangedWhatSinceTheStart() {
        assertThat(leases.hasChanged(FILE, ALICE)).isFalse();
        change(FILE, ALICE);
        change(FILE, ALICE);
        assertThat(leases.hasChanged(FILE, ALICE)).isFalse();
        assertThat(leases.hasChanged(FILE, BOB)).isTrue();
        change(FILE, BOB);
        assertThat(leases.hasChanged(FILE, ALICE)).isTrue();
        assertThat(leases.hasChanged(FILE, BOB)).isTrue();
        assertThat(leases.hasChanged(file(8), BOB)).isFalse();
        grant(file(8), ALICE);
        assertThat(leases.breakLeases(file(8), BOB)).isEqualTo(DELAY);
        assertThat(leases.hasChanged(file(8), ALICE)).as("not yet").isFalse();
        leases.forgetChanges();
        change(file(9), BOB);
        assertThat(leases.hasChanged(FILE, ALICE)).isFalse();
        assertThat(leases.hasChanged(file(9), ALICE)).isFalse();
    }

    @Test
    void whatIsAwaitedIsSoUntilChangesAreForgotten() {
        assertThat(leases.isAwaited(FILE, BOB)).isFalse();
        leases.await((file, client) -> file.equals(FILE) && client != ALICE);
        assertThat(leases.isAwaited(FILE, BOB)).isTrue();
        assertThat(leases.isAwaited(FILE, ALICE)).isFalse();
        assertThat(leases.isAwaited(file(8), BOB)).isFalse();
        leases.forgetChanges();
        assertThat(leases.isAwaited(FILE, BOB)).isFalse();
    }

    @Test
    void whereTooMuchChangedAllDid() {
        for (int inode = 100; inode <= 100_100; inode++) {
            assertThat(leases.hasChanged(FILE, ALICE)).isFalse();
            change(file(inode), BOB);
        }
        assertThat(leases.hasChanged(FILE, ALICE)).isTrue();
        assertThat(leases.hasChanged(file(100), BOB))
                .as("of this one it is known")
                .isFalse();
        leases.forgetChanges();
        assertThat(leases.hasChanged(FILE, ALICE)).isFalse();
    }

    private void change(FileHandle inode, long client) {
        assertThat(leases.breakLeases(inode, client)).isEqualTo(CLEAR);
        leases.changed(inode);
    }
}
