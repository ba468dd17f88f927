package org.cairnfs.core.data.flush;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.cairnfs.core.data.dirty.DirtyContent;
import org.cairnfs.core.data.dirty.DirtyMap;
import org.cairnfs.core.data.dirty.DirtyRange;
import org.cairnfs.core.data.extent.ChunkReferences;
import org.cairnfs.core.data.extent.ExtentEditor;
import org.cairnfs.core.data.read.Waiting;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.Mutation;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.record.ContentOp;

/**
 * Makes the extents of flush plans, when their chunks are durable: one journal record says which ranges are flushed, up to which
 * sequence, and what their extents are now.
 *
 * <p>What a newer record of the same epoch touched meanwhile is left out: it is dirty, and its own flush will come. What records of a later
 * epoch touched is put all the same, as of its own epoch: a snapshot may see it. The dirty ranges go only after
 * the record is in the database, so a reader finds the bytes in the one or the other.
 */
final class FlushApplier {
    /** Extents that one mutation cuts at most, so that others are not kept waiting. */
    private static final int EXTENTS_PER_MUTATION = 1_000;

    private final MetadataStore metadata;
    private final DirtyMap dirty;
    private final LongSupplier journalSequence;

    FlushApplier(MetadataStore metadata, DirtyMap dirty, LongSupplier journalSequence) {
        this.metadata = metadata;
        this.dirty = dirty;
        this.journalSequence = journalSequence;
    }

    /**
     * Applies plans in one mutation; waits for their chunks.
     *
     * @throws FsException if a chunk could not be stored, or may not be referred to any more: everything stays dirty, and is
     *     to be flushed again
     */
    void apply(List<FlushPlan> plans) throws FsException {
        for (FlushPlan plan : plans) {
            for (FlushPlan.NewExtent extent : plan.extents()) {
                Waiting.join(extent.chunk().stored());
            }
            cutAhead(plan);
        }
        mutate(transaction -> {
            for (FlushPlan plan : plans) {
                apply(transaction, plan);
            }
            return null;
        });
        for (FlushPlan plan : plans) {
            for (FlushPlan.Range range : plan.covered()) {
                dirty.forget(plan.content(), range.from(), range.to(), plan.sequence());
            }
        }
    }

    /**
     * Cuts most of many old extents out in mutations of their own. They are under dirty ranges, so nobody sees that they go
     * early; and a crash in between loses nothing, as the dirty ranges are replayed.
     */
    private void cutAhead(FlushPlan plan) throws FsException {
        for (FlushPlan.Range range : plan.replaced()) {
            boolean more = metadata.view()
                            .extents(plan.content(), range.from(), range.to(), EXTENTS_PER_MUTATION)
                            .size()
                    == EXTENTS_PER_MUTATION;
            while (more) {
                more = mutate(transaction -> cutSome(transaction, plan, range));
            }
        }
    }

    private boolean cutSome(Transaction transaction, FlushPlan plan, FlushPlan.Range range) {
        transaction.asOf(plan.epoch());
        Optional<InodeRow> row = present(transaction, plan);
        if (!isWanted(plan)) {
            return false;
        }
        boolean more = false;
        ExtentEditor editor = new ExtentEditor(transaction, plan.content());
        for (DirtyRange under : layer(plan, range)) {
            more |= !more && editor.cutSome(under.offset(), under.end(), EXTENTS_PER_MUTATION);
        }
        finish(transaction, row, editor);
        return more;
    }

    private List<DirtyRange> layer(FlushPlan plan, FlushPlan.Range range) {
        return dirty.content(plan.content())
                .map(content -> content.saidIn(plan.epoch(), range.from(), range.to()))
                .orElse(List.of());
    }

    /** Whether the content is not dropped, or only in a later epoch: then its extents are for snapshots, and freed after this. */
    private boolean isWanted(FlushPlan plan) {
        return dirty.content(plan.content())
                .map(content -> content.hasLayer(plan.epoch()))
                .orElse(false);
    }

