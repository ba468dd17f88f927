package org.cairnfs.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.testkit.Shell.errno;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.CloneRequest;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.FsStatistics;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.metadata.row.QuotaRow;
import org.cairnfs.core.metadata.row.UsageRow;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.testkit.Shell;
import org.cairnfs.core.testkit.VerbsSubject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a tree with a quota lets grow.
 *
 * <pre>
 * /tree/dir/file    10 bytes
 * /free/other       10 bytes
 * </pre>
 */
class QuotaRulesTest {
    private static final long GRACE = 60;
    private static final String TEN = "0123456789";

    @TempDir
    private Path folder;

    private final FakeClock clock = new FakeClock();
    private VerbsSubject subject;
    private Shell shell;

    @BeforeEach
    void plant() throws FsException {
        subject = VerbsSubject.onH2(clock, folder);
        shell = new Shell(subject.fileSystem());
        for (String directory : List.of("/tree", "/tree/dir", "/free")) {
            shell.mkdir(directory, 0755);
        }
        shell.touch("/tree/dir/file", 0644);
        shell.write("/tree/dir/file", 0, TEN);
        shell.touch("/free/other", 0644);
        shell.write("/free/other", 0, TEN);
    }

    @AfterEach
    void close() {
        subject.close();
    }

    private long root() throws FsException {
        return shell.at("/tree").inode();
    }

    private void set(long softBytes, long hardBytes, long softInodes, long hardInodes) throws FsException {
        subject.quotaSetting().set(new QuotaRow(root(), softBytes, hardBytes, softInodes, hardInodes, GRACE, 0));
        subject.work().drain();
    }

    private UsageRow usage() throws FsException {
        return subject.store().view().usage(root());
    }

    @Test
    void whatIsThereCountsAndTimesStay() throws FsException {
        var before = shell.stat("/tree/dir/file");
        set(0, 100, 0, 10);
        assertThat(usage()).isEqualTo(new UsageRow(root(), 10, 3));
        assertThat(shell.stat("/tree/dir/file")).isEqualTo(before);
        shell.touch("/tree/new", 0644);
        shell.write("/tree/new", 0, TEN);
        assertThat(usage()).isEqualTo(new UsageRow(root(), 20, 4));
        shell.unlink("/tree/dir/file");
        assertThat(usage()).isEqualTo(new UsageRow(root(), 10, 3));
    }

    @Test
    void bytesAboveTheHardLimitAreRefusedHoweverTheyCome() throws FsException {
        set(0, 15, 0, 0);
        assertThat(errno(() -> shell.write("/tree/dir/file", 6, TEN))).contains(Errno.EDQUOT);
        shell.write("/tree/dir/file", 5, TEN);
        shell.write("/tree/dir/file", 0, TEN);
        assertThat(errno(() -> shell.set("/tree/dir/file", SetAttributes.ofSize(16))))
                .contains(Errno.EDQUOT);
        assertThat(errno(() -> subject.fileSystem().allocate(shell.op(), shell.at("/tree/dir/file"), 10, 6)))
                .contains(Errno.EDQUOT);
        shell.touch("/tree/new", 0644);
        assertThat(errno(() -> shell.write("/tree/new", 0, "x"))).contains(Errno.EDQUOT);
        assertThat(errno(() -> subject.fileSystem()
                        .cloneRange(
                                shell.op(), CloneRequest.of(shell.at("/free/other"), 0, shell.at("/tree/new"), 0, 0))))
                .contains(Errno.EDQUOT);
        shell.set("/tree/dir/file", SetAttributes.ofSize(3));
        shell.write("/tree/new", 0, TEN);
        shell.write("/free/other", 100, TEN);
    }

    @Test
    void inodesAboveTheHardLimitAreRefused() throws FsException {
        set(0, 0, 0, 4);
        shell.touch("/tree/new", 0644);
        assertThat(errno(() -> shell.touch("/tree/more", 0644))).contains(Errno.EDQUOT);
        assertThat(errno(() -> shell.mkdir("/tree/dir/more", 0755))).contains(Errno.EDQUOT);
        assertThat(errno(() -> shell.symlink("/tree/more", "x"))).contains(Errno.EDQUOT);
        shell.link("/tree/new", "/tree/more");
        shell.unlink("/tree/dir/file");
        shell.mkdir("/tree/dir/more", 0755);
        shell.touch("/free/more", 0644);
    }

    @Test
    void aSoftLimitHoldsWhenGraceIsOver() throws FsException {
        set(12, 0, 0, 0);
        shell.write("/tree/dir/file", 0, TEN + TEN);
        subject.quotaSetting().keep();
        clock.advance(Duration.ofSeconds(GRACE - 1).toNanos());
        shell.write("/tree/dir/file", 20, "x");
        clock.advance(Duration.ofSeconds(1).toNanos());
        assertThat(errno(() -> shell.write("/tree/dir/file", 21, "x"))).contains(Errno.EDQUOT);
        subject.restart();
        shell = new Shell(subject.fileSystem());
        assertThat(errno(() -> shell.write("/tree/dir/file", 21, "x"))).contains(Errno.EDQUOT);
        shell.touch("/tree/new", 0644);
        shell.set("/tree/dir/file", SetAttributes.ofSize(5));
        shell.write("/tree/dir/file", 5, "x");
        subject.quotaSetting().keep();
        shell.write("/tree/dir/file", 0, TEN + TEN);
        assertThat(subject.quotas().of(root()).orElseThrow().exceededSince()).isZero();
    }

