package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.cairnfs.core.volume.VolumeFixture.op;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.XattrFlag;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.namespace.Rollback;
import org.cairnfs.core.namespace.TreeCopy;
import org.cairnfs.core.snapshot.Snapshot;
import org.cairnfs.core.testkit.NamespaceInvariants;
import org.cairnfs.core.testkit.Shell;
import org.cairnfs.core.testkit.StillImage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trees that are brought back to what they were: whole, with a snapshot of before, or not at all. */
class RollbackTest {
    private static final TreeCopies.Listener SILENT = new TreeCopies.Listener() {
        @Override
        public void isUploading(long bytes) {}

        @Override
        public void isCopying(TreeCopy.Progress progress) {}
    };

    @TempDir
    Path folder;

    private VolumeFixture fixture;
    private CairnVolume volume;
    private Shell shell;

    @BeforeEach
    void make() throws Exception {
        fixture = new VolumeFixture(folder, true);
        open();
        shell.mkdir("/tree", 0750);
        shell.mkdir("/tree/sub", 0755);
        for (int i = 0; i < 20; i++) {
            shell.touch("/tree/sub/" + i, 0644);
        }
        shell.write("/tree/sub/3", 0, "three");
        shell.link("/tree/sub/3", "/tree/three");
        shell.symlink("/tree/link", "sub");
        shell.touch("/file", 0600);
        shell.write("/file", 0, "before");
        xattr("/tree", "user.then", "1");
        volume.snapshots().create(Name.of("then"), false);
    }

    private void open() throws Exception {
        volume = fixture.open(VolumeOptions.defaults().withBarriers(VolumeFixture.NO_BARRIERS));
        volume.fileSystem().endGrace();
        shell = new Shell(volume.fileSystem());
    }

    @AfterEach
    void end() {
        volume.abandon();
    }

    private void xattr(String path, String name, String value) throws FsException {
        volume.fileSystem()
                .setXattr(
                        op(),
                        shell.at(path),
                        Name.of(name),
                        Bytes.ofTrusted(value.getBytes(StandardCharsets.UTF_8)),
                        XattrFlag.EITHER);
    }

    /** Everything is another now. */
    private void change() throws FsException {
        shell.write("/tree/sub/3", 0, "THREE and more");
        shell.unlink("/tree/sub/4");
        shell.rename("/tree/sub/5", "/tree/five");
        shell.mkdir("/tree/new", 0700);
        shell.touch("/tree/new/file", 0600);
        shell.unlink("/tree/link");
        shell.mkdir("/tree/link", 0700);
        shell.chmod("/tree", 0700);
        xattr("/tree", "user.since", "2");
        shell.write("/file", 0, "after!");
        shell.touch("/other", 0600);
    }

    private List<String> then(String path) throws FsException {
        return StillImage.ofCopy(volume.fileSystem(), shell.at("/.snapshots/then" + path));
    }

    private List<String> now(String path) throws FsException {
        return StillImage.ofCopy(volume.fileSystem(), shell.at(path));
    }

    private Snapshot rollback(String path) throws Exception {
        return volume.treeCopies().rollback(Name.of("then"), path, SILENT);
    }

    private void assertRefused(Errno errno, String path) throws Exception {
        List<String> before = now("/");
        int snapshots = volume.snapshots().all().size();
        FsException refused = catchThrowableOfType(FsException.class, () -> rollback(path));
        assertThat(refused).as("refused with " + errno).isNotNull();
        assertThat(refused.errno()).as(refused.getMessage()).isEqualTo(errno);
        assertThat(now("/")).isEqualTo(before);
        assertThat(volume.snapshots().all()).as("also of before it").hasSize(snapshots);
        assertTidy();
    }

    private void assertTidy() throws Exception {
        while (!volume.finishBackgroundWork()) {
            volume.flush(left -> {});
        }
        assertThat(NamespaceInvariants.broken(volume.metadata().view())).isEmpty();
        assertThat(NamespaceInvariants.scan(volume.metadata().view(), InodeRow.class))
                .noneMatch(inode -> (inode.flags() & InodeRow.FLAG_HIDDEN) != 0)
                .noneMatch(inode -> inode.nlink() == 0);
    }

    @Test
    void aTreeIsWhatItWasAndStaysTheSameDirectory() throws Exception {
        change();
        FileHandle tree = shell.at("/tree");
        List<String> since = StillImage.of(volume.fileSystem(), tree);
        Snapshot before = rollback("/tree");
        assertThat(now("/tree")).isEqualTo(then("/tree"));
        assertThat(shell.at("/tree")).isEqualTo(tree);
        assertThat(shell.read("/file")).as("what is beside it").isEqualTo("after!");
        assertThat(StillImage.of(volume.fileSystem(), shell.at("/.snapshots/" + before.name() + "/tree")))
                .isEqualTo(since);
        assertTidy();
        shell.touch("/tree/sub/works", 0600);
        shell.unlink("/tree/three");
    }

