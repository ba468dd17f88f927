package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.cairnfs.core.volume.VolumeFixture.op;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.fs.SetTime;
import org.cairnfs.core.fs.XattrFlag;
import org.cairnfs.core.metadata.row.SnapshotRow;
import org.cairnfs.core.namespace.TreeCopy;
import org.cairnfs.core.snapshot.Difference;
import org.cairnfs.core.snapshot.Differences;
import org.cairnfs.core.testkit.NamespaceInvariants;
import org.cairnfs.core.testkit.Shell;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What differs between snapshots: each thing once, by its name, and nothing else. */
class DifferencesTest {
    @TempDir
    Path folder;

    private CairnVolume volume;
    private Shell shell;

    @BeforeEach
    void make() throws Exception {
        volume = new VolumeFixture(folder, true).open(VolumeOptions.defaults().withBarriers(VolumeFixture.NO_BARRIERS));
        volume.fileSystem().endGrace();
        shell = new Shell(volume.fileSystem());
        shell.mkdir("/a", 0755);
        shell.mkdir("/a/b", 0755);
        for (int i = 0; i < 5; i++) {
            shell.touch("/a/b/" + i, 0644);
        }
        shell.mkdir("/still", 0755);
        shell.touch("/still/file", 0644);
        take("one");
    }

    @AfterEach
    void end() {
        volume.abandon();
    }

    private void take(String name) throws FsException {
        volume.snapshots().create(Name.of(name), false);
    }

    private List<String> between(String from, String to) throws FsException {
        List<String> told = new ArrayList<>();
        volume.differences()
                .between(
                        Name.of(from),
                        to.isEmpty() ? Optional.empty() : Optional.of(Name.of(to)),
                        difference -> told.add(tell(difference)));
        told.sort(null);
        assertThat(NamespaceInvariants.scan(volume.metadata().view(), SnapshotRow.class))
                .as("hidden ones that are kept")
                .noneMatch(row -> row.flags() == 1);
        return told;
    }

    private static String tell(Difference difference) {
        String aspects = difference.aspects().stream().map(Enum::name).sorted().collect(Collectors.joining(","));
        return difference.kind().name().charAt(0) + " " + difference.path()
                + (difference.before().isEmpty() ? "" : " from " + difference.before())
                + (aspects.isEmpty() ? "" : " " + aspects);
    }

    @Test
    void nothingDiffersOfWhatDidNotChange() throws Exception {
        take("two");
        assertThat(between("one", "two")).isEmpty();
        assertThat(between("one", "one")).isEmpty();
        assertThat(between("one", "")).isEmpty();
        shell.touch("/a/passing", 0600);
        shell.unlink("/a/passing");
        shell.rename("/a/b/1", "/a/away");
        shell.rename("/a/away", "/a/b/1");
        assertThat(between("one", "")).isEmpty();
    }

    @Test
    void eachKindIsToldInBothDirections() throws Exception {
        shell.touch("/new", 0600);
        shell.unlink("/a/b/0");
        shell.write("/a/b/1", 0, "text");
        shell.rename("/a/b/2", "/a/two");
        shell.link("/a/b/3", "/a/three");
        shell.chmod("/a/b/4", 0600);
        shell.chown("/a", 7, 8);
        volume.fileSystem()
                .setXattr(
                        op(),
                        shell.at("/still"),
                        Name.of("user.x"),
                        Bytes.ofTrusted("1".getBytes(StandardCharsets.UTF_8)),
                        XattrFlag.EITHER);
        take("two");
        assertThat(between("one", "two"))
                .containsExactlyInAnyOrder(
                        "A /a/three",
                        "A /new",
                        "M /a OWNER",
                        "M /a/b/1 CONTENTS",
                        "M /a/b/4 MODE",
                        "M /still XATTRS",
                        "R /a/two from /a/b/2",
                        "R /a/b/0");
        assertThat(between("two", "one"))
                .containsExactlyInAnyOrder(
                        "R /a/three",
                        "R /new",
                        "M /a OWNER",
                        "M /a/b/1 CONTENTS",
                        "M /a/b/4 MODE",
                        "M /still XATTRS",
                        "R /a/b/2 from /a/two",
                        "A /a/b/0");
    }

