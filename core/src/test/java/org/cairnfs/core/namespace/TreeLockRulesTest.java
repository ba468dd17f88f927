package org.cairnfs.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.testkit.Shell.errno;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.fs.Access;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.CloneRequest;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.fs.SetTime;
import org.cairnfs.core.fs.XattrFlag;
import org.cairnfs.core.metadata.row.TreeLockRow;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.testkit.NamespaceInvariants;
import org.cairnfs.core.testkit.Shell;
import org.cairnfs.core.testkit.VerbsSubject;
import org.cairnfs.core.treelock.UnlockPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every way to change a locked tree, at the level that all adapters share (FUSE calls are these verbs one by one).
 *
 * <pre>
 * /tree/file      with text and user.x, also named /outside
 * /tree/dir/deep
 * /tree/link      a symbolic link
 * /free/other     with text
 * </pre>
 */
class TreeLockRulesTest {
    private static final int WRITERS = 3;

    @TempDir
    private Path folder;

    private final FakeClock clock = new FakeClock();
    private VerbsSubject subject;
    private Shell shell;

    /** How far a lock is. */
    private enum Stage {
        /** Only its intent is there. */
        INTENDED,
        COMPLETE
    }

    @BeforeEach
    void plant() throws FsException {
        subject = VerbsSubject.onH2(clock, folder);
        shell = new Shell(subject.fileSystem());
        shell.mkdir("/tree", 0777);
        shell.mkdir("/tree/dir", 0777);
        shell.mkdir("/free", 0777);
        shell.touch("/tree/file", 0666);
        shell.touch("/tree/dir/deep", 0666);
        shell.symlink("/tree/link", "file");
        shell.touch("/free/other", 0666);
        shell.write("/tree/file", 0, "text");
        shell.write("/free/other", 0, "other");
        shell.link("/tree/file", "/outside");
        fs().setXattr(shell.op(), shell.at("/tree/file"), xattr(), Bytes.EMPTY, XattrFlag.EITHER);
        fs().setXattr(shell.op(), shell.at("/tree"), xattr(), Bytes.EMPTY, XattrFlag.EITHER);
    }

    @AfterEach
    void close() {
        assertThat(NamespaceInvariants.broken(subject.store().view())).isEmpty();
        subject.close();
    }

    private FileSystem fs() {
        return subject.fileSystem();
    }

    private static Name xattr() throws FsException {
        return Name.of("user.x");
    }

    private long millis() {
        return TimeUnit.NANOSECONDS.toMillis(clock.getAsLong());
    }

    private TreeLockRow lock(String path, long until, Stage stage) throws FsException {
        TreeLockRow lock = subject.treeLocking().lock(shell.at(path).inode(), until);
        if (stage == Stage.COMPLETE) {
            subject.work().drain();
        }
        return lock;
    }

    /** A change that is refused. */
    private record Try(String what, Shell.Action action) {}

