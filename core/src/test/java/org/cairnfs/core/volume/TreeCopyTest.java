package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.cairnfs.core.testkit.Shell.errno;
import static org.cairnfs.core.volume.VolumeFixture.op;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.DeviceNumber;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.fs.SetTime;
import org.cairnfs.core.fs.XattrFlag;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.SnapshotRow;
import org.cairnfs.core.namespace.TreeCopy;
import org.cairnfs.core.testkit.NamespaceInvariants;
import org.cairnfs.core.testkit.Shell;
import org.cairnfs.core.testkit.StillImage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of trees: what they have, when they appear, and what is left of those that do not. */
class TreeCopyTest {
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

    /** Something of everything. */
    private void plant() throws FsException {
        shell.mkdir("/tree", 0751);
        shell.mkdir("/tree/empty", 01777);
        shell.mkdir("/tree/deep", 0700);
        shell.mkdir("/tree/deep/deeper", 0755);
        shell.touch("/tree/deep/deeper/file", 0640);
        shell.write("/tree/deep/deeper/file", 0, "some text");
        shell.write("/tree/deep/deeper/file", 3_000_000, "far away");
        shell.link("/tree/deep/deeper/file", "/tree/link");
        shell.link("/tree/deep/deeper/file", "/tree/deep/other");
        shell.chown("/tree/link", 1000, 2000);
        shell.symlink("/tree/symlink", "deep/deeper");
        shell.create(
                "/tree/fifo",
                new CreateRequest(FileType.FIFO, SetAttributes.ofMode(0600), DeviceNumber.NONE, null, null, false));
        shell.set("/tree/empty", SetAttributes.NONE.withTimes(new SetTime.At(1), new SetTime.At(2)));
        xattr("/tree", "user.of-tree", "1");
        xattr("/tree/link", "user.note", "value");
        for (int i = 0; i < 700; i++) {
            shell.touch("/tree/deep/" + i, 0644);
        }
        shell.write("/tree/deep/5", 0, "five");
        shell.touch("/outside", 0600);
    }

    private void xattr(String path, String name, String value) throws FsException {
        volume.fileSystem().setXattr(op(), shell.at(path), Name.of(name), bytes(value), XattrFlag.EITHER);
    }