    /** What is in a directory that was renamed is not told, but for what changed itself, by its new path. */
    @Test
    void aDirectoryIsRenamedAsAWhole() throws Exception {
        shell.rename("/a", "/c");
        shell.write("/c/b/1", 0, "text");
        shell.unlink("/c/b/2");
        assertThat(between("one", "")).containsExactlyInAnyOrder("R /c from /a", "M /c/b/1 CONTENTS", "R /a/b/2");
        shell.rename("/c", "/still", RenameFlag.EXCHANGE);
        assertThat(between("one", ""))
                .containsExactlyInAnyOrder("R /still from /a", "R /c from /still", "M /still/b/1 CONTENTS", "R /a/b/2");
    }

    @Test
    void whatIsInATreeThatIsRemovedAtOnceIsToldBeforeItIsFreed() throws Exception {
        volume.fileSystem().pin(shell.at("/a/b/1"));
        volume.trees().remove(List.of("/a"), false);
        List<String> all = List.of("R /a", "R /a/b", "R /a/b/0", "R /a/b/1", "R /a/b/2", "R /a/b/3", "R /a/b/4");
        assertThat(between("one", "")).containsExactlyElementsOf(all);
        assertThat(volume.finishBackgroundWork()).isTrue();
        assertThat(between("one", "")).containsExactlyElementsOf(all);
    }

    /** Its rows are older than the first snapshot. */
    @Test
    void whatIsCopiedBeforeAndAttachedAfterIsNew() throws Exception {
        volume.treeCopies().copy("/a", "/copy", new TreeCopies.Listener() {
            @Override
            public void isUploading(long bytes) {}

            @Override
            public void isCopying(TreeCopy.Progress progress) {}
        });
        assertThat(between("one", ""))
                .containsExactly(
                        "A /copy",
                        "A /copy/b",
                        "A /copy/b/0",
                        "A /copy/b/1",
                        "A /copy/b/2",
                        "A /copy/b/3",
                        "A /copy/b/4");
        take("two");
        assertThat(between("two", "one")).hasSize(7).allMatch(line -> line.startsWith("R /copy"));
    }

    @Test
    void bytesThatWereWrittenWithSizeAndTimeAsBeforeAreNoticed() throws Exception {
        shell.write("/a/b/1", 0, "one");
        volume.flush(left -> {});
        take("two");
        var mtime = shell.stat("/a/b/1").mtime();
        shell.write("/a/b/1", 0, "two");
        shell.set("/a/b/1", SetAttributes.NONE.withTimes(null, new SetTime.At(mtime)));
        volume.flush(left -> {});
        assertThat(between("two", "")).containsExactly("M /a/b/1 CONTENTS");
    }

    @Test
    void onlyWhatIsBelowAPath() throws Exception {
        shell.touch("/a/new", 0600);
        shell.touch("/ab", 0600);
        shell.rename("/a/b/1", "/out");
        List<String> told = new ArrayList<>();
        volume.differences()
                .between(Name.of("one"), Optional.empty(), Differences.below("/a/", d -> told.add(tell(d))));
        assertThat(told).containsExactlyInAnyOrder("A /a/new", "R /out from /a/b/1");
    }

    @Test
    void ofWhatIsNotThereNothingIsTold() {
        FsException refused = catchThrowableOfType(FsException.class, () -> between("one", "never"));
        assertThat(refused.errno()).isEqualTo(Errno.ENOENT);
    }

    /** Many more than a page, in several epochs. */
    @Test
    void manyAreToldOnceEach() throws Exception {
        List<String> expected = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 700; i++) {
                String name = "/still/" + round + "-" + i;
                shell.touch(name, 0600);
                if (round == 1 && i % 2 == 0) {
                    String earlier = "/still/0-" + i;
                    shell.chmod(earlier, 0640);
                }
                expected.add("A " + name);
            }
            take("round" + round);
        }
        expected.sort(null);
        assertThat(between("one", "")).containsExactlyElementsOf(expected);
        List<String> second = new ArrayList<>(expected);
        second.removeIf(line -> !line.contains("/1-"));
        for (int i = 0; i < 700; i += 2) {
            second.add("M /still/0-" + i + " MODE");
        }
        second.sort(null);
        assertThat(between("round0", "round1")).containsExactlyElementsOf(second);
    }
}
