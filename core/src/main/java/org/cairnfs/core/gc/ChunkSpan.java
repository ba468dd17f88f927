package org.cairnfs.core.gc;

import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.metadata.row.ChunkRow;

/**
 * Chunks of a pack that are fetched by one request, as they lie near each other.
 *
 * @param chunks by offset, at least one
 */
record ChunkSpan(List<ChunkRow> chunks) {
    /** A gap up to so many bytes costs less than a request. */
    private static final int GAP = 256 << 10;

    private static final int LONGEST = 8 << 20;

    /** Copies the list. */
    ChunkSpan {
        chunks = List.copyOf(chunks);
    }

    /** All chunks of a pack, in spans. */
    static List<ChunkSpan> of(List<ChunkRow> byOffset) {
        List<ChunkSpan> spans = new ArrayList<>();
        List<ChunkRow> run = new ArrayList<>();
        for (ChunkRow chunk : byOffset) {
            if (!run.isEmpty() && !fits(run, chunk)) {
                spans.add(new ChunkSpan(run));
                run.clear();
            }
            run.add(chunk);
        }
        if (!run.isEmpty()) {
            spans.add(new ChunkSpan(run));
        }
        return spans;
    }

    private static boolean fits(List<ChunkRow> run, ChunkRow next) {
        return next.packOffset() - end(run.get(run.size() - 1)) <= GAP
                && end(next) - run.get(0).packOffset() <= LONGEST;
    }

    private static int end(ChunkRow chunk) {
        return chunk.packOffset() + chunk.storedLength();
    }

    /** Where in the pack it begins. */
    int from() {
        return chunks.get(0).packOffset();
    }

    /** In bytes. */
    int length() {
        return end(chunks.get(chunks.size() - 1)) - from();
    }
}