    private List<Try> allChanges() throws FsException {
        OpContext op = shell.op();
        FileHandle file = shell.at("/tree/file");
        FileHandle tree = shell.at("/tree");
        FileHandle other = shell.at("/free/other");
        FileHandle root = fs().root();
        SetTime then = new SetTime.At(5);
        List<Try> all = new ArrayList<>();
        all.add(new Try("write", () -> shell.write("/tree/file", 1, "x")));
        all.add(new Try("write through a name outside", () -> shell.write("/outside", 1, "x")));
        all.add(new Try(
                "write of an open file",
                () -> fs().writeOpen(op, file, 0, Bytes.copyOf(new byte[1]).asBuffer())));
        all.add(new Try("append", () -> shell.write("/tree/dir/deep", 0, "x")));
        all.add(new Try("truncate", () -> shell.set("/tree/file", SetAttributes.ofSize(0))));
        all.add(new Try("grow", () -> shell.set("/tree/file", SetAttributes.ofSize(99))));
        all.add(new Try("truncate of an open file", () -> fs().setattrOpen(op, file, SetAttributes.ofSize(1))));
        all.add(new Try("allocate", () -> fs().allocate(op, file, 0, 100)));
        all.add(new Try("allocate of an open file", () -> fs().allocateOpen(op, file, 0, 100)));
        all.add(new Try("deallocate", () -> fs().deallocate(op, file, 0, 2)));
        all.add(new Try("deallocate of an open file", () -> fs().deallocateOpen(op, file, 0, 2)));
        all.add(new Try("clone into", () -> fs().cloneRange(op, CloneRequest.of(other, 0, file, 0, 0))));
        all.add(new Try("clone within", () -> fs().cloneRange(op, CloneRequest.of(file, 0, file, 4, 4))));
        all.add(new Try("chmod", () -> shell.chmod("/tree/file", 0600)));
        all.add(new Try("chmod of a directory", () -> shell.chmod("/tree/dir", 0700)));
        all.add(new Try("chmod of the root", () -> shell.chmod("/tree", 0700)));
        all.add(new Try("chmod through a name outside", () -> shell.chmod("/outside", 0700)));
        all.add(new Try("chown", () -> shell.chown("/tree/file", 7, 7)));
        all.add(new Try("chown of a symbolic link", () -> shell.chown("/tree/link", 7, 7)));
        all.add(new Try("utimes", () -> shell.set("/tree/file", SetAttributes.NONE.withTimes(then, then))));
        all.add(new Try("utimes of the root", () -> shell.set("/tree", SetAttributes.NONE.withTimes(then, then))));
        all.add(new Try("touch", () -> shell.set("/tree/dir", SetAttributes.NONE.withTimes(null, SetTime.NOW))));
        all.add(new Try("set an attribute", () -> fs().setXattr(op, file, xattr(), Bytes.EMPTY, XattrFlag.REPLACE)));
        all.add(new Try(
                "set a new attribute",
                () -> fs().setXattr(op, shell.at("/tree/dir"), xattr(), Bytes.EMPTY, XattrFlag.CREATE)));
        all.add(new Try("remove an attribute", () -> fs().removeXattr(op, file, xattr())));
        all.add(new Try("remove an attribute of the root", () -> fs().removeXattr(op, tree, xattr())));
        all.add(new Try("create", () -> shell.touch("/tree/new", 0644)));
        all.add(new Try(
                "create exclusively",
                () -> shell.create("/tree/new", CreateRequest.file(0644).exclusive(7))));
        all.add(new Try("create below", () -> shell.touch("/tree/dir/new", 0644)));
        all.add(new Try("mkdir", () -> shell.mkdir("/tree/dir/new", 0755)));
        all.add(new Try("symlink", () -> shell.symlink("/tree/new", "file")));
        all.add(new Try("unlink", () -> shell.unlink("/tree/file")));
        all.add(new Try("unlink of a symbolic link", () -> shell.unlink("/tree/link")));
        all.add(new Try("unlink of a name outside", () -> shell.unlink("/outside")));
        all.add(new Try("unlink below", () -> shell.unlink("/tree/dir/deep")));
        all.add(new Try("link out", () -> shell.link("/tree/dir/deep", "/free/new")));
        all.add(new Try("link through a name outside", () -> shell.link("/outside", "/free/new")));
        all.add(new Try("link in", () -> shell.link("/free/other", "/tree/new")));
        all.add(new Try("link within", () -> shell.link("/tree/file", "/tree/dir/new")));
        all.add(new Try("rename in", () -> shell.rename("/free/other", "/tree/new")));
        all.add(new Try("rename over one", () -> shell.rename("/free/other", "/tree/file")));
        all.add(new Try("rename over a name outside", () -> shell.rename("/free/other", "/outside")));
        all.add(new Try("rename out", () -> shell.rename("/tree/file", "/free/new")));
        all.add(new Try("rename of a name outside", () -> shell.rename("/outside", "/free/new")));
        all.add(new Try("rename a directory out", () -> shell.rename("/tree/dir", "/free/new")));
        all.add(new Try("rename within", () -> shell.rename("/tree/file", "/tree/new")));
        all.add(new Try("rename below", () -> shell.rename("/tree/dir/deep", "/tree/new")));
        all.add(new Try("rename of the root", () -> shell.rename("/tree", "/new")));
        all.add(new Try("rename of the root in exchange", () -> shell.rename("/tree", "/free", RenameFlag.EXCHANGE)));
        all.add(new Try(
                "rename in exchange for one", () -> shell.rename("/free/other", "/tree/file", RenameFlag.EXCHANGE)));
        all.add(new Try("open for writing", () -> fs().checkWritable(op, file)));
        all.add(new Try("open for writing below", () -> fs().checkWritable(op, shell.at("/tree/dir/deep"))));
        assertThat(root).isNotNull();
        return all;
    }

