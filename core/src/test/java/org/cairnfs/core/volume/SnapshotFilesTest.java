package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.op;
import static org.cairnfs.core.volume.VolumeFixture.read;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.cairnfs.core.fs.Access;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.CloneRequest;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.DirectoryPage;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.Origin;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.fs.XattrFlag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots as clients come upon them: {@code .snapshots}, what is below, and what cannot be done there. */
class SnapshotFilesTest {
    private static final Name SNAPSHOTS = name(".snapshots");
    private static final OpContext SOMEBODY = new OpContext(Credentials.of(1000, 1000));

    @TempDir
    Path folder;

    private VolumeFixture fixture;
    private CairnVolume volume;
    private FileSystem fs;
    private FileHandle file;
    private FileHandle snapshots;

    private static Name name(String text) {
        return Name.ofTrusted(text.getBytes(StandardCharsets.UTF_8));
    }

    @BeforeEach
    void make() throws Exception {
        fixture = new VolumeFixture(folder, true);
        volume = fixture.open(VolumeOptions.defaults().withBarriers(VolumeFixture.NO_BARRIERS));
        fs = volume.fileSystem();
        fs.endGrace();
        file = createFile(fs, "file");
        write(file, "before");
        snapshots = fs.lookup(op(), fs.root(), SNAPSHOTS).handle();
    }

    @AfterEach
    void end() {
        volume.abandon();
    }

