package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.testkit.Shell.errno;
import static org.cairnfs.core.volume.VolumeFixture.op;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.cairnfs.core.fs.CloneRequest;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.testkit.Shell;
import org.cairnfs.core.usage.TreeMeter;
import org.cairnfs.core.usage.TreeUsage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What trees hold is told by counters where there are some, else by a walk; and what of the storage is theirs alone. */
class TreeSizesTest {
    private static final int MIB = 1 << 20;
    private static final TreeMeter.Listener NOBODY = new TreeMeter.Listener() {
        @Override
        public void walked(long entries) {}

        @Override
        public void scanned(long files, long ofFiles) {}
    };

    @TempDir
    Path folder;

    private CairnVolume volume;
    private Shell shell;

    /**
     * <pre>
     * /        inodes  bytes
     * ├─ a/    5       2 MiB + 5
     * │  ├─ one        1 MiB, random
     * │  ├─ b/
     * │  │  └─ two     1 MiB, random
     * │  └─ also       → one
     * │  └─ text       5
     * └─ c/    1
     *    └─ clone      of two, in one test
     * </pre>
     */
    @BeforeEach
    void make() throws Exception {
        volume = new VolumeFixture(folder, true).open(VolumeOptions.defaults().withBarriers(VolumeFixture.NO_BARRIERS));
        volume.fileSystem().endGrace();
        shell = new Shell(volume.fileSystem());
        shell.mkdir("/a", 0755);
        shell.mkdir("/a/b", 0755);
        shell.mkdir("/c", 0755);
        fill("/a/one", 1);
        fill("/a/b/two", 2);
        shell.link("/a/one", "/a/also");
        shell.touch("/a/text", 0644);
        shell.write("/a/text", 0, "hello");
        volume.flush(left -> {});
    }

    @AfterEach
    void end() {
        volume.abandon();
    }

    private void fill(String path, long seed) throws Exception {
        shell.touch(path, 0644);
        write(volume.fileSystem(), shell.at(path), 0, random(seed));
    }

    private static byte[] random(long seed) {
        byte[] bytes = new byte[MIB];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private TreeUsage of(String path) throws Exception {
        return volume.treeSizes().of(path, false, NOBODY);
    }

    private TreeUsage.Stored stored(String path) throws Exception {
        return volume.treeSizes().of(path, true, NOBODY).stored().orElseThrow();
    }

    private void cloneTwo() throws Exception {
        shell.touch("/c/clone", 0644);
        volume.fileSystem()
                .cloneRange(
                        op(), new CloneRequest(shell.at("/a/b/two"), 0, shell.at("/c/clone"), 0, MIB, false, false));
    }

    @Test
    void aWalkCountsAFileOfSeveralNamesOnce() throws Exception {
        assertThat(of("/a")).isEqualTo(new TreeUsage(2 * MIB + 5, 5, false, Optional.empty()));
        assertThat(of("/a/b/two").bytes()).isEqualTo(MIB);
        assertThat(of("/c").inodes()).isEqualTo(1);
        assertThat(errno(() -> volume.treeSizes().of("/missing", false, NOBODY)))
                .contains(Errno.ENOENT);
    }

    @Test
    void theWholeAndTreesWithQuotasHaveCounters() throws Exception {
        assertThat(of("/").counted()).isTrue();
        assertThat(of("/").bytes()).isEqualTo(2 * MIB + 5);
        volume.treeQuotas().set("/a", new TreeQuotas.Limits(0, 1L << 40, 0, 0, 0));
        assertThat(volume.finishBackgroundWork()).isTrue();
        assertThat(of("/a")).isEqualTo(new TreeUsage(2 * MIB + 5, 5, true, Optional.empty()));
        assertThat(volume.treeSizes().of("/a", true, NOBODY))
                .as("the storage is looked at, so the tree is walked through")
                .extracting(TreeUsage::counted, TreeUsage::bytes, TreeUsage::inodes)
                .containsExactly(false, 2L * MIB + 5, 5L);
    }

    @Test
    void whatIsWrittenTwiceIsStoredOnceAndZerosAreSmall() throws Exception {
        TreeUsage.Stored before = stored("/a");
        assertThat(before.plainBytes()).isEqualTo(2 * MIB + 5);
        assertThat(before.storedBytes()).isBetween(2L * MIB, 2L * MIB + 100_000);
        fill("/a/again", 1);
        shell.touch("/a/letters", 0644);
        byte[] letters = new byte[MIB];
        Arrays.fill(letters, (byte) 'x');
        write(volume.fileSystem(), shell.at("/a/letters"), 0, letters);
        volume.flush(left -> {});
        TreeUsage.Stored after = stored("/a");
        assertThat(of("/a").bytes()).isEqualTo(4 * MIB + 5);
        assertThat(after.plainBytes()).as("the random megabyte is there").isLessThanOrEqualTo(3 * MIB + 5);
        assertThat(after.storedBytes() - before.storedBytes()).isLessThan(20_000);
    }

    @Test
    void whatIsNeededElsewhereOrBySnapshotsIsToldApart() throws Exception {
        TreeUsage.Stored all = stored("/a");
        assertThat(all.sharing()).contains(new TreeUsage.Sharing(all.storedBytes(), 0, 0));
        cloneTwo();
        TreeUsage.Sharing shared = stored("/a").sharing().orElseThrow();
        TreeUsage.Stored two = stored("/a/b/two");
        assertThat(shared.elsewhere()).isEqualTo(two.storedBytes()).isPositive();
        assertThat(shared.alone()).isEqualTo(all.storedBytes() - two.storedBytes());
        assertThat(two.sharing()).contains(new TreeUsage.Sharing(0, 0, two.storedBytes()));

        shell.unlink("/c/clone");
        volume.snapshots().create(Name.of("s"), false);
        shell.write("/a/text", 0, "HELLO");
        write(volume.fileSystem(), shell.at("/a/b/two"), 0, random(3));
        volume.flush(left -> {});
        assertThat(volume.finishBackgroundWork()).isTrue();
        TreeUsage.Stored since = stored("/a");
        assertThat(since.sharing().orElseThrow().alone())
                .as("what is new in two")
                .isBetween((long) MIB, MIB + 50_000L);
        assertThat(since.sharing().orElseThrow().snapshots())
                .as("one, which is in the snapshot by the same rows")
                .isEqualTo(stored("/a/one").storedBytes());
        assertThat(stored("/.snapshots/s/a").plainBytes()).isEqualTo(2 * MIB + 5);
    }

    @Test
    void aSnapshotIsMeasuredAsItWas() throws Exception {
        volume.snapshots().create(Name.of("s"), false);
        shell.unlink("/a/b/two");
        shell.write("/a/text", 5, " world");
        assertThat(of("/.snapshots/s")).isEqualTo(new TreeUsage(2 * MIB + 5, 7, false, Optional.empty()));
        assertThat(of("/.snapshots/s/a/text").bytes()).isEqualTo(5);
        assertThat(of("/a/text").bytes()).isEqualTo(11);
        assertThat(stored("/.snapshots/s/a").sharing()).isEmpty();
        assertThat(errno(() -> volume.treeSizes().of("/.snapshots/t", false, NOBODY)))
                .contains(Errno.ENOENT);
    }
}
