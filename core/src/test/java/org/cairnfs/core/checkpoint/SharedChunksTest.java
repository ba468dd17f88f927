package org.cairnfs.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.bucket.ChunkRef;
import org.cairnfs.core.crypto.ObjectSeal;
import org.cairnfs.core.crypto.Salt;
import org.cairnfs.core.data.chunk.ChunkId;
import org.cairnfs.core.data.pack.PackEntry;
import org.cairnfs.core.data.pack.PackInfo;
import org.cairnfs.core.data.pack.PackKind;
import org.cairnfs.core.data.pack.PackName;
import org.junit.jupiter.api.Test;

/** A checkpoint goes on with packs that it uses well, and stores anew what lies in others. */
class SharedChunksTest {
    private static final int LENGTH = 1_000;

    private static ChunkRef chunk(long pack, int number) {
        byte[] id = new byte[ChunkId.LENGTH];
        id[0] = (byte) pack;
        id[1] = (byte) (pack >> 8);
        id[2] = (byte) number;
        PackInfo info =
                new PackInfo(new PackName(0, pack), PackKind.META, new ObjectSeal(1, Salt.of(new byte[Salt.LENGTH])));
        return new ChunkRef(info, new PackEntry(ChunkId.of(id), 80 + number * LENGTH, LENGTH, LENGTH));
    }

    @Test
    void aPackOfWhichLittleIsUsedIsUsedNoLonger() {
        ChunkRef whole = chunk(1, 0);
        ChunkRef last = chunk(2, 9);
        assertThat(SharedChunks.of(List.of(whole, last), 1)).containsExactly(whole);
    }

    @Test
    void aPackOfBeforeARotationIsUsedNoLonger() {
        assertThat(SharedChunks.of(List.of(chunk(1, 0)), 2)).isEmpty();
    }

    @Test
    void aChunkThatOccursTwiceIsUsedOnce() {
        ChunkRef second = chunk(1, 2);
        assertThat(SharedChunks.of(List.of(second, second), 1)).isEmpty();
        ChunkRef first = chunk(1, 1);
        assertThat(SharedChunks.of(List.of(first, second, first), 1)).containsExactly(first, second, first);
    }

    @Test
    void ofManyPacksTheSmallerHalfIsStoredAnew() {
        List<ChunkRef> chunks = new ArrayList<>();
        for (int pack = 0; pack < 128; pack++) {
            for (int i = 0; i <= pack % 2; i++) {
                chunks.add(chunk(pack, i));
            }
        }
        List<ChunkRef> shared = SharedChunks.of(chunks, 1);
        assertThat(shared).hasSize(128).allMatch(chunk -> chunk.pack().name().low() % 2 == 1);
        assertThat(SharedChunks.of(shared, 1)).isEqualTo(shared);
    }
}