    private void write(FileHandle to, String text) throws FsException {
        fs.write(op(), to, 0, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private String text(FileHandle of) throws Exception {
        return new String(read(fs, of), StandardCharsets.UTF_8);
    }

    private FileHandle mkdir(FileHandle in, String name) throws FsException {
        return fs.create(op(), in, name(name), CreateRequest.directory(0755))
                .node()
                .handle();
    }

    private interface Call {
        void run() throws FsException;
    }

    private static void assertErrno(Errno errno, Call call) {
        FsException thrown = Assertions.catchThrowableOfType(FsException.class, call::run);
        assertThat(thrown).as("thrown, for " + errno).isNotNull();
        assertThat(thrown.errno()).as(thrown.getMessage()).isEqualTo(errno);
    }

    @Test
    void mkdirTakesOneAndRmdirDeletesIt() throws Exception {
        FileHandle then = mkdir(snapshots, "one");
        write(file, "after!");
        assertThat(text(fs.lookup(op(), then, name("file")).handle())).isEqualTo("before");
        assertThat(text(file)).isEqualTo("after!");
        assertThat(fs.lookupParent(op(), then).handle()).isEqualTo(snapshots);
        assertThat(fs.lookupParent(op(), snapshots).handle()).isEqualTo(fs.root());
        long changed = fs.getattr(op(), snapshots).change();
        fs.remove(op(), snapshots, name("one"), RemoveKind.DIRECTORY);
        assertThat(fs.getattr(op(), snapshots).change()).isGreaterThan(changed);
        assertErrno(Errno.ESTALE, () -> fs.getattr(op(), then));
        assertErrno(Errno.ENOENT, () -> fs.lookup(op(), snapshots, name("one")));
    }

    /** A client that did not hear the answer before a crash asks again, with the same origin. */
    @Test
    void aRequestThatComesAgainAfterACrashIsAnsweredAsBefore() throws Exception {
        CreateRequest directory = CreateRequest.directory(0755);
        FileHandle made =
                fs.create(asked(1), snapshots, name("one"), directory).node().handle();
        crash();
        assertThat(fs.create(asked(1), snapshots, name("one"), directory).node().handle())
                .isEqualTo(made);
        assertErrno(Errno.EEXIST, () -> fs.create(asked(1), snapshots, name("one"), directory));

        fs.rename(asked(2), snapshots, name("one"), snapshots, name("two"), RenameFlag.REPLACE);
        crash();
        fs.rename(asked(2), snapshots, name("one"), snapshots, name("two"), RenameFlag.REPLACE);
        assertErrno(
                Errno.ENOENT,
                () -> fs.rename(asked(2), snapshots, name("one"), snapshots, name("two"), RenameFlag.REPLACE));

        fs.remove(asked(3), snapshots, name("two"), RemoveKind.DIRECTORY);
        crash();
        fs.remove(asked(3), snapshots, name("two"), RemoveKind.DIRECTORY);
        assertErrno(Errno.ENOENT, () -> fs.remove(asked(3), snapshots, name("two"), RemoveKind.DIRECTORY));
    }

    /** The same client asks for the same anew: what happened in between says so. */
    @Test
    void aRequestThatIsMadeAnewIsCarriedOut() throws Exception {
        mkdir(snapshots, "one");
        fs.remove(asked(1), snapshots, name("one"), RemoveKind.DIRECTORY);
        mkdir(snapshots, "one");
        crash();
        fs.remove(asked(1), snapshots, name("one"), RemoveKind.DIRECTORY);
        assertThat(names(snapshots)).isEmpty();
    }

    /** As a client asks in a slot for each kind of request. */
    private static OpContext asked(int arguments) {
        return new OpContext(Credentials.ROOT, new Origin(1, arguments, 1, arguments));
    }

    private void crash() throws Exception {
        volume.journal().sync(volume.journal().lastSequence());
        volume.abandon();
        volume = fixture.open(VolumeOptions.defaults().withBarriers(VolumeFixture.NO_BARRIERS));
        fs = volume.fileSystem();
    }

    @Test
    void listingsDoNotShowThem() throws Exception {
        mkdir(snapshots, "one");
        assertThat(names(fs.root())).containsExactly("file");
        assertThat(names(snapshots)).containsExactly("one");
    }

    private List<String> names(FileHandle directory) throws FsException {
        return fs.readdir(op(), directory, 0, 100, true).entries().stream()
                .map(entry -> entry.name().toString())
                .toList();
    }

    @Test
    void aListingGoesOnBehindACookie() throws Exception {
        for (int i = 0; i < 5; i++) {
            mkdir(snapshots, "s" + i);
        }
        fs.remove(op(), snapshots, name("s2"), RemoveKind.ANY);
        DirectoryPage first = fs.readdir(op(), snapshots, 0, 2, false);
        assertThat(first.end()).isFalse();
        DirectoryPage rest = fs.readdir(op(), snapshots, first.entries().get(1).cookie(), 2, false);
        assertThat(rest.end()).isTrue();
        assertThat(rest.entries()).extracting(entry -> entry.name().toString()).containsExactly("s3", "s4");
    }

    /** A directory is at one place; elsewhere there is a way to it. */
    @Test
    void otherDirectoriesHaveLinks() throws Exception {
        FileHandle a = mkdir(fs.root(), "a");
        FileHandle b = mkdir(a, "b");
        mkdir(snapshots, "one");
        fs.rename(op(), a, name("b"), fs.root(), name("moved"), RenameFlag.REPLACE);
        FileHandle links = fs.lookup(op(), b, SNAPSHOTS).handle();
        FileHandle link = fs.lookup(op(), links, name("one")).handle();
        assertThat(fs.readlink(op(), link).asBuffer())
                .isEqualTo(ByteBuffer.wrap("../../.snapshots/one/a/b".getBytes(StandardCharsets.UTF_8)));
        assertThat(fs.getattr(op(), link).size()).isEqualTo(24);
        assertThat(fs.lookupParent(op(), links).handle()).isEqualTo(b);
        FileHandle later = mkdir(fs.root(), "later");
        FileHandle none = fs.lookup(op(), later, SNAPSHOTS).handle();
        assertThat(names(none)).isEmpty();
        assertErrno(Errno.ENOENT, () -> fs.lookup(op(), none, name("one")));
        assertErrno(Errno.EROFS, () -> mkdir(links, "two"));
    }

    /** Who mounts a sub-tree finds its snapshots there. */
    @Test
    void theCallersRootHasDirectories() throws Exception {
        FileHandle a = mkdir(fs.root(), "a");
        FileHandle b = mkdir(a, "b");
        FileHandle inside = fs.create(op(), b, name("inside"), CreateRequest.file(0644))
                .node()
                .handle();
        write(inside, "then");
        mkdir(snapshots, "one");
        OpContext below = op().under(a.inode());
        FileHandle top = fs.lookup(below, a, SNAPSHOTS).handle();
        FileHandle then = fs.lookup(below, top, name("one")).handle();
        assertThat(fs.lookupParent(below, then).handle()).isEqualTo(top);
        FileHandle found = fs.lookup(below, fs.lookup(below, then, name("b")).handle(), name("inside"))
                .handle();
        assertThat(text(found)).isEqualTo("then");
        FileHandle link = fs.lookup(below, fs.lookup(below, b, SNAPSHOTS).handle(), name("one"))
                .handle();
        assertThat(fs.readlink(below, link).asBuffer())
                .isEqualTo(ByteBuffer.wrap("../../.snapshots/one/b".getBytes(StandardCharsets.UTF_8)));
        assertErrno(Errno.EROFS, () -> fs.create(below, top, name("two"), CreateRequest.directory(0755)));
    }

    @Test
    void nobodyButTheOwnerTakesOrDeletesOne() throws Exception {
        mkdir(snapshots, "one");
        assertErrno(Errno.EPERM, () -> fs.create(SOMEBODY, snapshots, name("x"), CreateRequest.directory(0755)));
        assertErrno(Errno.EPERM, () -> fs.remove(SOMEBODY, snapshots, name("one"), RemoveKind.DIRECTORY));
        assertErrno(
                Errno.EPERM,
                () -> fs.rename(SOMEBODY, snapshots, name("one"), snapshots, name("two"), RenameFlag.REPLACE));
        int all = Access.READ | Access.WRITE | Access.EXECUTE;
        assertThat(fs.access(SOMEBODY, snapshots, all)).isEqualTo(Access.READ | Access.EXECUTE);
        assertThat(fs.access(op(), snapshots, all)).isEqualTo(all);
        assertErrno(Errno.EPERM, () -> fs.create(op(), snapshots, name("x"), CreateRequest.file(0644)));
        assertErrno(Errno.EEXIST, () -> mkdir(snapshots, "one"));
        assertErrno(Errno.EISDIR, () -> fs.remove(op(), snapshots, name("one"), RemoveKind.NON_DIRECTORY));
    }

    @Test
    void theNameIsTaken() throws Exception {
        assertErrno(Errno.EEXIST, () -> mkdir(fs.root(), ".snapshots"));
        assertErrno(Errno.EEXIST, () -> fs.link(op(), file, fs.root(), SNAPSHOTS));
        assertErrno(Errno.EBUSY, () -> fs.remove(op(), fs.root(), SNAPSHOTS, RemoveKind.DIRECTORY));
        assertErrno(Errno.EBUSY, () -> fs.rename(op(), fs.root(), SNAPSHOTS, fs.root(), name("x"), RenameFlag.REPLACE));
        assertErrno(
                Errno.EBUSY, () -> fs.rename(op(), fs.root(), name("file"), fs.root(), SNAPSHOTS, RenameFlag.REPLACE));
    }

    @Test
    void aRenameGivesAnotherName() throws Exception {
        FileHandle then = mkdir(snapshots, "one");
        fs.rename(op(), snapshots, name("one"), snapshots, name("two"), RenameFlag.REPLACE);
        assertThat(fs.lookup(op(), snapshots, name("two")).handle()).isEqualTo(then);
        assertThat(fs.pathOf(then)).contains("/.snapshots/two/");
        assertErrno(
                Errno.EXDEV, () -> fs.rename(op(), snapshots, name("two"), fs.root(), name("two"), RenameFlag.REPLACE));
    }

    /** Every verb that changes something, on what is in a snapshot. */
    @Test
    void nothingInASnapshotChanges() throws Exception {
        FileHandle then = mkdir(snapshots, "one");
        FileHandle old = fs.lookup(op(), then, name("file")).handle();
        SetAttributes mode = SetAttributes.ofMode(0600);
        ByteBuffer bytes = ByteBuffer.wrap(new byte[1]);
        Name any = name("user.x");
        List<Call> calls = List.of(
                () -> fs.setattr(op(), old, mode),
                () -> fs.setattrOpen(op(), old, mode),
                () -> fs.checkWritable(op(), old),
                () -> fs.write(op(), old, 0, bytes.duplicate()),
                () -> fs.writeOpen(op(), old, 0, bytes.duplicate()),
                () -> fs.allocate(op(), old, 0, 100),
                () -> fs.allocateOpen(op(), old, 0, 100),
                () -> fs.deallocate(op(), old, 0, 1),
                () -> fs.deallocateOpen(op(), old, 0, 1),
                () -> fs.cloneRange(op(), CloneRequest.of(old, 0, old, 10, 1)),
                () -> fs.setXattr(op(), old, any, Bytes.copyOf(new byte[1]), XattrFlag.EITHER),
                () -> fs.removeXattr(op(), old, any),
                () -> mkdir(then, "x"),
                () -> fs.link(op(), old, then, name("x")),
                () -> fs.rename(op(), then, name("file"), then, name("x"), RenameFlag.REPLACE),
                () -> fs.remove(op(), then, name("file"), RemoveKind.ANY));
        for (Call call : calls) {
            assertErrno(Errno.EROFS, call);
        }
        assertErrno(Errno.EXDEV, () -> fs.link(op(), old, fs.root(), name("x")));
        assertErrno(Errno.EXDEV, () -> fs.rename(op(), then, name("file"), fs.root(), name("x"), RenameFlag.REPLACE));
        assertErrno(Errno.EXDEV, () -> fs.cloneRange(op(), CloneRequest.of(old, 0, file, 0, 1)));
        assertThat(text(old)).isEqualTo("before");
    }

    /** A file system check by a client (find, tar, git) takes two files with one number for one file. */
    @Test
    void eachHasANumberOfItsOwn() throws Exception {
        Set<Long> numbers = new HashSet<>();
        numbers.add(fs.getattr(op(), file).fileId());
        numbers.add(fs.getattr(op(), fs.root()).fileId());
        numbers.add(fs.getattr(op(), snapshots).fileId());
        for (int i = 0; i < 3; i++) {
            FileHandle then = mkdir(snapshots, "s" + i);
            numbers.add(fs.getattr(op(), then).fileId());
            numbers.add(fs.lookup(op(), then, name("file")).attributes().fileId());
        }
        assertThat(numbers).hasSize(9);
    }

    @Test
    void whatIsOpenInADeletedSnapshotIsStale() throws Exception {
        FileHandle then = mkdir(snapshots, "one");
        FileHandle old = fs.lookup(op(), then, name("file")).handle();
        fs.pin(old);
        fs.remove(op(), snapshots, name("one"), RemoveKind.DIRECTORY);
        assertErrno(Errno.ESTALE, () -> fs.readOpen(op(), old, 0, 10));
        fs.unpin(old);
        assertThat(text(lookup(fs, "file"))).isEqualTo("before");
    }

    /** What was written before it and flushed after it, by way of a clone into the same file. */
    @Test
    void aCloneIntoAFileWaitsForWhatTheSnapshotSees() throws Exception {
        FileHandle then = mkdir(snapshots, "one");
        FileHandle source = createFile(fs, "source");
        write(source, "cloned");
        fs.cloneRange(op(), CloneRequest.of(source, 0, file, 0, 0));
        volume.flush(left -> {});
        assertThat(text(file)).isEqualTo("cloned");
        assertThat(text(fs.lookup(op(), then, name("file")).handle())).isEqualTo("before");
    }

    @Test
    void aRemovedFileIsStillThere() throws Exception {
        FileHandle then = mkdir(snapshots, "one");
        fs.remove(op(), fs.root(), name("file"), RemoveKind.ANY);
        FileHandle old = fs.lookup(op(), then, name("file")).handle();
        assertThat(text(old)).isEqualTo("before");
        volume.flush(left -> {});
        while (!volume.finishBackgroundWork()) {
            volume.flush(left -> {});
        }
        assertThat(text(old)).isEqualTo("before");
    }
}
