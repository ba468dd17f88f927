package org.cairnfs.core.volume;

import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.MetadataFailedException;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ChunkState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Marks chunks whose read failed, so that nothing new is de-duplicated against them; the next write of the same bytes stores a
 * fresh copy. Reads of a marked chunk still try: when the object is whole again, all is well.
 *
 * <p>Works on a thread of its own, which ends when idle, so that the reader that found the damage does not wait. Bounded: what does
 * not fit is found again by the next read.
 */
final class SuspectChunks {
    private static final Logger LOG = LoggerFactory.getLogger(SuspectChunks.class);
    private static final int QUEUE = 1_000;

    private final MetadataStore metadata;
    private final ExecutorService marker;

    SuspectChunks(MetadataStore metadata) {
        this.metadata = metadata;
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUE), task -> {
                    Thread thread = new Thread(task, "cairn-suspect");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        this.marker = executor;
    }

    /** A read of this chunk failed for good. */
    void damaged(long chunk) {
        try {
            marker.execute(() -> mark(chunk));
        } catch (RejectedExecutionException e) {
            LOG.warn("chunk {} is damaged and could not be marked now; the next read of it tries again", chunk);
        }
    }

    private void mark(long chunk) {
        try {
            metadata.mutate(transaction -> {
                Optional<ChunkRow> row = transaction.chunk(chunk);
                if (row.isPresent() && row.get().state() == ChunkState.DURABLE) {
                    transaction.put(row.get().withState(ChunkState.SUSPECT));
                }
                return null;
            });
        } catch (FsException | MetadataFailedException e) {
            LOG.warn("chunk {} is damaged and could not be marked: {}", chunk, e.getMessage());
        }
    }
}