    @Test
    void namesDoNotCrossTheBorder() throws FsException {
        set(0, 0, 0, 0);
        assertThat(errno(() -> shell.rename("/free/other", "/tree/new"))).contains(Errno.EXDEV);
        assertThat(errno(() -> shell.rename("/tree/dir", "/free/new"))).contains(Errno.EXDEV);
        assertThat(errno(() -> shell.link("/free/other", "/tree/new"))).contains(Errno.EXDEV);
        assertThat(errno(() -> shell.link("/tree/dir/file", "/free/new"))).contains(Errno.EXDEV);
        shell.rename("/tree/dir/file", "/tree/file");
        shell.rename("/tree", "/free/tree");
        shell.touch("/free/tree/new", 0644);
    }

    @Test
    void statfsInTheTreeShowsIt() throws FsException {
        FsStatistics whole = subject.fileSystem().statfs(shell.op(), shell.at("/free"));
        set(50, 100, 0, 7);
        FsStatistics tree = subject.fileSystem().statfs(shell.op(), shell.at("/tree/dir/file"));
        assertThat(tree).isEqualTo(new FsStatistics(50, 40, 7, 4, 10, 40, 90));
        assertThat(subject.fileSystem().statfs(shell.op(), shell.at("/free"))).isEqualTo(whole);
        set(0, 4, 0, 0);
        assertThat(subject.fileSystem().statfs(shell.op(), shell.at("/tree")))
                .extracting(FsStatistics::usedBytes, FsStatistics::softRoomBytes, FsStatistics::hardRoomBytes)
                .containsExactly(10L, 0L, 0L);
        set(12, 0, 0, 0);
        assertThat(subject.fileSystem().statfs(shell.op(), shell.at("/tree")))
                .extracting(FsStatistics::softRoomBytes, FsStatistics::hardRoomBytes)
                .containsExactly(2L, whole.freeBytes());
    }

    @Test
    void whileATreeGetsItsQuotaItsNamesWait() throws FsException {
        subject.quotaSetting().set(new QuotaRow(root(), 0, 100, 0, 0, GRACE, 0));
        assertThat(errno(() -> shell.touch("/tree/dir/new", 0644))).contains(Errno.EAGAIN);
        assertThat(errno(() -> shell.rename("/tree/dir/file", "/tree/new"))).contains(Errno.EAGAIN);
        assertThat(errno(() -> subject.fileSystem().treeRemoval().remove(List.of("/tree"), false)))
                .contains(Errno.EAGAIN);
        shell.write("/tree/dir/file", 0, "x");
        subject.restart();
        shell = new Shell(subject.fileSystem());
        assertThat(errno(() -> shell.touch("/tree/dir/new", 0644))).contains(Errno.EAGAIN);
        subject.work().drain();
        shell.touch("/tree/dir/new", 0644);
        assertThat(usage()).isEqualTo(new UsageRow(root(), 10, 4));
    }

    @Test
    void aQuotaIsTakenAwayAgain() throws FsException {
        set(0, 10, 0, 0);
        long root = root();
        subject.quotaSetting().remove(root);
        assertThat(errno(() -> subject.quotaSetting().remove(root))).contains(Errno.EINVAL);
        assertThat(errno(() -> subject.quotaSetting().set(new QuotaRow(root, 0, 1, 0, 0, 0, 0))))
                .contains(Errno.EAGAIN);
        subject.work().drain();
        shell.write("/tree/dir/file", 0, TEN + TEN);
        shell.rename("/free/other", "/tree/new");
        assertThat(usage()).isEqualTo(new UsageRow(root, 0, 0));
        set(0, 100, 0, 0);
        assertThat(usage()).isEqualTo(new UsageRow(root, 30, 4));
    }

    @Test
    void quotaTreesAreNotWithinEachOther() throws FsException {
        set(0, 100, 0, 0);
        for (String path : List.of("/", "/tree/dir")) {
            long inode = shell.at(path).inode();
            assertThat(errno(() -> subject.quotaSetting().set(new QuotaRow(inode, 0, 1, 0, 0, 0, 0))))
                    .as(path)
                    .contains(Errno.EINVAL);
        }
        long file = shell.at("/free/other").inode();
        assertThat(errno(() -> subject.quotaSetting().set(new QuotaRow(file, 0, 1, 0, 0, 0, 0))))
                .contains(Errno.ENOTDIR);
    }

    @Test
    void theQuotaGoesWithItsRoot() throws FsException {
        set(0, 100, 0, 0);
        subject.fileSystem().treeRemoval().remove(List.of("/tree"), false);
        subject.work().drain();
        assertThat(subject.quotas().all()).isEmpty();
        assertThat(subject.store().view().scan(QuotaRow.class, Optional.empty(), 9))
                .isEmpty();
    }
}
