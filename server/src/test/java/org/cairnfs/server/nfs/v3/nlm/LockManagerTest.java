package org.cairnfs.server.nfs.v3.nlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cairnfs.server.nfs.v3.nlm.NlmStatus.BLOCKED;
import static org.cairnfs.server.nfs.v3.nlm.NlmStatus.DENIED;
import static org.cairnfs.server.nfs.v3.nlm.NlmStatus.DENIED_GRACE_PERIOD;
import static org.cairnfs.server.nfs.v3.nlm.NlmStatus.FBIG;
import static org.cairnfs.server.nfs.v3.nlm.NlmStatus.GRANTED;
import static org.cairnfs.server.nfs.v3.nlm.NlmStatus.ROFS;
import static org.cairnfs.server.nfs.v3.nlm.NlmStatus.STALE_FH;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.lock.LockClient;
import org.cairnfs.core.lock.LockMode;
import org.cairnfs.core.lock.LockOwner;
import org.cairnfs.core.lock.LockRange;
import org.cairnfs.core.lock.ShareTable;
import org.cairnfs.server.nfs.v3.nlm.NlmFixture.Heard;
import org.cairnfs.server.nfs.v3.nsm.HostMonitor;
import org.cairnfs.server.nfs.v3.nsm.HostRecord;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locks and shares of NLM over TCP, with the callbacks. */
class LockManagerTest {
    @TempDir
    private Path home;

    private NlmFixture nlm;

    @BeforeEach
    void start() throws Exception {
        nlm = new NlmFixture(home.resolve("hosts"));
    }

    @AfterEach
    void stop() throws Exception {
        nlm.close();
    }

    // ---- locks

    @Test
    void hostsAndProcessesExcludeEachOther() throws Exception {
        assertThat(nlm.lock(nlm.lock("a", 1, 0, 10), true, false)).isEqualTo(GRANTED.code());
        assertThat(nlm.lock(nlm.lock("a", 1, 5, 10), true, false)).isEqualTo(GRANTED.code());
        assertThat(nlm.lock(nlm.lock("a", 2, 5, 1), false, false)).isEqualTo(DENIED.code());
        assertThat(nlm.lock(nlm.lock("b", 1, 5, 1), false, false)).isEqualTo(DENIED.code());
        assertThat(nlm.lock(nlm.lock("b", 1, 15, 0), true, false)).isEqualTo(GRANTED.code());
        assertThat(nlm.unlock(nlm.lock("a", 1, 0, 0))).isEqualTo(GRANTED.code());
        assertThat(nlm.lock(nlm.lock("b", 1, 0, 0), true, false)).isEqualTo(GRANTED.code());
    }

    @Test
    void theOwnerHandleDoesNotTellOwnersApart() throws Exception {
        NlmLock lock = nlm.lock("a", 1, 0, 10);
        assertThat(nlm.lock(lock, true, false)).isEqualTo(GRANTED.code());
        NlmLock again = new NlmLock(lock.caller(), lock.file(), NlmFixture.bytes("another"), 1, 0, 10);
        assertThat(nlm.lock(again, true, false)).isEqualTo(GRANTED.code());
    }

    @Test
    void testTellsTheHolder() throws Exception {
        nlm.lock(nlm.lock("a", 77, 3, 0), true, false);
        XdrReader in = nlm.call(NlmFixture.TEST, out -> {
            out.writeUtf8("cookie").writeBoolean(false);
            nlm.lock("b", 1, 0, 10).encode(out);
        });
        assertThat(NlmFixture.status(in)).isEqualTo(DENIED.code());
        assertThat(in.readBoolean()).as("exclusive").isTrue();
        assertThat(in.readInt()).isEqualTo(77);
        in.readOpaque(1024);
        assertThat(in.readHyper()).isEqualTo(3);
        assertThat(in.readHyper()).as("to the end").isZero();
        assertThat(in.remaining()).isZero();
        in = nlm.call(NlmFixture.TEST, out -> {
            out.writeUtf8("cookie").writeBoolean(true);
            nlm.lock("b", 1, 0, 3).encode(out);
        });
        assertThat(NlmFixture.status(in)).isEqualTo(GRANTED.code());
        assertThat(in.remaining()).isZero();
    }

