package org.cairnfs.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.testkit.Shell.errno;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.OrphanRow;
import org.cairnfs.core.metadata.row.WorkRow;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.testkit.NamespaceInvariants;
import org.cairnfs.core.testkit.Shell;
import org.cairnfs.core.testkit.VerbsSubject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whole trees are removed at once, and freed after.
 *
 * <pre>
 * /tree/file      with text, also named /outside
 * /tree/a/b/deep
 * /tree/a/0 ... 199
 * /free
 * </pre>
 */
class TreeRemovalTest {
    private static final int MANY = 200;

    @TempDir
    private Path folder;

    private VerbsSubject subject;
    private Shell shell;

    @BeforeEach
    void plant() throws FsException {
        subject = VerbsSubject.onH2(new FakeClock(), folder);
        shell = new Shell(subject.fileSystem());
        shell.mkdir("/free", 0755);
        shell.mkdir("/tree", 0755);
        shell.mkdir("/tree/a", 0755);
        shell.mkdir("/tree/a/b", 0755);
        shell.touch("/tree/a/b/deep", 0644);
        shell.touch("/tree/file", 0644);
        shell.write("/tree/file", 0, "text");
        shell.write("/tree/a/b/deep", 0, "deep text");
        shell.link("/tree/file", "/outside");
        for (int i = 0; i < MANY; i++) {
            shell.touch("/tree/a/" + i, 0644);
        }
    }

    @AfterEach
    void close() {
        assertThat(NamespaceInvariants.broken(subject.store().view())).isEmpty();
        subject.close();
    }

    private List<Long> remove(String... paths) throws FsException {
        return subject.fileSystem().treeRemoval().remove(List.of(paths), false);
    }

    private void free() {
        assertThat(subject.work().drain()).isTrue();
    }

    private void assertNothingLeftBut(int inodes, int names) {
        var view = subject.store().view();
        assertThat(NamespaceInvariants.scan(view, InodeRow.class)).hasSize(inodes);
        assertThat(NamespaceInvariants.scan(view, DirentRow.class)).hasSize(names);
        assertThat(NamespaceInvariants.scan(view, OrphanRow.class)).isEmpty();
        assertThat(view.works()).isEmpty();
    }

    @Test
    void itIsGoneAtOnceAndFreedAfter() throws FsException {
        List<Long> works = remove("/tree");
        assertThat(shell.ls("/")).containsExactlyInAnyOrder("free", "outside");
        assertThat(shell.stat("/").nlink()).isEqualTo(3);
        assertThat(shell.stat("/outside").nlink()).isEqualTo(2);
        assertThat(NamespaceInvariants.broken(subject.store().view())).isEmpty();
        free();
        assertThat(shell.stat("/outside").nlink()).isEqualTo(1);
        assertThat(shell.read("/outside")).isEqualTo("text");
        assertNothingLeftBut(3, 2);
        assertThat(works).hasSize(1);
        assertThat(subject.fileSystem().treeRemoval().freed(works.get(0)))
                .as("below the top; deep is 9 bytes, file lives on")
                .contains(new TreeRemoval.Freed(MANY + 4, 9, true));
        assertThat(subject.fileSystem().treeRemoval().freed(works.get(0))).isEmpty();
    }

    @Test
    void aCrashAfterAnyStepLosesAndLeavesNothing() throws FsException {
        remove("/tree");
        FileHandle root = subject.fileSystem().root();
        for (int steps = 0; !subject.store().view().works().isEmpty(); steps++) {
            assertThat(steps).isLessThan(100);
            subject.restart();
            subject.fileSystem().endGrace();
            FileSystem fs = subject.fileSystem();
            assertThat(errno(() -> fs.lookup(shell.op(), root, Name.of("tree"))))
                    .contains(Errno.ENOENT);
            var work = subject.store().view().works().get(0);
            subject.store().mutate(transaction -> {
                var left = subject.fileSystem().treeRemoval().inStepsOf(31).step(transaction, work);
                if (left.isPresent()) {
                    transaction.put(new WorkRow(work.id(), work.operation(), work.arguments(), left.get()));
                } else {
                    transaction.delete(work.key());
                }
                return null;
            });
            assertThat(NamespaceInvariants.broken(subject.store().view())).isEmpty();
        }
        assertNothingLeftBut(3, 2);
    }

