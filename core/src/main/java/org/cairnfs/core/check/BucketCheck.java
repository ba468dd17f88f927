package org.cairnfs.core.check;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.BucketLayout;
import org.cairnfs.core.data.pack.PackName;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.RowCursor;
import org.cairnfs.core.metadata.row.CheckpointRow;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.PackRow;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.objectstore.ObjectInfo;

/**
 * Checks packs and restore points against the list of objects in the bucket. The list is made later than the tables were looked at, so
 * what is missing in it counts only if the present says the same and the object is asked for by name.
 */
final class BucketCheck {
    private final CheckScope scope;
    private final Bucket bucket;
    private final MetadataView present;
    private final Instant begun;
    private long unknown;

    /** @param begun objects that were put after this moment are not missed in the tables */
    BucketCheck(CheckScope scope, Bucket bucket, MetadataView present, Instant begun) {
        this.scope = scope;
        this.bucket = bucket;
        this.present = present;
        this.begun = begun;
    }

    /** How many objects there are that no row and no checkpoint knows; the collector removes them when they are old enough. */
    long unknown() {
        return unknown;
    }

    /**
     * Checks.
     *
     * @param packs see {@link PackCheck#objects}
     * @param checkpoints packs of checkpoints
     */
    void run(SortedRecords packs, Set<PackName> checkpoints) throws IOException {
        scope.begin("the list of the bucket", -1);
        SortedRecords listed = scope.sorter(4);
        bucket.store().forEach(BucketLayout.PACKS, (ObjectInfo object) -> {
            long old = object.lastModified().isBefore(begun) ? 1 : 0;
            PackName.ofKey(object.key()).ifPresent(name -> listed.add(name.high(), name.low(), object.size(), old));
            scope.step();
        });
        RowCursor<long[]> objects = listed.sorted();
        for (RowCursor<long[]> rows = packs.sorted(); rows.hasNext(); scope.step()) {
            long[] pack = rows.next();
            while (objects.hasNext() && compare(objects.peek(), pack) < 0) {
                unknown(objects.next(), checkpoints);
            }
            boolean found = objects.hasNext() && compare(objects.peek(), pack) == 0;
            long size = found ? objects.next()[2] : -1;
            if (pack[3] != 0 && size < pack[4]) {
                missing(pack);
            }
        }
        while (objects.hasNext()) {
            unknown(objects.next(), checkpoints);
        }
        checkRestorePoints();
    }

    private static int compare(long[] a, long[] b) {
        return a[0] == b[0] ? Long.compare(a[1], b[1]) : Long.compare(a[0], b[0]);
    }

    private void unknown(long[] object, Set<PackName> checkpoints) {
        boolean known = checkpoints.contains(new PackName(object[0], object[1]));
        unknown += known ? 0 : object[3];
    }

    private void missing(long[] pack) throws IOException {
        Optional<PackRow> row = present.pack(pack[2]).filter(now -> now.state() == ChunkState.DURABLE);
        if (row.isEmpty()) {
            return; // Removed since the tables were looked at.
        }
        Optional<ObjectInfo> object = bucket.store().head(row.get().objectKey());
        if (object.isEmpty() || object.get().size() < row.get().size()) {
            scope.findings()
                    .add(
                            FindingKind.OBJECT,
                            new RowKey.Pack(pack[2]),
                            row.get().objectKey()
                                    + object.map(there -> " has " + there.size() + " bytes, not "
                                                    + row.get().size())
                                            .orElse(" is missing in the bucket"));
        }
    }

    private void checkRestorePoints() throws IOException {
        Set<Long> roots = Set.copyOf(bucket.roots().sequences());
        for (RowCursor<CheckpointRow> rows = scope.tables().rows(CheckpointRow.class); rows.hasNext(); ) {
            CheckpointRow point = rows.next();
            boolean whole =
                    BucketLayout.rootSequence(point.objectKey()).stream().anyMatch(roots::contains);
            if (!whole && isPresent(point)) {
                String text = "restore point " + point.sequence() + ": " + point.objectKey() + " is missing";
                scope.findings().add(FindingKind.RESTORE_POINT, point.key(), text);
            }
        }
    }

    private boolean isPresent(CheckpointRow point) {
        return present.scan(CheckpointRow.class, Optional.of(new RowKey.Checkpoint(point.sequence() - 1)), 1)
                .contains(point);
    }
}