    private void apply(Transaction transaction, FlushPlan plan) throws FsException {
        transaction.asOf(plan.epoch());
        Optional<InodeRow> row = present(transaction, plan);
        if (!isWanted(plan)) {
            for (FlushPlan.NewExtent extent : plan.extents()) {
                used(transaction, Waiting.join(extent.chunk().stored()));
            }
            return;
        }
        ExtentEditor editor = new ExtentEditor(transaction, plan.content());
        for (FlushPlan.Range range : plan.replaced()) {
            for (FlushPlan.Range part : untouched(plan, range)) {
                editor.cut(part.from(), part.to());
            }
        }
        for (FlushPlan.NewExtent extent : plan.extents()) {
            put(transaction, plan, editor, extent);
        }
        finish(transaction, row, editor);
        for (FlushPlan.Range range : plan.covered()) {
            transaction.content(
                    new ContentOp.Flushed(plan.content(), range.from(), range.to() - range.from(), plan.sequence()));
        }
    }

    private void put(Transaction transaction, FlushPlan plan, ExtentEditor editor, FlushPlan.NewExtent extent)
            throws FsException {
        long chunk = Waiting.join(extent.chunk().stored());
        FlushPlan.Range whole = new FlushPlan.Range(extent.offset(), extent.offset() + extent.length());
        List<FlushPlan.Range> parts = untouched(plan, whole);
        if (parts.isEmpty()) {
            used(transaction, chunk);
        } else if (!ChunkReferences.referenced(transaction, chunk)) {
            throw gone(chunk);
        }
        for (FlushPlan.Range part : parts) {
            editor.put(part.from(), part.to() - part.from(), chunk, (int) (part.from() - extent.offset()));
        }
    }

    /** The overlay of a barrier may refer to it all the same. */
    private void used(Transaction transaction, long chunk) throws FsException {
        if (!ChunkReferences.used(transaction, chunk, journalSequence.getAsLong())) {
            throw gone(chunk);
        }
    }

    private static FsException gone(long chunk) {
        return new FsException(Errno.EAGAIN, "chunk " + chunk + " may not be referred to any more");
    }

    private void finish(Transaction transaction, Optional<InodeRow> inode, ExtentEditor editor) {
        inode.ifPresent(row ->
                transaction.put(row.edit().used(row.used() + editor.bytes()).build()));
        for (long chunk : editor.touched()) {
            ChunkReferences.released(transaction, chunk, journalSequence.getAsLong());
        }
    }

    /** The inode of a plan, locked, if it still has this content. */
    private static Optional<InodeRow> present(Transaction transaction, FlushPlan plan) {
        return transaction.inode(plan.inode()).filter(row -> row.content() == plan.content());
    }

    /** The parts of a range that no record of its epoch after the plan's touched. */
    private List<FlushPlan.Range> untouched(FlushPlan plan, FlushPlan.Range range) {
        List<FlushPlan.Range> parts = new ArrayList<>();
        long at = range.from();
        List<DirtyRange> newer = dirty.content(plan.content())
                .map((DirtyContent content) ->
                        content.newerThan(plan.sequence(), plan.epoch(), range.from(), range.to()))
                .orElse(List.of());
        for (DirtyRange touched : newer) {
            if (touched.offset() > at) {
                parts.add(new FlushPlan.Range(at, touched.offset()));
            }
            at = touched.end();
        }
        if (at < range.to()) {
            parts.add(new FlushPlan.Range(at, range.to()));
        }
        return parts;
    }

    private <T> T mutate(Mutation<T> body) throws FsException {
        return metadata.mutate(new Mutation<T>() {
                    @Override
                    public T run(Transaction transaction) throws FsException {
                        return body.run(transaction);
                    }

                    @Override
                    public boolean usesReserve() {
                        return true;
                    }
                })
                .value();
    }
}
