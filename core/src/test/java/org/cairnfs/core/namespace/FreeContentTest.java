package org.cairnfs.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.PackRow;
import org.cairnfs.core.metadata.row.WorkRow;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.testkit.Shell;
import org.cairnfs.core.testkit.VerbsSubject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Removing files gives back their extents, and the chunks that nothing else refers to. */
class FreeContentTest {
    private static final int STORED = 10;
    private static final int CHUNKS = 1_000;
    private static final long PACK = 77;

    private final VerbsSubject subject = VerbsSubject.inMemory(new FakeClock());
    private Shell shell = new Shell(subject.fileSystem());

    @BeforeEach
    void storeChunks() throws FsException {
        subject.store().mutate(transaction -> {
            for (long chunk = 1; chunk <= CHUNKS; chunk++) {
                Bytes id = Bytes.copyOf(String.valueOf(chunk).getBytes(StandardCharsets.US_ASCII));
                transaction.put(new ChunkRow(chunk, id, PACK, 0, STORED, 100, ChunkState.DURABLE, 0));
            }
            transaction.put(
                    new PackRow(PACK, "pack", Bytes.EMPTY, 20_000, CHUNKS * STORED, false, ChunkState.DURABLE, 0));
            return null;
        });
    }

    /** A file with an extent for each of some chunks. */
    private void file(String path, long firstChunk, int count) throws FsException {
        long inode = shell.touch(path, 0644).inode();
        long content = subject.store().view().inode(inode).orElseThrow().content();
        subject.store().mutate(transaction -> {
            for (int i = 0; i < count; i++) {
                transaction.put(new ExtentRow(content, i * 100L, 100, firstChunk + i, 0, 0));
            }
            return null;
        });
    }

    private long live() {
        return subject.store().view().pack(PACK).orElseThrow().liveBytes();
    }

    @Test
    void aSmallFileIsFreedAtOnce() throws FsException {
        file("/small", 1, 8);
        shell.unlink("/small");
        assertThat(subject.store().view().works()).isEmpty();
        assertThat(live()).isEqualTo((CHUNKS - 8) * STORED);
    }

    @Test
    void aLargeFileIsFreedInTheBackgroundAndAfterARestart() throws FsException {
        file("/large", 1, CHUNKS);
        shell.unlink("/large");
        assertThat(subject.store().view().works())
                .extracting(WorkRow::operation)
                .containsExactly("free-content");
        assertThat(live()).isEqualTo(CHUNKS * STORED);
        subject.restart();
        subject.work().drain();
        assertThat(subject.store().view().works()).isEmpty();
        assertThat(live()).isZero();
        assertThat(subject.store().view().pack(PACK).orElseThrow().deadSequence())
                .isPositive();
        assertThat(subject.store().view().chunk(CHUNKS).orElseThrow().deadSequence())
                .isPositive();
    }

    @Test
    void whatOthersReferToStaysAlive() throws FsException {
        file("/one", 1, 20);
        file("/two", 11, 20);
        shell.unlink("/one");
        subject.work().drain();
        List<Long> dead = new ArrayList<>();
        for (long chunk = 1; chunk <= 30; chunk++) {
            if (subject.store().view().chunk(chunk).orElseThrow().deadSequence() != 0) {
                dead.add(chunk);
            }
        }
        assertThat(dead).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
    }

    @Test
    void aReplacedFileIsFreedToo() throws FsException {
        file("/old", 1, 4);
        shell.touch("/new", 0644);
        shell.rename("/new", "/old");
        assertThat(live()).isEqualTo((CHUNKS - 4) * STORED);
    }

    @Test
    void anOpenFileIsFreedWithItsLastUnpin() throws FsException {
        file("/open", 1, 4);
        var handle = shell.at("/open");
        subject.fileSystem().pin(handle);
        shell.unlink("/open");
        assertThat(live()).isEqualTo(CHUNKS * STORED);
        subject.fileSystem().unpin(handle);
        assertThat(live()).isEqualTo((CHUNKS - 4) * STORED);
    }

    @Test
    void orphansOfBeforeARestartLiveUntilGraceEndsUnlessTheyAreReclaimed() throws FsException {
        file("/lost", 1, 4);
        file("/reclaimed", 5, 4);
        var lost = shell.at("/lost");
        var reclaimed = shell.at("/reclaimed");
        subject.fileSystem().pin(lost);
        subject.fileSystem().pin(reclaimed);
        shell.unlink("/lost");
        shell.unlink("/reclaimed");
        subject.restart();
        shell = new Shell(subject.fileSystem());
        subject.fileSystem().pin(reclaimed);
        assertThat(live()).isEqualTo(CHUNKS * STORED);
        subject.fileSystem().endGrace();
        assertThat(live()).isEqualTo((CHUNKS - 4) * STORED);
        assertThat(subject.fileSystem().getattr(shell.op(), reclaimed).nlink()).isZero();
        subject.fileSystem().unpin(reclaimed);
        assertThat(live()).isEqualTo((CHUNKS - 8) * STORED);
        assertThat(subject.store().view().orphans()).isEmpty();
    }
}
