package org.cairnfs.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.base.Splitter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.fs.XattrFlag;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.OrphanRow;
import org.cairnfs.core.metadata.row.QuotaRow;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.testkit.NamespaceInvariants;
import org.cairnfs.core.testkit.VerbsSubject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is removed with a trash is gone for everybody, and comes back whole by its name until its time is over. */
final class TrashTest {
    private static final OpContext OP = new OpContext(Credentials.ROOT);
    private static final Duration KEEP = Duration.ofDays(30);

    private final FakeClock clock = new FakeClock();
    private VerbsSubject subject;
    private FileSystem fs;

    @TempDir
    private Path directory;

    @BeforeEach
    void turnOn() {
        subject = VerbsSubject.onH2(clock, directory);
        subject.restartWithTrash(KEEP);
        fs = subject.fileSystem();
        fs.endGrace();
    }

    @AfterEach
    void allIsSound() {
        assertThat(NamespaceInvariants.broken(subject.store().view())).isEmpty();
        subject.store().close();
    }

    private Trash trash() {
        return subject.fileSystem().trash();
    }

    private FileHandle at(String path) throws FsException {
        FileHandle at = fs.root();
        for (String part : Splitter.on('/').omitEmptyStrings().split(path)) {
            at = fs.lookup(OP, at, Name.of(part)).handle();
        }
        return at;
    }

    private FileHandle parent(String path) throws FsException {
        return at(path.substring(0, Math.max(1, path.lastIndexOf('/'))));
    }

    private static Name name(String path) throws FsException {
        return Name.of(path.substring(path.lastIndexOf('/') + 1));
    }