    @Test
    void locksOfOtherAdaptersAreInTheWayUntilTheirClientHasVanished() throws Exception {
        LockClient v4 = new LockClient("nfs4", 5);
        LockOwner owner = new LockOwner(v4, NlmFixture.bytes("owner"));
        LockRange all = new LockRange(0, LockRange.TO_END);
        assertThat(nlm.locks.tryLock(nlm.file, owner, all, LockMode.WRITE)).isEmpty();
        assertThat(nlm.lock(nlm.lock("a", 1, 0, 1), false, false)).isEqualTo(DENIED.code());
        nlm.vanished = v4;
        assertThat(nlm.lock(nlm.lock("a", 1, 0, 1), false, false)).isEqualTo(GRANTED.code());
        assertThat(nlm.locks.tryLock(nlm.file, owner, all, LockMode.WRITE)).isPresent();
    }

    @Test
    void whatCannotBeLockedIsTold() throws Exception {
        NlmLock lock = nlm.lock("a", 1, 0, 1);
        assertThat(nlm.lock(nlm.lock("a", 1, 1, -1), true, false))
                .as("all ones is to the end")
                .isEqualTo(GRANTED.code());
        assertThat(nlm.lock(nlm.lock("a", 1, -5, 10), true, false)).isEqualTo(FBIG.code());
        nlm.writable = false;
        assertThat(nlm.lock(lock, true, false)).isEqualTo(ROFS.code());
        assertThat(nlm.lock(lock, false, false)).isEqualTo(GRANTED.code());
        NlmLock none = new NlmLock(lock.caller(), NlmFixture.bytes("none"), lock.ownerHandle(), 1, 0, 1);
        assertThat(nlm.lock(none, false, false)).isEqualTo(STALE_FH.code());
        nlm.removeFile();
        assertThat(nlm.lock(lock, false, false)).isEqualTo(STALE_FH.code());
    }

    // ---- who waits

    @Test
    void whoWaitsIsCalledWhenTheLockIsFree() throws Exception {
        NlmLock held = nlm.lock("a", 1, 0, 10);
        NlmLock wanted = nlm.lock("b", 2, 5, 0);
        nlm.lock(held, true, false);
        assertThat(nlm.lock(wanted, true, true)).isEqualTo(BLOCKED.code());
        assertThat(nlm.lock(wanted, true, true)).as("asked again").isEqualTo(BLOCKED.code());
        nlm.unlock(nlm.lock("a", 1, 0, 3));
        assertThat(nlm.lock(wanted, true, true)).isEqualTo(BLOCKED.code());
        nlm.unlock(held);

        Heard granted = nlm.awaitCall();

        assertThat(granted.procedure()).isEqualTo(NlmFixture.GRANTED);
        XdrReader in = granted.in();
        in.readOpaque(1024);
        assertThat(in.readBoolean()).as("exclusive").isTrue();
        assertThat(NlmLock.decode(in)).isEqualTo(wanted);
        assertThat(nlm.lock(held, true, false)).isEqualTo(DENIED.code());
        assertThat(nlm.unlock(wanted)).isEqualTo(GRANTED.code());
        assertThat(nlm.lock(held, true, false)).isEqualTo(GRANTED.code());
        assertThat(nlm.heard).isEmpty();
    }

