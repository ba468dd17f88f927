package org.cairnfs.core.shipping;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.bucket.BucketException;
import org.cairnfs.core.bucket.ChainEnd;
import org.cairnfs.core.data.dirty.DirtyContent;
import org.cairnfs.core.data.dirty.DirtySnapshot;
import org.cairnfs.core.data.flush.FlushedContent;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.journal.JournalCorruptException;
import org.cairnfs.core.journal.JournalFailedException;

/**
 * Makes one barrier after the other: moments S for which the bucket holds the metadata up to S, and each byte of it.
 *
 * <p>What is dirty is flushed, unless it is little. While no flush is under way, a still moment of the metadata then gives
 * S and what has become dirty meanwhile. If that is little it travels inline; else it is flushed as it was at S, however it is
 * written to, and how it lies in chunks travels beside the records, as these know only what was flushed before S. Then the journal is
 * synced up to S (a sequence that others hear of must not be given again), and records and overlay go into log objects.
 *
 * <p>Not thread-safe; takes the flusher's lock.
 */
final class Barriers {
    /** So many dirty bytes, in all, travel inline: less than a pack is worth. More is flushed, which stores nothing twice. */
    private static final long INLINE_BYTES = 16 << 10;

    private static final int SNAPSHOTS_MEANWHILE = 100;

    private final Shipper.Parts parts;
    private final BarrierWriter writer;
    private Shipper.Standing newest;

    Barriers(Shipper.Parts parts, Shipper.Standing newest) {
        this.parts = parts;
        this.newest = newest;
        this.writer = new BarrierWriter(
                parts.chain(),
                new BarrierWriter.Writer(parts.incarnation(), parts.stateDirectory()),
                parts.codec(),
                parts.clock());
    }

    /** The newest that was put; a later one begins after it, whether it counts already or not. */
    Shipper.Standing newest() {
        return newest;
    }

    /** Where the chain ended with that; only after {@link #make}. */
    ChainEnd newestEnd() {
        return writer.newest();
    }

    /** Bytes of log that were put. */
    long writtenBytes() {
        return writer.writtenBytes();
    }

    /** The next barrier begins a lineage. */
    void beginLineage() {
        writer.beginLineage();
    }

    /**
     * What was said before the last snapshot is flushed before the moment, so that the overlay is of one epoch. A snapshot that is taken
     * just then begins another epoch: the moment is tried again.
     */
    private List<FlushedContent> frozen(Moment moment) throws FsException {
        for (int tries = 0; tries < SNAPSHOTS_MEANWHILE; tries++) {
            parts.flusher().flushBefore(parts.metadata().view().epoch());
            List<FlushedContent> flushed = parts.flusher().flushFrozen(() -> {
                parts.metadata().still(moment::freeze);
                return moment.large;
            });
            if (moment.isOfOneEpoch) {
                return flushed;
            }
        }
        throw new FsException(Errno.EAGAIN, SNAPSHOTS_MEANWHILE + " snapshots were taken while a barrier was made");
    }

    /** Makes one; it is durable in the bucket when this returns. */
    void make() throws IOException, FsException, BucketException, JournalFailedException, JournalCorruptException {
        if (parts.dirty().dataBytes() > INLINE_BYTES) {
            parts.flusher().flushAll(left -> {});
        }
        Moment moment = new Moment();
        try {
            Instant at = parts.clock().instant();
            List<FlushedContent> flushed = frozen(moment);
            Overlay overlay = new Overlay(parts.metadata().view(), parts.reader());
            for (FlushedContent content : flushed) {
                overlay.flushed(content);
            }
            for (DirtySnapshot snapshot : moment.little) {
                overlay.inline(snapshot);
            }
            parts.journal().sync(moment.sequence);
            writer.write(parts.journal(), newest.sequence() + 1, moment.sequence, overlay.items());
            newest = new Shipper.Standing(moment.sequence, at, writer.position());
        } finally {
            moment.close();
        }
    }

    /** S and what was dirty then; the pin keeps its bytes readable. */
    private final class Moment implements AutoCloseable {
        private long sequence;
        private List<DirtySnapshot> little = List.of();
        private List<DirtySnapshot> large = List.of();
        private Journal.Pin pin = () -> {};
        private boolean isOfOneEpoch;

        /** Called while the metadata stand still at a sequence. */
        Moment freeze(long at) {
            List<DirtySnapshot> all = new ArrayList<>();
            for (DirtyContent content : parts.dirty().all()) {
                content.snapshot().ifPresent(all::add);
            }
            long epoch = parts.metadata().view().epoch();
            isOfOneEpoch = all.stream().allMatch(snapshot -> snapshot.epoch() == epoch);
            if (!isOfOneEpoch) {
                return this;
            }
            if (all.stream().mapToLong(DirtySnapshot::dataBytes).sum() <= INLINE_BYTES) {
                little = all;
            } else {
                large = all;
            }
            sequence = at;
            pin = parts.journal().pin();
            return this;
        }

        @Override
        public void close() {
            pin.close();
        }
    }
}
