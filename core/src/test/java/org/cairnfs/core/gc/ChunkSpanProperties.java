package org.cairnfs.core.gc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ChunkState;

/** Chunks of a pack are fetched by few requests of bounded length, each chunk by exactly one. */
class ChunkSpanProperties {
    private static final int LONGEST = 8 << 20;

    @Property(tries = 200)
    void eachChunkLiesInOneSpan(
            @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 600_000) Integer> gaps,
            @ForAll @IntRange(min = 30, max = 3_000_000) int length) {
        List<ChunkRow> chunks = new ArrayList<>();
        int at = 80;
        for (int gap : gaps) {
            at += gap;
            chunks.add(new ChunkRow(
                    chunks.size() + 1L, Bytes.ofTrusted(new byte[32]), 1, at, length, length, ChunkState.DURABLE, 0));
            at += length;
        }
        List<ChunkRow> found = new ArrayList<>();
        for (ChunkSpan span : ChunkSpan.of(chunks)) {
            found.addAll(span.chunks());
            assertThat(span.length()).isBetween(length, LONGEST);
            for (ChunkRow chunk : span.chunks()) {
                assertThat(chunk.packOffset()).isGreaterThanOrEqualTo(span.from());
                assertThat(chunk.packOffset() + length).isLessThanOrEqualTo(span.from() + span.length());
            }
        }
        assertThat(found).isEqualTo(chunks);
    }
}
