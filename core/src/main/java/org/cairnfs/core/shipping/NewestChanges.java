package org.cairnfs.core.shipping;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.metadata.Epochs;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.record.ContentOp;
import org.cairnfs.core.record.JournalRecord;
import org.cairnfs.core.record.RowChange;

/**
 * Finds, among the records of one barrier, the changes that a rebuild can do without, as a later record sets the same row anew:
 * it never stops in between. A file that is made, written and given its attributes is one image of its inode then, and not six.
 *
 * <p>Three kinds of changes are kept whatever comes later:
 *
 * <ul>
 *   <li>what was before a change of an epoch or a snapshot: the images from before it may become history. Records between two
 *       such changes are a <em>stretch</em>, and only within one are changes overtaken. A record as of an earlier epoch is a stretch of its
 *       own: what it puts may become history with the next change;
 *   <li>a change set that only a lazy record follows: that says nothing of a row that it does not find;
 *   <li>deletions that nothing follows: the row may be in the checkpoint; and which images of before are forgotten.
 * </ul>
 *
 * <p>Used once, by one thread: all records are noted, then each is reduced, in the same order.
 */
final class NewestChanges {
    private final Map<Place, Long> sets = new HashMap<>();
    private final Map<Place, Long> lazies = new HashMap<>();
    private final Stretches noted = new Stretches();

    /** A row in a stretch. */
    private record Place(long stretch, RowKey key) {}

    void note(long sequence, JournalRecord record) {
        long stretch = noted.of(record);
        for (RowChange change : record.rows()) {
            if (!(change instanceof RowChange.Forget)) {
                (isLazy(record) ? lazies : sets).put(new Place(stretch, change.key()), sequence);
            }
        }
    }

    /** How many rows were noted, each once in a stretch. */
    int rows() {
        return sets.size() + lazies.size();
    }

    /** After all records were noted. */
    Filter filter() {
        return new Filter();
    }

    /** Leaves out what was overtaken. */
    final class Filter {
        private final Stretches reduced = new Stretches();

        /** What a rebuild needs of a record: no contents, which are the overlay's business, and nobody is answered any more. */
        JournalRecord reduce(long sequence, JournalRecord record) {
            long stretch = reduced.of(record);
            List<RowChange> rows = record.rows().stream()
                    .filter(change -> change instanceof RowChange.Forget
                            || isNewest(sequence, new Place(stretch, change.key()), isLazy(record)))
                    .toList();
            return new JournalRecord(record.kind(), rows, List.of(), Optional.empty(), Bytes.EMPTY);
        }

        private boolean isNewest(long sequence, Place place, boolean lazy) {
            long newestSet = sets.getOrDefault(place, -1L);
            return lazy ? sequence > newestSet && sequence == lazies.get(place) : sequence == newestSet;
        }
    }

    private static boolean isLazy(JournalRecord record) {
        return record.kind() == JournalRecord.Kind.LAZY;
    }

    /** Counts stretches, record by record. */
    private static final class Stretches {
        private long stretch;
        private boolean asOf;

        /** The stretch of the next record. */
        long of(JournalRecord record) {
            boolean afterAsOf = asOf;
            asOf = record.content().stream().anyMatch(ContentOp.AsOf.class::isInstance);
            if (afterAsOf || asOf || record.rows().stream().map(RowChange::key).anyMatch(Epochs::concerns)) {
                stretch++;
            }
            return stretch;
        }
    }
}
