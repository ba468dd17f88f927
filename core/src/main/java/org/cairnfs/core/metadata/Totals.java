package org.cairnfs.core.metadata;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.cairnfs.core.metadata.h2.Progress;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;

/** Counts of rows, kept by the differences between old and new images. Changed by the writer thread, read by any. */
final class Totals {
    private final AtomicLong entries = new AtomicLong();
    private final AtomicLong chunks = new AtomicLong();
    private final AtomicLong uniqueBytes = new AtomicLong();
    private final AtomicLong storedBytes = new AtomicLong();

    void load(Progress progress) {
        entries.set(progress.entries());
        chunks.set(progress.chunks());
        uniqueBytes.set(progress.uniqueBytes());
        storedBytes.set(progress.storedBytes());
    }

    /** Adds a difference. */
    void correct(Progress difference) {
        entries.addAndGet(difference.entries());
        chunks.addAndGet(difference.chunks());
        uniqueBytes.addAndGet(difference.uniqueBytes());
        storedBytes.addAndGet(difference.storedBytes());
    }

    void changed(RowKey key, Optional<Row> before, Optional<Row> after) {
        if (key instanceof RowKey.Dirent) {
            entries.addAndGet((after.isPresent() ? 1 : 0) - (before.isPresent() ? 1 : 0));
        } else if (key instanceof RowKey.Chunk) {
            before.ifPresent(row -> add((ChunkRow) row, -1));
            after.ifPresent(row -> add((ChunkRow) row, 1));
        }
    }

    private void add(ChunkRow chunk, int sign) {
        chunks.addAndGet(sign);
        if (chunk.deadSequence() == 0) {
            uniqueBytes.addAndGet((long) sign * chunk.length());
            storedBytes.addAndGet((long) sign * chunk.storedLength());
        }
    }

    Progress progress(long appliedSequence, long lowSequence) {
        return new Progress(
                appliedSequence, lowSequence, entries.get(), chunks.get(), uniqueBytes.get(), storedBytes.get());
    }
}