    /** They hold handles of its directories, and go on making and moving names until they are told that these are gone. */
    @Test
    void whoWorksInATreeWhileItIsRemovedLeavesNothing() throws Exception {
        FileHandle directory = shell.at("/tree/a");
        CountDownLatch begun = new CountDownLatch(1);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Errno> client = thread.submit(() -> {
                Optional<Errno> refusal = Optional.empty();
                for (int i = 0; refusal.isEmpty(); i++) {
                    Name name = Name.of("new " + i);
                    refusal = errno(() ->
                            subject.fileSystem().create(shell.op(), directory, name, CreateRequest.directory(0755)));
                    begun.countDown();
                }
                return refusal.get();
            });
            begun.await();
            remove("/tree");
            free();
            assertThat(client.get()).isIn(Errno.ENOENT, Errno.ESTALE);
        } finally {
            thread.shutdownNow();
        }
        assertNothingLeftBut(3, 2);
    }

    /** The top has no links while it loses its sub-directories, one or more in each step. */
    @Test
    void aTopWithManySubdirectoriesIsSoundAllTheWay() throws FsException {
        for (int i = 0; i < 400; i++) {
            shell.mkdir("/free/" + i, 0755);
        }
        remove("/free");
        for (WorkRow work = only(); work != null; work = only()) {
            WorkRow step = work;
            subject.store().mutate(transaction -> {
                var left = subject.fileSystem().treeRemoval().step(transaction, step);
                left.ifPresentOrElse(
                        cursor -> transaction.put(new WorkRow(step.id(), step.operation(), step.arguments(), cursor)),
                        () -> transaction.delete(step.key()));
                return null;
            });
            assertThat(NamespaceInvariants.broken(subject.store().view())).isEmpty();
            assertThat(NamespaceInvariants.scan(subject.store().view(), InodeRow.class))
                    .allMatch(inode -> inode.nlink() >= 0 && inode.entries() >= 0);
        }
        assertThat(shell.ls("/")).containsExactlyInAnyOrder("outside", "tree");
    }

    private WorkRow only() {
        return subject.store().view().works().stream().findFirst().orElse(null);
    }

    @Test
    void severalGoTogetherOrNotAtAll() throws FsException {
        assertThat(errno(() -> remove("/tree", "/nowhere"))).contains(Errno.ENOENT);
        assertThat(errno(() -> remove("/tree", "/"))).contains(Errno.EINVAL);
        assertThat(errno(() -> remove("/tree", "tree"))).contains(Errno.EINVAL);
        assertThat(errno(() -> remove("/free", "/free"))).contains(Errno.ENOENT);
        subject.treeLocking().lock(shell.at("/free").inode(), 0);
        assertThat(errno(() -> remove("/tree", "/free"))).contains(Errno.EPERM);
        assertThat(shell.ls("/")).containsExactlyInAnyOrder("free", "outside", "tree");
        assertThat(remove("/tree/a/b", "/tree/file", "/tree")).hasSize(2);
        free();
        assertNothingLeftBut(3, 2);
    }

    @Test
    void whatIsLockedAnywhereInItIsInTheWay() throws FsException {
        subject.treeLocking().lock(shell.at("/tree/a/b").inode(), 0);
        assertThat(errno(() -> remove("/tree"))).contains(Errno.EPERM);
        subject.work().drain();
        assertThat(errno(() -> remove("/tree"))).contains(Errno.EPERM);
        assertThat(errno(() -> remove("/tree/a/b/deep"))).contains(Errno.EPERM);
        assertThat(errno(() -> remove("/tree/a"))).contains(Errno.EPERM);
        remove("/tree/file");
        remove("/tree/a/7");
        shell.touch("/tree/a/new", 0644);
        free();
        assertThat(shell.ls("/tree")).containsExactly("a");
    }

    /** The lock is on another tree, and holds the inode. */
    @Test
    void aNameOfALockedFileIsInTheWay() throws FsException {
        shell.link("/tree/a/b/deep", "/free/deep");
        subject.treeLocking().lock(shell.at("/free").inode(), 0);
        assertThat(errno(() -> remove("/tree"))).contains(Errno.EPERM);
        subject.work().drain();
        assertThat(errno(() -> remove("/tree"))).contains(Errno.EPERM);
        assertThat(shell.read("/tree/a/b/deep")).isEqualTo("deep text");
        remove("/tree/file");
        assertThat(errno(() -> shell.touch("/tree/a/new", 0644)))
                .as("nobody waits any more")
                .isEmpty();
    }

    @Test
    void nobodyChangesNamesInItThroughHandlesThatTheyHave() throws FsException {
        FileSystem fs = subject.fileSystem();
        FileHandle tree = shell.at("/tree");
        FileHandle deep = shell.at("/tree/a/b");
        FileHandle file = shell.at("/tree/a/b/deep");
        FileHandle free = shell.at("/free");
        remove("/tree");
        Name fresh = Name.of("new");
        for (FileHandle directory : List.of(tree, deep)) {
            assertThat(errno(() -> fs.create(shell.op(), directory, fresh, CreateRequest.file(0644))))
                    .contains(Errno.ENOENT);
            assertThat(errno(() ->
                            fs.rename(shell.op(), fs.root(), Name.of("outside"), directory, fresh, RenameFlag.REPLACE)))
                    .contains(Errno.ENOENT);
            assertThat(errno(() -> fs.link(shell.op(), file, directory, fresh))).contains(Errno.ENOENT);
        }
        assertThat(errno(() -> fs.rename(shell.op(), deep, Name.of("deep"), free, fresh, RenameFlag.REPLACE)))
                .contains(Errno.ENOENT);
        assertThat(errno(() -> fs.remove(shell.op(), deep, Name.of("deep"), RemoveKind.ANY)))
                .contains(Errno.ENOENT);
        fs.link(shell.op(), file, free, Name.of("saved"));
        free();
        assertThat(shell.read("/free/saved")).isEqualTo("deep text");
        assertThat(errno(() -> fs.getattr(shell.op(), deep))).contains(Errno.ESTALE);
        shell.touch("/free/new", 0644);
    }

    @Test
    void whatIsOpenLivesOnUntilItIsClosed() throws FsException {
        FileSystem fs = subject.fileSystem();
        FileHandle file = shell.at("/tree/a/b/deep");
        FileHandle directory = shell.at("/tree");
        fs.pin(file);
        fs.pin(directory);
        remove("/tree");
        free();
        assertThat(fs.getattr(shell.op(), file).nlink()).isZero();
        assertThat(fs.getattr(shell.op(), directory).nlink()).isZero();
        assertThat(NamespaceInvariants.broken(subject.store().view())).isEmpty();
        fs.unpin(file);
        fs.unpin(directory);
        assertNothingLeftBut(3, 2);
    }

    /** An open of before the restart may be reclaimed until grace is over. */
    @Test
    void nothingIsFreedInGrace() throws FsException {
        subject.restart();
        remove("/tree");
        assertThat(subject.work().drain()).isFalse();
        subject.fileSystem().endGrace();
        free();
        assertNothingLeftBut(3, 2);
    }

    @Test
    void theEndOfGraceLeavesTheTopToTheWork() throws FsException {
        remove("/tree");
        subject.restart();
        subject.fileSystem().endGrace();
        assertThat(NamespaceInvariants.broken(subject.store().view())).isEmpty();
        free();
        assertNothingLeftBut(3, 2);
    }
}
