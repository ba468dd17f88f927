package org.cairnfs.core.data.extent;

import static org.assertj.core.api.Assertions.assertThat;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.Mutation;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.PackRow;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.testkit.MemoryMetadataStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which chunks may get new extents, and what that does to them and their packs. */
class ChunkReferencesTest {
    private static final Bytes ID = Bytes.copyOf(new byte[32]);
    private static final int STORED = 70;

    private final MemoryMetadataStore store = new MemoryMetadataStore(() -> 0);

    @BeforeEach
    void plant() throws FsException {
        mutate(transaction -> {
            transaction.put(new PackRow(1, "pack/1", Bytes.EMPTY, 1_000, 30, false, ChunkState.DURABLE, 0));
            transaction.put(new ChunkRow(7, ID, 1, 80, STORED, 100, ChunkState.DURABLE, 5));
            return null;
        });
    }

    private <T> T mutate(Mutation<T> body) throws FsException {
        return store.mutate(body).value();
    }

    private boolean referenced() throws FsException {
        return mutate(transaction -> ChunkReferences.referenced(transaction, 7));
    }

    private PackRow pack() {
        return store.view().pack(1).orElseThrow();
    }

    @Test
    void aDeadChunkComesToLifeWithItsFirstExtentAndDiesWithItsLast() throws FsException {
        assertThat(referenced()).isTrue();
        assertThat(store.view().chunk(7).orElseThrow().deadSequence()).isZero();
        assertThat(pack().liveBytes()).isEqualTo(30 + STORED);
        mutate(transaction -> {
            ChunkReferences.released(transaction, 7, 9);
            return null;
        });
        assertThat(store.view().chunk(7).orElseThrow().deadSequence()).isEqualTo(9);
        assertThat(pack().liveBytes()).isEqualTo(30);
        assertThat(pack().deadSequence()).as("something in it lives").isZero();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DURABLE")
    void whatMayNotBeReadOrIsGoingIsNotReferredToAnew(ChunkState state) throws FsException {
        mutate(transaction -> {
            transaction.put(transaction.chunk(7).orElseThrow().withState(state));
            return null;
        });
        assertThat(referenced()).isFalse();
        assertThat(store.view().chunk(7).orElseThrow().deadSequence()).isEqualTo(5);
    }

    @Test
    void whatIsGoneIsNotReferredTo() throws FsException {
        mutate(transaction -> {
            transaction.delete(new RowKey.Chunk(7));
            return null;
        });
        assertThat(referenced()).isFalse();
    }
}
