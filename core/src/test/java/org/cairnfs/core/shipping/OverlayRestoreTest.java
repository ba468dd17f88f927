package org.cairnfs.core.shipping;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.cairnfs.core.data.Contents;
import org.cairnfs.core.data.extent.ChunkReferences;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.PackRow;
import org.cairnfs.core.testkit.MemoryMetadataStore;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

/** What an overlay does to the rows of chunks that are there already. */
class OverlayRestoreTest {
    private static final Bytes ID = Bytes.copyOf(new byte[32]);
    private static final Bytes HEADER = Bytes.copyOf(new byte[8]);

    private final MemoryMetadataStore metadata = new MemoryMetadataStore(() -> 0);

    private long chunk(long deadSequence) throws Exception {
        return metadata.mutate(transaction -> {
                    long pack = transaction.newPack();
                    long live = deadSequence == 0 ? 100 : 0;
                    transaction.put(new PackRow(
                            pack, "pack/old", HEADER, 1_000, live, false, ChunkState.DURABLE, deadSequence));
                    long chunk = transaction.newChunk();
                    transaction.put(new ChunkRow(chunk, ID, pack, 10, 100, 300, ChunkState.DURABLE, deadSequence));
                    return chunk;
                })
                .value();
    }

    private void restore(String pack, int offset) throws Exception {
        OverlayRestore.run(
                List.of(
                        new LogItem.OverlayPack(pack, HEADER, 2_000),
                        new LogItem.OverlayChunk(0, ID, offset, 120, 300)),
                metadata,
                Mockito.mock(Contents.class),
                77);
    }

    @Test
    void aChunkThatIsWhereTheOverlaySaysIsUsed() throws Exception {
        long chunk = chunk(0);
        int rows = metadata.rows();
        restore("pack/old", 10);
        assertThat(metadata.rows()).isEqualTo(rows);
        assertThat(metadata.view().chunk(chunk))
                .get()
                .satisfies(row -> assertThat(row.storedLength()).isEqualTo(100));
    }

    /** The one that the rows know turned out to be damaged after the barrier's moment, and was stored anew. */
    @Test
    void aChunkThatWasStoredAnewIsTakenFromThere() throws Exception {
        long chunk = chunk(0);
        restore("pack/new", 20);
        ChunkRow moved = metadata.view().chunk(chunk).orElseThrow();
        PackRow pack = metadata.view().pack(moved.pack()).orElseThrow();
        assertThat(pack.objectKey()).isEqualTo("pack/new");
        assertThat(moved.packOffset()).isEqualTo(20);
        assertThat(moved.storedLength()).isEqualTo(120);
        assertThat(moved.deadSequence()).isZero();
        assertThat(pack.liveBytes()).isEqualTo(120);
        assertThat(metadata.view().scan(PackRow.class, Optional.empty(), 10))
                .filteredOn(row -> row.objectKey().equals("pack/old"))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.liveBytes()).isZero();
                    assertThat(row.deadSequence()).isEqualTo(77);
                });
    }

    @Test
    void aDeadChunkThatWasStoredAnewStaysDeadUntilAnExtentRefersToIt() throws Exception {
        long chunk = chunk(5);
        restore("pack/new", 20);
        ChunkRow moved = metadata.view().chunk(chunk).orElseThrow();
        assertThat(moved.deadSequence()).isEqualTo(5);
        assertThat(metadata.view().pack(moved.pack()).orElseThrow().liveBytes()).isZero();
        assertThat(metadata.mutate(transaction -> ChunkReferences.referenced(transaction, chunk))
                        .value())
                .isTrue();
        assertThat(metadata.view().pack(moved.pack()).orElseThrow().liveBytes()).isEqualTo(120);
    }
}
