package org.cairnfs.core.treelock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.testkit.Shell.errno;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.InodeLockRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.TreeLockRow;
import org.cairnfs.core.metadata.row.WorkRow;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.testkit.NamespaceInvariants;
import org.cairnfs.core.testkit.Shell;
import org.cairnfs.core.testkit.VerbsSubject;
import org.cairnfs.core.work.BackgroundWork;
import org.cairnfs.core.work.WorkStep;

/**
 * Random trees with hard links, random locks over and inside each other, background work that gets as far as it gets, restarts: after
 * each step an inode can be changed exactly if it was in no tree that was locked and is not released.
 */
class TreeLockProperties {
    private static final int STEPS = 60;

    private final FakeClock clock = new FakeClock();
    private VerbsSubject subject;
    private Shell shell;
    private Random random;

    /** What each lock holds: what was in the tree when it was locked. */
    private final Map<Long, Set<Long>> held = new HashMap<>();

    @Property(tries = 40)
    void exactlyWhatIsInALockedTreeIsImmutable(@ForAll long seed) throws FsException {
        random = new Random(seed);
        held.clear();
        subject = VerbsSubject.inMemory(clock);
        shell = new Shell(subject.fileSystem());
        for (int step = 0; step < STEPS; step++) {
            act();
            compare();
        }
        for (long lock : List.copyOf(held.keySet())) {
            unlock(lock);
        }
        work(Integer.MAX_VALUE);
        assertThat(NamespaceInvariants.scan(subject.store().view(), InodeLockRow.class))
                .isEmpty();
        assertThat(subject.treeLocks().all()).isEmpty();
        assertThat(NamespaceInvariants.broken(subject.store().view())).isEmpty();
    }

    private void act() throws FsException {
        int choice = random.nextInt(20);
        if (choice < 10) {
            change();
        } else if (choice < 13) {
            lock();
        } else if (choice < 15 && !held.isEmpty()) {
            unlock(any(List.copyOf(held.keySet())));
        } else if (choice < 18) {
            work(1 + random.nextInt(3));
        } else {
            subject.restart();
            shell = new Shell(subject.fileSystem());
        }
    }

    private void lock() throws FsException {
        InodeRow root = any(inodes().stream().filter(row -> row.nlink() > 0).toList());
        TreeLockRow lock = subject.treeLocking().lock(root.inode(), 0);
        held.computeIfAbsent(lock.lock(), number -> below(root));
    }

    private void unlock(long lock) throws FsException {
        long root = subject.treeLocks().all().stream()
                .filter(row -> row.lock() == lock)
                .findFirst()
                .orElseThrow()
                .root();
        subject.treeLocking().unlock(root, UnlockPolicy.ALLOWED);
        held.remove(lock);
    }

    /** Something that makes, moves, links or removes a name, if it may. */
    private void change() throws FsException {
        FileSystem fs = subject.fileSystem();
        FileHandle directory = directory();
        Name name = Name.of("n" + random.nextInt(4));
        FileHandle other = directory();
        Name otherName = Name.of("n" + random.nextInt(4));
        Optional<Errno> ignored = switch (random.nextInt(5)) {
            case 0 -> errno(() -> fs.create(shell.op(), directory, name, CreateRequest.file(0644)));
            case 1 -> errno(() -> fs.create(shell.op(), directory, name, CreateRequest.directory(0755)));
            case 2 -> errno(() -> fs.rename(shell.op(), directory, name, other, otherName, RenameFlag.REPLACE));
            case 3 -> errno(() -> fs.rename(shell.op(), directory, name, other, otherName, RenameFlag.EXCHANGE));
            default ->
                errno(() -> fs.link(
                        shell.op(), fs.lookup(shell.op(), directory, name).handle(), other, otherName));
        };
        assertThat(ignored.map(errno -> errno == Errno.EIO).orElse(false)).isFalse();
    }

    /** Does some steps, each of one entry. */
    private void work(int steps) {
        int[] left = {steps};
        List<WorkStep> all = List.of(
                counted(new LockTree(subject.treeLocks(), 1), left),
                counted(new UnlockTree(subject.treeLocks()), left));
        new BackgroundWork(subject.store(), all).drain();
    }

    private static WorkStep counted(WorkStep step, int[] left) {
        return new WorkStep() {
            @Override
            public String operation() {
                return step.operation();
            }

            @Override
            public Optional<Bytes> step(Transaction transaction, WorkRow work) throws FsException {
                if (left[0]-- <= 0) {
                    throw new FsException(Errno.EAGAIN, "enough for now");
                }
                return step.step(transaction, work);
            }
        };
    }

    private void compare() {
        Set<Long> immutable = new HashSet<>();
        held.values().forEach(immutable::addAll);
        for (InodeRow inode : inodes()) {
            FileHandle handle = handle(inode);
            assertThat(errno(() -> subject.fileSystem().setattr(shell.op(), handle, SetAttributes.ofMode(0755))))
                    .as("change of inode %d, with %s held", inode.inode(), immutable)
                    .isEqualTo(immutable.contains(inode.inode()) ? Optional.of(Errno.EPERM) : Optional.empty());
        }
    }

    private Set<Long> below(InodeRow root) {
        Set<Long> all = new HashSet<>(Set.of(root.inode()));
        for (DirentRow entry : subject.store().view().dirents(root.inode(), 0, Integer.MAX_VALUE)) {
            all.addAll(below(subject.store().view().inode(entry.inode()).orElseThrow()));
        }
        return all;
    }

    private List<InodeRow> inodes() {
        return NamespaceInvariants.scan(subject.store().view(), InodeRow.class);
    }

    private FileHandle directory() {
        return handle(any(inodes().stream().filter(InodeRow::isDirectory).toList()));
    }

    private FileHandle handle(InodeRow inode) {
        return new FileHandle(subject.fileSystem().root().fileSystem(), inode.inode(), inode.generation(), 0);
    }

    private <T> T any(List<T> of) {
        return new ArrayList<>(of).get(random.nextInt(of.size()));
    }
}
