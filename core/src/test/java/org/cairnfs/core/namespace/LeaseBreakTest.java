package org.cairnfs.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.testkit.Shell.errno;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.lock.Leases;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.testkit.Shell;
import org.cairnfs.core.testkit.VerbsSubject;
import org.junit.jupiter.api.Test;

/** What a client was promised about an inode holds against every verb of every adapter. */
class LeaseBreakTest {
    /** Whom the leases were asked about; they say delay for those in {@link #leased}. */
    private final Set<FileHandle> asked = ConcurrentHashMap.newKeySet();

    private final Set<FileHandle> leased = ConcurrentHashMap.newKeySet();

    /** Whether somebody may claim one of before a restart. */
    private boolean awaited;

    /** In whose name. */
    private final Set<Long> clients = ConcurrentHashMap.newKeySet();

    /** What was let pass and is not over yet. */
    private final Queue<FileHandle> changing = new ConcurrentLinkedQueue<>();

    private VerbsSubject subject;
    private MutatingVerbs verbs;

    /** The tree anew, with leases. */
    private Shell plant() throws FsException {
        subject = VerbsSubject.inMemory(new FakeClock());
        verbs = MutatingVerbs.plant(subject.fileSystem());
        subject.restartWith(new Leases() {
            @Override
            public Outcome breakLeases(FileHandle inode, long client) {
                asked.add(inode);
                clients.add(client);
                if (leased.contains(inode)) {
                    return Outcome.DELAY;
                }
                changing.add(inode);
                return Outcome.CLEAR;
            }

            @Override
            public boolean isAwaited(FileHandle file, long client) {
                return awaited;
            }

            @Override
            public void changed(FileHandle inode) {
                assertThat(changing.remove(inode)).isTrue();
            }
        });
        subject.fileSystem().endGrace();
        asked.clear();
        return new Shell(subject.fileSystem());
    }

    private Map<String, MutatingVerbs.Verb> all(Shell shell) throws FsException {
        return verbs.on(shell.fs(), shell.op());
    }

    @Test
    void everyVerbIsListedAsOneThatChangesSomethingOrAsOneThatDoesNot() throws FsException {
        Set<String> listed = new HashSet<>(MutatingVerbs.OTHERS);
        all(plant()).keySet().forEach(call -> listed.add(call.replaceFirst(" .*", "")));
        assertThat(listed)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(FileSystem.class.getMethods())
                        .map(Method::getName)
                        .distinct()
                        .toList());
    }

    @Test
    void everyVerbAsksAboutEachInodeThatItChanges() throws FsException {
        for (String verb : all(plant()).keySet()) {
            Shell shell = plant();
            MutatingVerbs.Verb run = all(shell).get(verb);
            run.call().run();
            assertThat(asked).as(verb).isEqualTo(run.changes());
            assertThat(changing).as(verb + ": what is over").isEmpty();
        }
    }

    @Test
    void oneLeaseInTheWayDelaysTheVerbAndNothingHasChanged() throws FsException {
        for (String verb : all(plant()).keySet()) {
            Shell shell = plant();
            MutatingVerbs.Verb run = all(shell).get(verb);
            Attributes file = shell.stat("/file");
            Attributes root = shell.stat("/");
            for (FileHandle inode : run.changes()) {
                leased.add(inode);
                assertThat(errno(run.call())).as(verb).contains(Errno.EAGAIN);
                assertThat(changing).as(verb + ": what does not come").isEmpty();
                leased.clear();
            }
            assertThat(shell.stat("/file")).as(verb).isEqualTo(file);
            assertThat(shell.stat("/")).as(verb).isEqualTo(root);
            assertThat(errno(run.call()))
                    .as(verb + " with the leases given back")
                    .isEmpty();
        }
    }

    @Test
    void noRegularFileIsChangedWhileALeaseOnItMayBeClaimed() throws FsException {
        int delayed = 0;
        for (String verb : all(plant()).keySet()) {
            Shell shell = plant();
            MutatingVerbs.Verb run = all(shell).get(verb);
            boolean regular = false;
            for (FileHandle inode : run.changes()) {
                regular |= shell.fs().getattr(shell.op(), inode).type() == FileType.REGULAR;
            }
            awaited = true;
            assertThat(errno(run.call())).as(verb).isEqualTo(regular ? Optional.of(Errno.EAGAIN) : Optional.empty());
            assertThat(changing).as(verb).isEmpty();
            awaited = false;
            delayed += regular ? 1 : 0;
        }
        assertThat(delayed).isPositive();
    }

    @Test
    void theLeasesAreToldWhoChangesWhat() throws FsException {
        for (String verb : all(plant()).keySet()) {
            Shell shell = plant();
            OpContext op = shell.op();
            op.setClient(77);
            clients.clear();
            verbs.on(shell.fs(), op).get(verb).call().run();
            assertThat(clients).as(verb).containsExactly(77L);
        }
    }

    /** What was let pass is over also when the verb fails after that. */
    @Test
    void aWriteThatFindsNoRoomIsOver() throws FsException {
        Shell shell = plant();
        subject.contents().fill();
        assertThat(errno(() -> shell.write("/file", 0, "text"))).contains(Errno.EAGAIN);
        assertThat(asked).isNotEmpty();
        assertThat(changing).isEmpty();
    }

    /** A refusal of the verb's own comes first: nobody loses a lease for what is not done. */
    @Test
    void whatIsRefusedBreaksNoLease() throws FsException {
        Shell shell = plant();
        FileSystem fs = shell.fs();
        Shell stranger = shell.as(1000, 1000);
        assertThat(errno(() -> fs.create(shell.op(), fs.root(), Name.of("file"), CreateRequest.directory(0755))))
                .contains(Errno.EEXIST);
        assertThat(errno(() -> stranger.chmod("/file", 0777))).contains(Errno.EPERM);
        assertThat(errno(() -> stranger.unlink("/file"))).contains(Errno.EACCES);
        assertThat(asked).isEmpty();
    }
}