    /** What can be seen of all there is, but for access times. */
    private List<String> image() throws FsException {
        List<String> lines = new ArrayList<>();
        for (String path : List.of("/", "/tree", "/tree/dir", "/free")) {
            lines.add(path + " " + describe(shell.stat(path)) + shell.ls(path));
        }
        for (String path : List.of("/tree/file", "/tree/dir/deep", "/tree/link", "/free/other", "/outside")) {
            lines.add(path + " " + describe(shell.stat(path)));
        }
        lines.add(shell.read("/tree/file") + shell.read("/free/other"));
        return lines;
    }

    private static String describe(Attributes attributes) {
        return attributes.change() + " " + attributes.ctime() + " " + attributes.size() + " " + attributes.nlink();
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void everyChangeIsRefusedAndChangesNothing(Stage stage) throws FsException {
        lock("/tree", 0, stage);
        List<String> before = image();
        for (Try change : allChanges()) {
            assertThat(errno(change.action)).as(change.what).contains(Errno.EPERM);
        }
        assertThat(image()).isEqualTo(before);
    }

    @Test
    void itHoldsAfterARestartAtAnyStage() throws FsException {
        lock("/tree", 0, Stage.INTENDED);
        subject.restart();
        shell = new Shell(subject.fileSystem());
        for (Try change : allChanges()) {
            assertThat(errno(change.action)).as(change.what).contains(Errno.EPERM);
        }
        subject.work().drain();
        subject.restart();
        shell = new Shell(subject.fileSystem());
        for (Try change : allChanges()) {
            assertThat(errno(change.action)).as(change.what).contains(Errno.EPERM);
        }
    }

    @Test
    void whatIsOutsideChangesAsBefore() throws FsException {
        lock("/tree", 0, Stage.COMPLETE);
        shell.write("/free/other", 0, "x");
        shell.rename("/free/other", "/free/new");
        shell.unlink("/free/new");
        shell.rmdir("/free");
        shell.mkdir("/tree2", 0755);
        fs().cloneRange(shell.op(), CloneRequest.of(shell.at("/tree/file"), 0, shell.touch("/tree2/copy", 0644), 0, 0));
        assertThat(shell.read("/tree2/copy")).isEqualTo("text");
        fs().checkWritable(shell.op(), shell.at("/tree2/copy"));
    }

    @Test
    void readingGoesOnAndAccessTimesWithIt() throws FsException {
        shell.chmod("/tree/file", 0444);
        lock("/tree", 0, Stage.COMPLETE);
        clock.advance(Duration.ofDays(2).toNanos());
        assertThat(shell.read("/tree/file")).isEqualTo("text");
        assertThat(shell.stat("/tree/file").atime()).isEqualTo(clock.getAsLong());
        assertThat(fs().access(shell.op(), shell.at("/tree/file"), 7)).isEqualTo(Access.READ);
        assertThat(fs().access(shell.op(), shell.at("/tree"), 7)).isEqualTo(Access.READ | Access.EXECUTE);
        assertThat(fs().access(shell.op(), shell.at("/free"), 7)).isEqualTo(7);
    }

    @Test
    void anAncestorMayBeRenamedButNotRemoved() throws FsException {
        lock("/tree/dir", 0, Stage.COMPLETE);
        shell.rename("/tree", "/moved");
        assertThat(errno(() -> shell.touch("/moved/dir/new", 0644))).contains(Errno.EPERM);
        shell.touch("/moved/new", 0644);
        assertThat(errno(() -> shell.rmdir("/moved"))).contains(Errno.ENOTEMPTY);
    }

    @Test
    void oneFileCanBeLocked() throws FsException {
        lock("/tree/file", 0, Stage.COMPLETE);
        assertThat(errno(() -> shell.write("/outside", 0, "x"))).contains(Errno.EPERM);
        assertThat(errno(() -> shell.unlink("/outside"))).contains(Errno.EPERM);
        shell.write("/tree/dir/deep", 0, "x");
        shell.touch("/tree/new", 0644);
    }

    @Test
    void theRootOfAllCanBeLocked() throws FsException {
        lock("/", 0, Stage.INTENDED);
        assertThat(errno(() -> shell.touch("/free/new", 0644))).contains(Errno.EPERM);
        subject.work().drain();
        assertThat(errno(() -> shell.touch("/free/new", 0644))).contains(Errno.EPERM);
        assertThat(errno(() -> shell.write("/outside", 0, "x"))).contains(Errno.EPERM);
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void aLockWithoutADateIsReleasedWhereThePolicyAllowsIt(Stage stage) throws FsException {
        lock("/tree", 0, stage);
        long root = shell.at("/tree").inode();
        assertThat(errno(() -> subject.treeLocking().unlock(root, UnlockPolicy.NEVER)))
                .contains(Errno.EPERM);
        assertThat(errno(
                        () -> subject.treeLocking().unlock(shell.at("/tree/dir").inode(), UnlockPolicy.ALLOWED)))
                .as("of what is only below one")
                .contains(Errno.EINVAL);
        subject.treeLocking().unlock(root, UnlockPolicy.ALLOWED);
        shell.write("/tree/file", 0, "x");
        shell.unlink("/outside");
        subject.work().drain();
        shell.rename("/tree", "/moved");
        assertThat(subject.treeLocks().all()).isEmpty();
        assertThat(subject.store().view().lockedBy(1, 10)).isEmpty();
        assertThat(NamespaceInvariants.scan(subject.store().view(), org.cairnfs.core.metadata.row.InodeLockRow.class))
                .isEmpty();
    }

    @Test
    void aDateIsMovedToLaterOnesOnlyAndNothingEndsItBefore() throws FsException {
        long until = millis() + 10_000;
        TreeLockRow lock = lock("/tree", until, Stage.COMPLETE);
        long root = lock.root();
        assertThat(subject.treeLocking().lock(root, until - 1)).isEqualTo(lock.withState(TreeLockRow.COMPLETE));
        assertThat(errno(() -> subject.treeLocking().lock(root, millis()))).contains(Errno.EINVAL);
        assertThat(errno(() -> subject.treeLocking().unlock(root, UnlockPolicy.ALLOWED)))
                .contains(Errno.EPERM);
        assertThat(subject.treeLocking().lock(root, until + 10_000).untilMillis())
                .isEqualTo(until + 10_000);
        clock.advance(Duration.ofMillis(19_999).toNanos());
        assertThat(errno(() -> shell.touch("/tree/new", 0644))).contains(Errno.EPERM);
        assertThat(subject.treeLocking().keep()).isEmpty();
        clock.advance(Duration.ofMillis(1).toNanos());
        shell.touch("/tree/new", 0644);
        assertThat(subject.treeLocking().keep()).extracting(TreeLockRow::lock).containsExactly(lock.lock());
        subject.work().drain();
        assertThat(subject.treeLocks().all()).isEmpty();
    }

    /** Else a lock without a date, which can be taken away, would be the way around a date. */
    @Test
    void aLockWithoutADateTakesNothingFromOneThatHasOne() throws FsException {
        lock("/tree", millis() + 10_000, Stage.COMPLETE);
        lock("/tree", 0, Stage.COMPLETE);
        subject.treeLocking().unlock(shell.at("/tree").inode(), UnlockPolicy.ALLOWED);
        subject.work().drain();
        assertThat(errno(() -> shell.touch("/tree/new", 0644))).contains(Errno.EPERM);
        clock.advance(Duration.ofSeconds(10).toNanos());
        shell.touch("/tree/new", 0644);
    }

    /** Those who write are not on the thread of mutations; what they asked before the lock must not come after it. */
    @Test
    void noWriteComesAfterTheAnswerOfALock() throws Exception {
        FileHandle file = shell.at("/tree/file");
        CountDownLatch begun = new CountDownLatch(WRITERS);
        List<Future<Errno>> writers = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try {
            for (int i = 0; i < WRITERS; i++) {
                writers.add(threads.submit(() -> {
                    Optional<Errno> refusal = Optional.empty();
                    while (refusal.isEmpty()) {
                        refusal = errno(() -> shell.write("/tree/file", 0, "more"));
                        begun.countDown();
                    }
                    return refusal.get();
                }));
            }
            begun.await();
            lock("/tree", 0, Stage.INTENDED);
            long change = fs().getattr(shell.op(), file).change();
            for (Future<Errno> writer : writers) {
                assertThat(writer.get()).isEqualTo(Errno.EPERM);
            }
            assertThat(fs().getattr(shell.op(), file).change()).isEqualTo(change);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void nestedLocksHoldEachByItself() throws FsException {
        lock("/tree/dir", 0, Stage.COMPLETE);
        lock("/tree", 0, Stage.COMPLETE);
        subject.treeLocking().unlock(shell.at("/tree").inode(), UnlockPolicy.ALLOWED);
        subject.work().drain();
        shell.touch("/tree/new", 0644);
        assertThat(errno(() -> shell.write("/tree/dir/deep", 0, "x"))).contains(Errno.EPERM);
        assertThat(errno(() -> shell.touch("/tree/dir/new", 0644))).contains(Errno.EPERM);
    }

    @Test
    void extendingWhileItIsFilledInLosesNothing() throws FsException {
        for (int i = 0; i < 600; i++) {
            shell.touch("/tree/dir/" + i, 0644);
        }
        TreeLockRow lock = lock("/tree", millis() + 10_000, Stage.INTENDED);
        subject.treeLocking().lock(lock.root(), millis() + 20_000);
        assertThat(subject.treeLocks().all()).containsExactly(lock.withUntil(millis() + 20_000));
        subject.work().drain();
        assertThat(subject.treeLocks().all())
                .containsExactly(lock.withUntil(millis() + 20_000).withState(TreeLockRow.COMPLETE));
        assertThat(subject.store().view().lockedBy(lock.lock(), 10_000)).hasSize(605);
    }

    @Test
    void releasingWhileItIsFilledInLeavesNothing() throws FsException {
        lock("/tree", 0, Stage.INTENDED);
        subject.treeLocking().unlock(shell.at("/tree").inode(), UnlockPolicy.ALLOWED);
        subject.work().drain();
        assertThat(subject.treeLocks().all()).isEmpty();
        assertThat(subject.store().view().works()).isEmpty();
        shell.touch("/tree/new", 0644);
    }

    @Test
    void whatIsAtOrBelowATreeIsFound() throws FsException {
        TreeLockRow lock = lock("/tree/dir", 0, Stage.COMPLETE);
        var view = subject.store().view();
        assertThat(subject.treeLocks()
                        .anyWithin(view.inode(shell.at("/tree").inode()).orElseThrow()))
                .map(TreeLockRow::lock)
                .contains(lock.lock());
        assertThat(subject.treeLocks()
                        .anyWithin(view.inode(shell.at("/free").inode()).orElseThrow()))
                .isEqualTo(Optional.empty());
    }
}
