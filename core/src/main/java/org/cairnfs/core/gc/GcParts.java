package org.cairnfs.core.gc;

import java.io.IOException;
import java.time.Clock;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.BucketException;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.checkpoint.Checkpoints;
import org.cairnfs.core.data.pack.PackWriter;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.journal.JournalCorruptException;
import org.cairnfs.core.journal.JournalFailedException;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.shipping.Shipper;

/**
 * What the collector works with.
 *
 * @param journalSequence the newest sequence of the journal
 * @param hold on the bucket
 * @param shipping brings the bucket up to date
 * @param uploading whether a pack that is {@code PENDING} is on its way
 * @param moved told the number of each chunk that lies elsewhere now
 * @param damaged told the number of a chunk that cannot be read
 * @param packWriters make writers of packs of file data
 */
public record GcParts(
        Bucket bucket,
        MetadataStore metadata,
        LongSupplier journalSequence,
        Shipper.Hold hold,
        Shipping shipping,
        Checkpoints checkpoints,
        LongPredicate uploading,
        LongConsumer moved,
        LongConsumer damaged,
        Supplier<PackWriter> packWriters,
        Clock clock) {

    /** Barriers and checkpoints, as the collector asks for them. */
    public interface Shipping {
        /** The sequence of the newest barrier. */
        long shipped();

        /** Where the last log object of a barrier stands: the newest one's. */
        Logs.Position position();

        /** Makes a barrier now, if anything changed since the last. */
        void ship() throws IOException, FsException, BucketException, JournalFailedException, JournalCorruptException;

        /** Takes a checkpoint now. */
        void checkpoint()
                throws IOException, FsException, BucketException, JournalFailedException, JournalCorruptException;
    }
}