    private FileHandle file(String path, String text) throws FsException {
        FileHandle file = fs.create(OP, parent(path), name(path), CreateRequest.file(0640))
                .node()
                .handle();
        fs.write(OP, file, 0, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        return file;
    }

    private FileHandle directory(String path) throws FsException {
        return fs.create(OP, parent(path), name(path), CreateRequest.directory(0750))
                .node()
                .handle();
    }

    private void remove(String path) throws FsException {
        clock.advance(Duration.ofSeconds(1).toNanos());
        fs.remove(OP, parent(path), name(path), RemoveKind.ANY);
    }

    private String text(String path) throws FsException {
        StringBuilder text = new StringBuilder();
        for (ByteBuffer piece : fs.read(OP, at(path), 0, 100).pieces()) {
            text.append(StandardCharsets.UTF_8.decode(piece));
        }
        return text.toString();
    }

    private List<Trash.Item> items(String below) throws FsException {
        List<Trash.Item> items = new ArrayList<>();
        trash().list(below, items::add);
        return items;
    }

    private List<String> paths(String below) throws FsException {
        return items(below).stream().map(item -> item.path().orElse("?")).toList();
    }

    private static Errno errno(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(FsException.class, call).errno();
    }

    @Test
    void aRemovedFileComesBackWithAllThatItHad() throws Exception {
        FileHandle file = file("/report", "figures");
        fs.setXattr(
                OP,
                file,
                Name.of("user.kind"),
                Bytes.ofTrusted("x".getBytes(StandardCharsets.UTF_8)),
                XattrFlag.EITHER);
        remove("/report");

        assertThat(errno(() -> at("/report"))).isEqualTo(Errno.ENOENT);
        assertThat(errno(() -> fs.getattr(OP, file))).isEqualTo(Errno.ESTALE);
        assertThat(errno(() -> fs.write(OP, file, 0, ByteBuffer.allocate(1)))).isEqualTo(Errno.ESTALE);
        assertThat(paths("/")).containsExactly("/report");
        assertThat(trash().usage()).isEqualTo(new Trash.Usage(1, 7));

        assertThat(trash().restore("/report", Optional.empty())).isEqualTo(new Trash.Restored(1, 7, List.of()));
        assertThat(text("/report")).isEqualTo("figures");
        assertThat(fs.getattr(OP, file).nlink()).isEqualTo(1);
        assertThat(fs.getattr(OP, file).mode()).isEqualTo(0640);
        assertThat(fs.listXattrs(OP, file)).containsExactly(Name.of("user.kind"));
        assertThat(items("/")).isEmpty();
        assertThat(trash().usage()).isEqualTo(new Trash.Usage(0, 0));
    }

    @Test
    void oneNameOfSeveralIsNotKept() throws Exception {
        FileHandle file = file("/one", "text");
        fs.link(OP, file, fs.root(), Name.of("other"));
        remove("/one");
        assertThat(items("/")).isEmpty();
        remove("/other");
        assertThat(paths("/")).containsExactly("/other");
    }

    @Test
    void whatARenameReplacesIsKept() throws Exception {
        file("/draft", "new");
        file("/paper", "old");
        fs.rename(OP, fs.root(), Name.of("draft"), fs.root(), Name.of("paper"), RenameFlag.REPLACE);
        assertThat(paths("/")).containsExactly("/paper");
        assertThat(errno(() -> trash().restore("/paper", Optional.empty()))).isEqualTo(Errno.EEXIST);
        trash().restore("/paper", Optional.of("/before"));
        assertThat(text("/paper")).isEqualTo("new");
        assertThat(text("/before")).isEqualTo("old");
    }

    @Test
    void aTreeThatWasRemovedByHandComesBackWhole() throws Exception {
        directory("/a");
        directory("/a/b");
        file("/a/b/x", "1");
        file("/a/y", "2");
        remove("/a/b/x");
        remove("/a/b");
        remove("/a/y");
        remove("/a");
        assertThat(paths("/")).containsExactly("/a/b/x", "/a/b", "/a/y", "/a");
        assertThat(paths("/a/b")).containsExactly("/a/b/x", "/a/b");

        assertThat(trash().restore("/a", Optional.empty()).items()).isEqualTo(4);
        assertThat(text("/a/b/x")).isEqualTo("1");
        assertThat(text("/a/y")).isEqualTo("2");
        assertThat(fs.getattr(OP, at("/a")).mode()).isEqualTo(0750);
        assertThat(fs.getattr(OP, at("/a")).nlink()).isEqualTo(3);
    }

    @Test
    void directoriesAboveComeBackToo() throws Exception {
        directory("/a");
        directory("/a/b");
        file("/a/b/x", "1");
        file("/a/b/z", "2");
        remove("/a/b/x");
        remove("/a/b/z");
        remove("/a/b");
        remove("/a");
        assertThat(trash().restore("/a/b/x", Optional.empty()).items()).isEqualTo(3);
        assertThat(text("/a/b/x")).isEqualTo("1");
        assertThat(paths("/")).containsExactly("/a/b/z");
        trash().restore("/a/b/z", Optional.empty());
        assertThat(text("/a/b/z")).isEqualTo("2");
    }

    @Test
    void whatWasInARenamedDirectoryComesBackToIt() throws Exception {
        directory("/old");
        file("/old/x", "1");
        remove("/old/x");
        fs.rename(OP, fs.root(), Name.of("old"), fs.root(), Name.of("new"), RenameFlag.REPLACE);
        assertThat(paths("/")).containsExactly("/new/x");
        trash().restore("/new/x", Optional.empty());
        assertThat(text("/new/x")).isEqualTo("1");
    }

    @Test
    void theNewestOfSeveralComesBackAndTheOthersByTheirNumbers() throws Exception {
        long first = file("/log", "first").inode();
        remove("/log");
        file("/log", "second");
        remove("/log");
        trash().restore("/log", Optional.empty());
        assertThat(text("/log")).isEqualTo("second");
        assertThat(errno(() -> trash().restore(first, Optional.empty()))).isEqualTo(Errno.EEXIST);
        trash().restore(first, Optional.of("/log.1"));
        assertThat(text("/log.1")).isEqualTo("first");
        assertThat(errno(() -> trash().restore(first, Optional.of("/log.2")))).isEqualTo(Errno.ENOENT);
    }

    @Test
    void whatWasInADirectoryThatIsThereAnewComesBackToThat() throws Exception {
        directory("/a");
        file("/a/x", "1");
        remove("/a/x");
        remove("/a");
        directory("/a");
        file("/a/y", "2");
        trash().restore("/a/x", Optional.empty());
        assertThat(text("/a/x")).isEqualTo("1");
        assertThat(text("/a/y")).isEqualTo("2");
        assertThat(paths("/")).containsExactly("/a");
    }

    @Test
    void aTreeComesBackElsewhere() throws Exception {
        directory("/a");
        directory("/a/b");
        file("/a/b/x", "1");
        remove("/a/b/x");
        remove("/a/b");
        directory("/saved");
        trash().restore("/a/b", Optional.of("/saved/c"));
        assertThat(text("/saved/c/x")).isEqualTo("1");
        assertThat(errno(() -> at("/a/b"))).isEqualTo(Errno.ENOENT);
    }

    @Test
    void aWholeTreeThatWasRemovedAtOnceIsKept() throws Exception {
        directory("/a");
        directory("/a/b");
        for (int i = 0; i < 300; i++) {
            file("/a/b/" + i, "text " + i);
        }
        subject.fileSystem().treeRemoval().remove(List.of("/a"), false);
        subject.work().drain();
        assertThat(errno(() -> at("/a"))).isEqualTo(Errno.ENOENT);
        assertThat(trash().usage().inodes()).isEqualTo(302);
        assertThat(trash().restore("/", Optional.empty()).items()).isEqualTo(302);
        assertThat(text("/a/b/299")).isEqualTo("text 299");

        subject.fileSystem().treeRemoval().remove(List.of("/a"), true);
        subject.work().drain();
        assertThat(trash().usage().inodes()).isZero();
    }

    @Test
    void whatIsOpenGoesOnAndIsKeptWhenItIsClosed() throws Exception {
        FileHandle file = file("/open", "before");
        fs.pin(file);
        remove("/open");
        assertThat(fs.getattr(OP, file).nlink()).isZero();
        fs.write(OP, file, 0, ByteBuffer.wrap("after!".getBytes(StandardCharsets.UTF_8)));
        fs.unpin(file);
        assertThat(errno(() -> fs.getattr(OP, file))).isEqualTo(Errno.ESTALE);
        trash().restore("/open", Optional.empty());
        assertThat(text("/open")).isEqualTo("after!");
    }

    @Test
    void whatIsOpenWhenItsTimeIsOverLivesUntilItIsClosed() throws Exception {
        FileHandle file = file("/open", "before");
        fs.pin(file);
        remove("/open");
        clock.advance(KEEP.plusSeconds(1).toNanos());
        assertThat(trash().expire()).isEqualTo(1);
        assertThat(fs.getattr(OP, file).nlink()).isZero();
        assertThat(NamespaceInvariants.scan(subject.store().view(), OrphanRow.class))
                .containsExactly(new OrphanRow(file.inode()));
        fs.unpin(file);
        assertThat(subject.store().view().inode(file.inode())).isEmpty();
    }

    @Test
    void itIsKeptThroughARestartWithoutTrashAndGoesWhenItsTimeIsOver() throws Exception {
        FileHandle early = file("/early", "1");
        remove("/early");
        clock.advance(Duration.ofDays(29).toNanos());
        FileHandle late = file("/late", "2");
        remove("/late");
        subject.restartWithTrash(Duration.ZERO);
        fs = subject.fileSystem();
        fs.endGrace();
        file("/gone", "3");
        remove("/gone");
        assertThat(trash().expire()).isZero();
        assertThat(paths("/")).containsExactly("/early", "/late");
        clock.advance(Duration.ofDays(2).toNanos());
        assertThat(trash().expire()).isEqualTo(1);
        assertThat(subject.store().view().inode(early.inode())).isEmpty();
        assertThat(subject.store().view().inode(late.inode())).isPresent();
        assertThat(paths("/")).containsExactly("/late");
    }

    @Test
    void itIsEmptiedByPathByAgeAndByNumber() throws Exception {
        directory("/a");
        file("/a/x", "1");
        long number = file("/y", "2").inode();
        file("/z", "3");
        remove("/a/x");
        remove("/y");
        clock.advance(Duration.ofDays(1).toNanos());
        long yesterday = clock.getAsLong();
        remove("/z");
        assertThat(trash().empty("/a", Long.MAX_VALUE)).isEqualTo(1);
        assertThat(paths("/")).containsExactly("/y", "/z");
        assertThat(trash().empty("/z", yesterday)).isZero();
        trash().empty(number);
        assertThat(errno(() -> trash().empty(number))).isEqualTo(Errno.ENOENT);
        assertThat(trash().empty("/", Long.MAX_VALUE)).isEqualTo(1);
        assertThat(NamespaceInvariants.scan(subject.store().view(), InodeRow.class))
                .extracting(InodeRow::inode)
                .containsExactlyInAnyOrder(1L, at("/a").inode());
    }

    @Test
    void itDoesNotCountForAQuotaUntilItIsBack() throws Exception {
        FileHandle tree = directory("/tree");
        subject.quotaSetting().set(new QuotaRow(tree.inode(), 0, 10, 0, 0, 60, 0));
        subject.work().drain();
        file("/tree/x", "12345678");
        remove("/tree/x");
        file("/tree/y", "12345678");
        assertThat(errno(() -> trash().restore("/tree/x", Optional.empty()))).isEqualTo(Errno.EDQUOT);
        remove("/tree/y");
        trash().restore("/tree/x", Optional.empty());
        assertThat(text("/tree/x")).isEqualTo("12345678");
        assertThat(subject.store().view().usage(tree.inode()).bytes()).isEqualTo(8);
    }

    @Test
    void nothingComesBackIntoALockedTree() throws Exception {
        FileHandle tree = directory("/tree");
        file("/tree/x", "1");
        remove("/tree/x");
        subject.treeLocking().lock(tree.inode(), 0);
        subject.work().drain();
        assertThat(errno(() -> trash().restore("/tree/x", Optional.empty()))).isEqualTo(Errno.EPERM);
        assertThat(paths("/")).containsExactly("/tree/x");
    }

    @Test
    void aDirectoryThatWasFreedLeavesWhatWasInItToBeGivenAnotherPath() throws Exception {
        directory("/a");
        long number = file("/a/x", "1").inode();
        remove("/a/x");
        subject.fileSystem().treeRemoval().remove(List.of("/a"), true);
        subject.work().drain();
        assertThat(paths("/")).containsExactly("?");
        assertThat(errno(() -> trash().restore(number, Optional.empty()))).isEqualTo(Errno.ENOENT);
        trash().restore(number, Optional.of("/x"));
        assertThat(text("/x")).isEqualTo("1");
    }

    @Test
    void namesAreNotMadeInWhatIsInTheTrash() throws Exception {
        FileHandle directory = directory("/a");
        fs.pin(directory);
        remove("/a");
        assertThat(errno(() -> fs.create(OP, directory, Name.of("x"), CreateRequest.file(0600))))
                .isEqualTo(Errno.ENOENT);
        fs.unpin(directory);
        assertThat(errno(() -> fs.readdir(OP, directory, 0, 10, false))).isEqualTo(Errno.ESTALE);
    }

    @Test
    void nothingAndWhatIsNoPathAreRefused() {
        assertThat(errno(() -> trash().restore("/nothing", Optional.empty()))).isEqualTo(Errno.ENOENT);
        assertThat(errno(() -> trash().restore("relative", Optional.empty()))).isEqualTo(Errno.EINVAL);
        assertThat(errno(() -> trash().empty("relative", 0))).isEqualTo(Errno.EINVAL);
    }
}
