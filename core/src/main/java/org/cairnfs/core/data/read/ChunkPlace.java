package org.cairnfs.core.data.read;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.cairnfs.core.data.pack.PackEntry;
import org.cairnfs.core.data.pack.PackInfo;

/** Where a stored chunk lies. */
record ChunkPlace(long chunk, PackInfo pack, PackEntry entry) {
    /** A run is at most this long, in bytes: one request, and one buffer. */
    static final int MAX_RUN = 4 << 20;

    /** Bytes between two frames that are fetched in vain rather than by a request more. */
    private static final int MAX_GAP = 64 << 10;

    /** First byte behind it in the object. */
    int end() {
        return entry.offset() + entry.storedLength();
    }

    /** Puts those together that one request for a range can fetch, in the order of their packs and places. */
    static List<List<ChunkPlace>> runs(List<ChunkPlace> places) {
        List<ChunkPlace> sorted = new ArrayList<>(places);
        sorted.sort(Comparator.comparing((ChunkPlace place) -> place.pack().objectKey())
                .thenComparingInt(place -> place.entry().offset()));
        List<List<ChunkPlace>> runs = new ArrayList<>();
        List<ChunkPlace> run = new ArrayList<>();
        for (ChunkPlace place : sorted) {
            if (!run.isEmpty() && !follows(run, place)) {
                runs.add(run);
                run = new ArrayList<>();
            }
            run.add(place);
        }
        if (!run.isEmpty()) {
            runs.add(run);
        }
        return runs;
    }

    private static boolean follows(List<ChunkPlace> run, ChunkPlace next) {
        ChunkPlace last = run.get(run.size() - 1);
        return last.pack().objectKey().equals(next.pack().objectKey())
                && next.entry().offset() - last.end() <= MAX_GAP
                && next.end() - run.get(0).entry().offset() <= MAX_RUN;
    }
}
