package org.cairnfs.core.check;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.function.LongSupplier;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.data.FreeContent;
import org.cairnfs.core.data.dirty.DirtyMap;
import org.cairnfs.core.data.pack.PackName;
import org.cairnfs.core.metadata.H2MetadataStore;
import org.cairnfs.core.quota.Quotas;
import org.cairnfs.core.snapshot.Snapshots;
import org.cairnfs.core.treelock.TreeLocks;

/**
 * The parts of an open file system that are checked, or help to mend it.
 *
 * @param checkpointPacks asked for the packs in the bucket that are of checkpoints
 * @param journalSequence the journal's newest
 * @param keptSequence the oldest that the journal has
 * @param neededSequence the oldest that it has to have
 * @param wakeBackground called when there is background work to do
 * @param scratch private directory for what is sorted; there
 */
public record CheckParts(
        H2MetadataStore metadata,
        DirtyMap dirty,
        Bucket bucket,
        CheckpointPacks checkpointPacks,
        LongSupplier journalSequence,
        LongSupplier keptSequence,
        LongSupplier neededSequence,
        FreeContent freeContent,
        TreeLocks treeLocks,
        Quotas quotas,
        Snapshots snapshots,
        Runnable wakeBackground,
        Path scratch,
        Clock clock) {

    /** Knows the packs of checkpoints. */
    @FunctionalInterface
    public interface CheckpointPacks {
        Set<PackName> get() throws IOException;
    }
}