    private static Bytes bytes(String text) {
        return Bytes.ofTrusted(text.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> image(String path) throws FsException {
        return StillImage.ofCopy(volume.fileSystem(), shell.at(path));
    }

    private TreeCopy.Progress copy(String source, String target) throws Exception {
        return volume.treeCopies().copy(source, target, SILENT).orElseThrow();
    }

    private void assertRefused(Errno errno, String source, String target) {
        FsException refused = catchThrowableOfType(
                FsException.class, () -> volume.treeCopies().copy(source, target, SILENT));
        assertThat(refused).as("refused with " + errno).isNotNull();
        assertThat(refused.errno()).as(refused.getMessage()).isEqualTo(errno);
    }

    /** Nothing is left of how it was made. */
    private void assertTidy(String... names) throws Exception {
        assertThat(volume.finishBackgroundWork()).isTrue();
        assertThat(NamespaceInvariants.broken(volume.metadata().view())).isEmpty();
        assertThat(NamespaceInvariants.scan(volume.metadata().view(), InodeRow.class))
                .noneMatch(inode -> (inode.flags() & InodeRow.FLAG_HIDDEN) != 0)
                .noneMatch(inode -> inode.nlink() == 0);
        assertThat(NamespaceInvariants.scan(volume.metadata().view(), SnapshotRow.class))
                .hasSize(volume.snapshots().all().size());
        assertThat(PastOfAVolume.names(volume.fileSystem())).containsExactlyInAnyOrder(names);
    }

    @Test
    void aCopyHasEverythingAndGoesItsOwnWay() throws Exception {
        plant();
        List<String> before = image("/tree");
        TreeCopy.Progress done = copy("/tree", "/copy");
        assertThat(done.entries()).isEqualTo(709);
        assertThat(image("/copy")).isEqualTo(before);
        assertThat(shell.at("/copy/link")).isEqualTo(shell.at("/copy/deep/other"));
        assertThat(volume.fileSystem().getXattr(op(), shell.at("/copy/deep/other"), Name.of("user.note")))
                .isEqualTo(bytes("value"));
        shell.write("/copy/link", 0, "other");
        shell.unlink("/copy/deep/5");
        assertThat(image("/tree")).isEqualTo(before);
        shell.write("/tree/deep/5", 0, "more!");
        assertThat(shell.read("/copy/link")).startsWith("othertext");
        assertTidy("tree", "copy", "outside");
        volume.flush(left -> {});
        assertThat(shell.stat("/copy/deep/other").size()).isEqualTo(3_000_008);
        assertThat(shell.stat("/copy/deep/other").nlink()).isEqualTo(3);
    }

    @Test
    void aFileIsCopiedAndNothingOfItsOtherNames() throws Exception {
        plant();
        copy("/tree/link", "/file");
        assertThat(shell.stat("/file").nlink()).isEqualTo(1);
        assertThat(shell.read("/file")).isEqualTo(shell.read("/tree/link"));
        copy("/tree/symlink", "/tree/empty/symlink");
        assertThat(volume.fileSystem().readlink(op(), shell.at("/tree/empty/symlink")))
                .isEqualTo(bytes("deep/deeper"));
        assertTidy("tree", "file", "outside");
    }

    @Test
    void aTreeIsCopiedIntoItself() throws Exception {
        plant();
        List<String> before = image("/tree");
        copy("/", "/tree/empty/all");
        assertThat(image("/tree/empty/all/tree")).isEqualTo(before);
        assertTidy("tree", "outside");
    }

    @Test
    void outOfASnapshotOfEveryDirectory() throws Exception {
        plant();
        List<String> then = image("/tree");
        volume.snapshots().create(Name.of("then"), false);
        shell.unlink("/tree/deep/deeper/file");
        shell.write("/tree/deep/5", 0, "changed since");
        shell.rename("/tree", "/moved");
        copy("/.snapshots/then/tree", "/one");
        assertThat(image("/one")).isEqualTo(then);
        copy("/moved/.snapshots/then/", "/two");
        assertThat(image("/two")).isEqualTo(then);
        copy("/moved/.snapshots/then/deep/5", "/five");
        assertThat(shell.read("/five")).isEqualTo("five");
        assertRefused(Errno.ENOENT, "/.snapshots/then/moved", "/three");
        assertRefused(Errno.ENOENT, "/.snapshots/never/tree", "/three");
        volume.snapshots().delete(Name.of("then"));
        assertThat(image("/two")).isEqualTo(then);
        assertTidy("moved", "one", "two", "five", "outside");
    }

    @Test
    void whatCannotBeIsRefusedAtOnce() throws Exception {
        plant();
        assertRefused(Errno.EEXIST, "/tree", "/outside");
        assertRefused(Errno.ENOENT, "/never", "/copy");
        assertRefused(Errno.ENOENT, "/tree", "/never/copy");
        assertRefused(Errno.ENOTDIR, "/tree", "/outside/copy");
        assertRefused(Errno.EINVAL, "/tree", "/");
        assertRefused(Errno.EINVAL, "/tree", "copy");
        volume.trees().lock(List.of("/tree/empty"), 0);
        assertRefused(Errno.EPERM, "/tree/deep", "/tree/empty/copy");
        volume.finishBackgroundWork();
        copy("/tree", "/copy");
        shell.touch("/copy/empty/new", 0600); // A copy is writable, whatever is locked of the source.
        assertTidy("tree", "copy", "outside");
    }

    @Test
    void aQuotaThatIsTooSmallLeavesNothing() throws Exception {
        plant();
        shell.mkdir("/small", 0755);
        volume.treeQuotas().set("/small", new TreeQuotas.Limits(0, 0, 0, 300, 0));
        assertThat(volume.finishBackgroundWork()).isTrue();
        assertRefused(Errno.EDQUOT, "/tree", "/small/copy");
        assertTidy("tree", "small", "outside");
        assertThat(volume.treeQuotas().all().get(0).inodes()).isEqualTo(1);
        volume.treeQuotas().set("/small", new TreeQuotas.Limits(0, 0, 0, 3_000, 0));
        copy("/tree", "/small/copy");
        assertTidy("tree", "small", "outside");
        assertThat(volume.treeQuotas().all().get(0).inodes()).isEqualTo(1 + 707);
        assertThat(errno(() -> shell.rename("/small/copy", "/out"))).contains(Errno.EXDEV);
    }

    @Test
    void aNameThatIsTakenMeanwhileLeavesNothing() throws Exception {
        plant();
        long copy = begin("/tree", "copy");
        shell.touch("/copy", 0600);
        finish();
        TreeCopy.Progress ended = progress(copy).orElseThrow();
        assertThat(ended.failure().orElseThrow().errno()).isEqualTo(Errno.EEXIST);
        assertTidy("tree", "copy", "outside");
        assertThat(shell.stat("/copy").type()).isEqualTo(FileType.REGULAR);
    }

    private long begin(String source, String name) throws FsException {
        return volume.treeCopies()
                .treeCopy()
                .begin(new TreeCopy.Request(
                        OptionalLong.empty(),
                        shell.at(source).inode(),
                        volume.fileSystem().root().inode(),
                        Name.of(name)));
    }

    private Optional<TreeCopy.Progress> progress(long copy) {
        return volume.treeCopies().treeCopy().progress(copy);
    }

    private void finish() throws Exception {
        volume.flush(left -> {});
        while (!volume.finishBackgroundWork()) {
            Thread.onSpinWait();
        }
    }

    /** Of a file with more extents than a page holds. */
    @Test
    void aScatteredFileIsCopiedInParts() throws Exception {
        shell.mkdir("/tree", 0755);
        shell.touch("/tree/scattered", 0600);
        for (int i = 0; i < 4_500; i++) {
            shell.write("/tree/scattered", i * 100_000L, "at " + i);
        }
        shell.touch("/tree/small", 0600);
        shell.write("/tree/small", 0, "small");
        shell.link("/tree/scattered", "/tree/twice");
        copy("/tree", "/copy");
        assertThat(image("/copy")).isEqualTo(image("/tree"));
        assertThat(shell.stat("/copy/scattered").used())
                .isEqualTo(shell.stat("/tree/scattered").used());
        copy("/tree/scattered", "/alone");
        assertThat(shell.stat("/alone").used())
                .isEqualTo(shell.stat("/tree/scattered").used());
        assertTidy("tree", "copy", "alone");
    }

    @Test
    void itGoesOnAfterACrashWhereverThatCame() throws Exception {
        plant();
        for (int i = 0; i < 2_000; i++) {
            shell.touch("/tree/empty/" + i, 0600);
        }
        List<String> before = image("/tree");
        for (int entries : new int[] {0, 1, 600, 1_700}) {
            long copy = begin("/tree", "copy" + entries);
            volume.flush(left -> {});
            while (progress(copy).map(TreeCopy.Progress::entries).orElse(Long.MAX_VALUE) < entries) {
                volume.finishBackgroundWork();
            }
            shell.unlink("/tree/empty/" + entries); // The source goes on meanwhile.
            volume.abandon();
            open();
            finish();
            assertThat(image("/copy" + entries)).isEqualTo(before);
            shell.touch("/tree/empty/" + entries, 0600);
            before = image("/tree");
        }
        assertTidy("tree", "copy0", "copy1", "copy600", "copy1700", "outside");
    }

    /** Two files are written one after the other, over and over: a copy has both of one moment. */
    @Test
    void aCopyIsOfOneMomentWhileOthersWrite() throws Exception {
        shell.mkdir("/tree", 0755);
        shell.touch("/tree/first", 0600);
        shell.touch("/tree/second", 0600);
        AtomicBoolean end = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            for (int i = 1_000_000; !end.get(); i++) {
                String now = Integer.toString(i);
                assertThat(errno(() -> shell.write("/tree/first", 0, now))).isEmpty();
                assertThat(errno(() -> shell.write("/tree/second", 0, now))).isEmpty();
            }
        });
        writer.start();
        try {
            for (int i = 0; i < 10; i++) {
                copy("/tree", "/copy" + i);
            }
        } finally {
            end.set(true);
            writer.join();
        }
        for (int i = 0; i < 10; i++) {
            String first = shell.read("/copy" + i + "/first");
            String second = shell.read("/copy" + i + "/second");
            if (!first.isEmpty() && !second.isEmpty()) {
                assertThat(Integer.parseInt(first) - Integer.parseInt(second)).isBetween(0, 1);
            }
        }
    }
}
