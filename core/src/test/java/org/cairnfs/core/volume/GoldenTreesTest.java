package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.cairnfs.core.testkit.Shell.errno;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.testkit.MutationSequence;
import org.cairnfs.core.testkit.Shell;
import org.cairnfs.core.testkit.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the server of {@link GoldenTrees} had begun is ended, in a bucket that was written when format 1 was new. */
class GoldenTreesTest {
    @TempDir
    private Path folder;

    @Test
    void whatWasBegunWithTreesIsEnded() throws Exception {
        Path golden = Path.of(Objects.requireNonNull(getClass().getResource("/golden/format-1/volume-trees"))
                .toURI());
        Path bucket = folder.resolve("bucket");
        VolumeFixture.copyTree(golden.resolve("bucket"), bucket);
        CairnVolume volume =
                GoldenVolumes.open(bucket, Optional.empty(), Files.createDirectory(folder.resolve("state")));
        try {
            assertThat(MutationSequence.imageOf(Subject.of(volume.fileSystem())))
                    .hasSizeGreaterThan(3 * GoldenTrees.FILES)
                    .isEqualTo(GoldenVolumes.expected(golden));
            Shell shell = new Shell(volume.fileSystem());
            assertThat(shell.stat("/seven").nlink()).isEqualTo(2);
            assertThat(volume.trees().locks())
                    .extracting(Trees.Lock::path)
                    .containsExactly("/locked", "/unlocked", "/dated");
            assertThat(errno(() -> shell.chmod("/dated/below/9", 0600))).contains(Errno.EPERM);
            volume.fileSystem().endGrace();
            assertThat(volume.finishBackgroundWork()).isTrue();
            assertThat(shell.stat("/seven").nlink()).isEqualTo(1);
            assertThat(volume.statistics().inodes())
                    .as("the root, seven, three trees")
                    .isEqualTo(2 + 3 * (GoldenTrees.FILES + 2));
            assertThat(volume.trees().locks())
                    .extracting(Trees.Lock::path, Trees.Lock::untilMillis, Trees.Lock::state)
                    .containsExactly(
                            tuple("/locked", 0L, Trees.State.LOCKED),
                            tuple("/dated", GoldenTrees.UNTIL.toEpochMilli(), Trees.State.LOCKED));
            shell.chmod("/unlocked/below/9", 0600);
            assertThat(errno(() -> shell.chmod("/locked/below/9", 0600))).contains(Errno.EPERM);
            assertThat(errno(() -> shell.chmod("/dated/below/9", 0600))).contains(Errno.EPERM);
            VolumeFixture.stop(volume);
        } finally {
            volume.abandon();
        }
    }
}