    @Test
    void everythingIsWhatItWas() throws Exception {
        change();
        FileHandle root = volume.fileSystem().root();
        rollback("/");
        assertThat(now("/")).isEqualTo(then(""));
        assertThat(volume.fileSystem().root()).isEqualTo(root);
        assertTidy();
        volume.abandon();
        open();
        assertThat(now("/")).isEqualTo(then(""));
    }

    @Test
    void aFileAndWhatIsNoMoreAndWhatIsOfAnotherKind() throws Exception {
        change();
        rollback("/file");
        assertThat(shell.read("/file")).isEqualTo("before");
        rollback("/tree/sub/4");
        assertThat(shell.stat("/tree/sub/4").nlink()).isEqualTo(1);
        rollback("/tree/link");
        assertThat(volume.fileSystem().readlink(op(), shell.at("/tree/link")).length())
                .isEqualTo(3);
        assertThat(shell.read("/tree/sub/3")).isEqualTo("THREE and more");
        assertTidy();
    }

    @Test
    void whatWasNotThereCannotComeBack() throws Exception {
        change();
        assertRefused(Errno.ENOENT, "/tree/new");
        assertRefused(Errno.ENOENT, "/never");
        volume.trees().remove(List.of("/tree"), false);
        assertRefused(Errno.ENOENT, "/tree/sub");
        rollback("/tree");
        assertThat(now("/tree")).isEqualTo(then("/tree"));
        assertTidy();
    }

    @Test
    void whatIsImmutableStaysAsItIs() throws Exception {
        change();
        volume.trees().lock(List.of("/tree/new/file"), 0);
        while (!volume.finishBackgroundWork()) {
            volume.flush(left -> {});
        }
        assertRefused(Errno.EPERM, "/tree");
        assertRefused(Errno.EPERM, "/");
        rollback("/tree/sub");
        assertThat(shell.read("/tree/sub/3")).isEqualTo("three");
    }

    /** Also if it is held by a name elsewhere. */
    @Test
    void whatIsImmutableByAnotherNameStaysAsItIs() throws Exception {
        change();
        shell.mkdir("/locked", 0700);
        shell.link("/tree/new/file", "/locked/file");
        volume.trees().lock(List.of("/locked"), 0);
        while (!volume.finishBackgroundWork()) {
            volume.flush(left -> {});
        }
        assertRefused(Errno.EPERM, "/tree");
        rollback("/file");
    }

    @Test
    void quotasStay() throws Exception {
        shell.unlink("/tree/three"); // A link across the border of the quota would count for it.
        volume.snapshots().rename(Name.of("then"), Name.of("first"));
        volume.snapshots().create(Name.of("then"), false);
        volume.treeQuotas().set("/tree/sub", new TreeQuotas.Limits(0, 1_000_000, 0, 30, 0));
        assertTidy();
        shell.write("/tree/sub/3", 0, "THREE and more");
        shell.touch("/tree/sub/since", 0600);
        shell.touch("/tree/since", 0600);
        rollback("/tree");
        assertTidy();
        assertThat(volume.treeQuotas().all())
                .containsExactly(new TreeQuotas.Quota(
                        "/tree/sub", new TreeQuotas.Limits(0, 1_000_000, 0, 30, 0), 5, 21, 0, true));
        for (int i = 0; i < 9; i++) {
            shell.touch("/tree/sub/more" + i, 0600);
        }
        assertThat(Shell.errno(() -> shell.touch("/tree/sub/over", 0600))).contains(Errno.EDQUOT);
        rollback("/tree/sub");
        assertTidy();
        assertThat(volume.treeQuotas().all().get(0).inodes()).isEqualTo(21);
        assertThat(now("/tree/sub")).isEqualTo(then("/tree/sub"));
    }

    @Test
    void aServerThatEndsBeforeTheExchangeLeavesThePresent() throws Exception {
        change();
        List<String> before = now("/");
        Rollback rollback = volume.treeCopies().rollback();
        Rollback.Begun begun = rollback.begin(volume.snapshots().require(Name.of("then")), "/tree");
        volume.flush(left -> {});
        while (!rollback.isStaged(begun)) {
            volume.finishBackgroundWork();
        }
        volume.abandon();
        open();
        assertThat(now("/")).isEqualTo(before);
        assertTidy();
        assertThat(volume.metadata().view().works()).isEmpty();
        rollback("/tree");
        assertThat(now("/tree")).isEqualTo(then("/tree"));
    }

    @Test
    void tooManyNamesForOneRecordAreRefused() throws Exception {
        shell.mkdir("/many", 0700);
        for (int i = 0; i <= Rollback.MAX_ENTRIES; i++) {
            shell.touch("/many/" + i, 0600);
        }
        volume.snapshots().rename(Name.of("then"), Name.of("first"));
        volume.snapshots().create(Name.of("then"), false);
        assertRefused(Errno.E2BIG, "/many");
        shell.unlink("/many/0");
        volume.snapshots().delete(Name.of("then"));
        volume.snapshots().create(Name.of("then"), false);
        shell.rename("/many/1", "/one");
        rollback("/many");
        assertThat(now("/many")).isEqualTo(then("/many"));
        assertTidy();
    }
}