    @Test
    void whoDoesNotWantItAnyMoreLosesIt() throws Exception {
        NlmLock held = nlm.lock("a", 1, 0, 10);
        NlmLock first = nlm.lock("b", 2, 0, 10);
        NlmLock second = nlm.lock("c", 3, 0, 10);
        nlm.lock(held, true, false);
        nlm.answerToGranted = DENIED.code();
        assertThat(nlm.lock(first, true, true)).isEqualTo(BLOCKED.code());
        nlm.unlock(held);
        nlm.awaitCall();
        assertThat(nlm.lock(second, true, true)).isIn(BLOCKED.code(), GRANTED.code());
        nlm.answerToGranted = GRANTED.code();
        while (nlm.lock(second, true, false) != GRANTED.code()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void cancelledWaitingIsForgotten() throws Exception {
        NlmLock held = nlm.lock("a", 1, 0, 10);
        NlmLock wanted = nlm.lock("b", 2, 0, 10);
        nlm.lock(held, true, false);
        assertThat(nlm.cancel(wanted, true)).isEqualTo(DENIED.code());
        nlm.lock(wanted, true, true);
        assertThat(nlm.cancel(wanted, true)).isEqualTo(GRANTED.code());
        nlm.unlock(held);
        assertThat(nlm.lock(held, true, false)).isEqualTo(GRANTED.code());
        assertThat(nlm.heard).isEmpty();
    }

    @Test
    void messagesAreAnsweredByCalls() throws Exception {
        NlmLock lock = nlm.lock("a", 1, 0, 10);
        assertThat(nlm.call(NlmFixture.LOCK_MSG, NlmFixture.lockArguments(lock, true, false, false))
                        .remaining())
                .isZero();
        Heard answer = nlm.awaitCall();
        assertThat(answer.procedure()).isEqualTo(NlmFixture.LOCK_RES);
        assertThat(NlmFixture.status(answer.in())).isEqualTo(GRANTED.code());
        assertThat(nlm.lock(nlm.lock("b", 1, 0, 1), false, false)).isEqualTo(DENIED.code());
        assertThat(nlm.call(15, out -> out.writeInt(0)).remaining())
                .as("GRANTED_RES")
                .isZero();
    }

    // ---- restarts

    @Test
    void inGraceOnlyReclaimsAreGranted() throws Exception {
        NlmLock lock = nlm.lock("a", 1, 0, 10);
        nlm.grace = true;
        assertThat(nlm.lock(lock, true, true)).isEqualTo(DENIED_GRACE_PERIOD.code());
        assertThat(nlm.share(NlmFixture.SHARE, "a", 0, 1)).isEqualTo(DENIED_GRACE_PERIOD.code());
        assertThat(nlm.lock(NlmFixture.LOCK, lock, true, false, true)).isEqualTo(GRANTED.code());
        nlm.grace = false;
        assertThat(nlm.lock(NlmFixture.LOCK, lock, true, false, true)).isEqualTo(DENIED_GRACE_PERIOD.code());
        assertThat(nlm.lock(nlm.lock("b", 1, 0, 10), true, false)).isEqualTo(DENIED.code());
    }

    @Test
    void hostsWithLocksAreKeptInStableStorageAsLongAsTheyHaveThem() throws Exception {
        nlm.lock(NlmFixture.NM_LOCK, nlm.lock("unmonitored", 1, 0, 1), true, false, false);
        assertThat(nlm.monitor.hosts()).isEmpty();
        nlm.lock(nlm.lock("a", 1, 10, 1), true, false);
        nlm.lock(nlm.lock("b", 1, 20, 1), true, false);
        assertThat(nlm.monitor.hosts()).extracting(HostRecord::name).hasSize(2);
        assertThat(HostMonitor.open(home.resolve("hosts"), 100).hosts())
                .containsExactlyInAnyOrderElementsOf(nlm.monitor.hosts());
        nlm.unlock(nlm.lock("a", 1, 0, 0));
        nlm.manager.forgetIdleHosts();
        assertThat(nlm.monitor.hosts()).extracting(HostRecord::name).containsExactly(NlmFixture.bytes("b"));
        assertThat(HostMonitor.open(home.resolve("hosts"), 100).hosts()).hasSize(1);
    }

    @Test
    void aHostThatRebootsLosesItsLocksOnce() throws Exception {
        InetAddress address = InetAddress.getLoopbackAddress();
        NlmLock lock = nlm.lock("a", 1, 0, 10);
        nlm.lock(lock, true, false);
        nlm.lock(nlm.lock("b", 1, 20, 10), true, false);
        nlm.manager.rebooted(address, NlmFixture.bytes("a"), 7);
        assertThat(nlm.lock(nlm.lock("c", 1, 0, 1), true, false))
                .as("a notice of the boot under which it has locked")
                .isEqualTo(DENIED.code());
        nlm.manager.rebooted(InetAddress.getByName("192.0.2.1"), NlmFixture.bytes("a"), 9);
        assertThat(nlm.lock(nlm.lock("c", 1, 0, 1), true, false))
                .as("a notice from elsewhere")
                .isEqualTo(DENIED.code());
        nlm.manager.rebooted(address, NlmFixture.bytes("a"), 9);
        assertThat(nlm.lock(nlm.lock("c", 1, 0, 1), true, false)).isEqualTo(GRANTED.code());
        assertThat(nlm.lock(nlm.lock("c", 1, 20, 1), true, false)).isEqualTo(DENIED.code());
        assertThat(nlm.lock(nlm.lock("a", 1, 5, 1), true, false)).isEqualTo(GRANTED.code());
        nlm.manager.rebooted(address, NlmFixture.bytes("a"), 9);
        assertThat(nlm.lock(nlm.lock("c", 1, 5, 1), true, false))
                .as("the same notice again")
                .isEqualTo(DENIED.code());
    }

    @Test
    void freeAllFreesEverythingOfAHost() throws Exception {
        nlm.lock(nlm.lock("a", 1, 0, 10), true, false);
        nlm.lock(nlm.lock("a", 2, 10, 10), true, false);
        nlm.share(NlmFixture.SHARE, "a", 3, 3);
        assertThat(nlm.call(NlmFixture.FREE_ALL, out -> out.writeUtf8("a").writeInt(9))
                        .remaining())
                .isZero();
        assertThat(nlm.lock(nlm.lock("b", 1, 0, 0), true, false)).isEqualTo(GRANTED.code());
        assertThat(nlm.share(NlmFixture.SHARE, "b", 3, 3)).isEqualTo(GRANTED.code());
    }

    // ---- shares

    @Test
    void aHostAtItsLimitsIsRefusedAndOthersAreNot() throws Exception {
        assertThat(nlm.lock(nlm.lock("holder", 1, 0, 100), true, false)).isEqualTo(GRANTED.code());
        for (int i = 0; i < NlmFixture.MAX_WAITING; i++) {
            assertThat(nlm.lock(nlm.lock("greedy", i, 0, 1), true, true)).isEqualTo(BLOCKED.code());
        }
        assertThat(nlm.lock(nlm.lock("greedy", 9, 0, 1), true, true)).isEqualTo(NlmStatus.DENIED_NOLOCKS.code());
        assertThat(nlm.lock(nlm.lock("greedy", 0, 0, 1), true, true))
                .as("one that waits already")
                .isEqualTo(BLOCKED.code());
        assertThat(nlm.lock(nlm.lock("modest", 1, 0, 1), true, true)).isEqualTo(BLOCKED.code());
        assertThat(nlm.cancel(nlm.lock("greedy", 0, 0, 1), true)).isEqualTo(GRANTED.code());
        assertThat(nlm.lock(nlm.lock("greedy", 9, 0, 1), true, true)).isEqualTo(BLOCKED.code());
    }

    @Test
    void hostsThatHoldNothingMakeRoomAndOthersDoNot() throws Exception {
        for (int i = 0; i < NlmFixture.MAX_HOSTS; i++) {
            assertThat(nlm.lock(nlm.lock("host" + i, 1, i, 1), true, false)).isEqualTo(GRANTED.code());
        }
        assertThat(nlm.lock(nlm.lock("late", 1, 99, 1), true, false)).isEqualTo(NlmStatus.DENIED_NOLOCKS.code());
        assertThat(nlm.manager.holders()).hasSize(NlmFixture.MAX_HOSTS).allMatch(holder -> holder.locks() == 1);
        assertThat(nlm.unlock(nlm.lock("host2", 1, 2, 1))).isEqualTo(GRANTED.code());
        assertThat(nlm.lock(nlm.lock("late", 1, 99, 1), true, false)).isEqualTo(GRANTED.code());
        assertThat(nlm.manager.holders())
                .extracting(LockManager.Holder::name)
                .containsExactlyInAnyOrder("host0", "host1", "host3", "host4", "late");
    }

    @Test
    void sharesExcludeWhatTheyDeny() throws Exception {
        assertThat(nlm.share(NlmFixture.SHARE, "a", 2, 1)).isEqualTo(GRANTED.code());
        assertThat(nlm.share(NlmFixture.SHARE, "b", 0, 2)).isEqualTo(DENIED.code());
        assertThat(nlm.share(NlmFixture.SHARE, "b", 1, 1)).isEqualTo(DENIED.code());
        assertThat(nlm.share(NlmFixture.SHARE, "b", 0, 1)).isEqualTo(GRANTED.code());
        assertThat(nlm.shares.deniedBy(nlm.file, 2)).as("seen by NFSv4").isPresent();
        assertThat(nlm.share(NlmFixture.UNSHARE, "a", 2, 1)).isEqualTo(GRANTED.code());
        assertThat(nlm.share(NlmFixture.SHARE, "b", 0, 2)).isEqualTo(GRANTED.code());
    }

    /** As far as OPEN of NFSv4 goes: what it denies is denied here, and the other way round. */
    @Test
    void sharesAndOpensOfVersion4ExcludeEachOther() throws Exception {
        LockOwner v4 = new LockOwner(new LockClient("nfs4", 5), NlmFixture.bytes("owner"));
        assertThat(nlm.shares.open(nlm.file, v4, ShareTable.READ, ShareTable.WRITE))
                .isEmpty();
        assertThat(nlm.share(NlmFixture.SHARE, "a", 0, 3)).as("what it denies").isEqualTo(DENIED.code());
        assertThat(nlm.share(NlmFixture.SHARE, "a", 1, 1)).as("what it does").isEqualTo(DENIED.code());
        assertThat(nlm.share(NlmFixture.SHARE, "a", 2, 1)).isEqualTo(GRANTED.code());
        nlm.shares.close(nlm.file, v4);
        assertThat(nlm.shares.conflict(nlm.file, v4, ShareTable.WRITE, 0)).isPresent();
        assertThat(nlm.shares.open(nlm.file, v4, ShareTable.READ, 0)).isEmpty();
        nlm.shares.close(nlm.file, v4);

        assertThat(nlm.share(NlmFixture.UNSHARE, "a", 2, 1)).isEqualTo(GRANTED.code());
        assertThat(nlm.shares.open(nlm.file, v4, ShareTable.WRITE, ShareTable.READ))
                .isEmpty();
        assertThat(nlm.share(NlmFixture.SHARE, "a", 0, 1)).isEqualTo(DENIED.code());
    }

    /** Who reads from a delegation asks nobody: so it is called back before anybody writes, or keeps it from reading. */
    @Test
    void sharesThatDisturbADelegationWaitForIt() throws Exception {
        long reader = 7;
        List<FileHandle> recalled = new ArrayList<>();
        assertThat(nlm.leases.grant(nlm.file, reader, recalled::add)).isTrue();
        assertThat(nlm.share(NlmFixture.SHARE, "reads", 2, 1)).isEqualTo(GRANTED.code());
        assertThat(recalled).isEmpty();

        assertThat(nlm.share(NlmFixture.SHARE, "keeps", 1, 1)).isEqualTo(DENIED_GRACE_PERIOD.code());
        assertThat(recalled).containsExactly(nlm.file);
        assertThat(nlm.share(NlmFixture.UNSHARE, "reads", 2, 1)).isEqualTo(GRANTED.code());
        assertThat(nlm.share(NlmFixture.SHARE, "writes", 0, 2))
                .as("it is not given back yet")
                .isEqualTo(DENIED_GRACE_PERIOD.code());
        assertThat(nlm.shares.total()).isZero();

        nlm.leases.release(nlm.file, reader);
        assertThat(nlm.share(NlmFixture.SHARE, "writes", 0, 2)).isEqualTo(GRANTED.code());
    }

    @Test
    void whatCannotBeDecodedIsRefused() throws Exception {
        for (int procedure : new int[] {1, 2, 3, 4, 6, 7, 8, 9, 20, 21, 22, 23, 16, 24}) {
            assertThatThrownBy(() -> nlm.call(procedure, out -> out.writeInt(2000)))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("not carried out");
        }
        assertThat(nlm.lock(nlm.lock("a", 1, 0, 1), true, false)).isEqualTo(GRANTED.code());
    }
}
