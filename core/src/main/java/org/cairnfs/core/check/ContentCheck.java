package org.cairnfs.core.check;

import java.util.HashSet;
import java.util.Set;
import org.cairnfs.core.data.FreeContent;
import org.cairnfs.core.metadata.FrozenTables;
import org.cairnfs.core.metadata.RowCursor;
import org.cairnfs.core.metadata.row.ContentRow;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.WorkRow;

/** Checks the contents of files by a merge in their order: who has them, their extents, and what these add up to. */
final class ContentCheck {
    private final CheckScope scope;
    private final FrozenTables tables;
    private final Findings findings;
    private final Maxima maxima;
    private final Set<Long> dirty;
    private final SortedRecords references;
    private final Set<Long> freed = new HashSet<>();

    /** @param dirty contents of which something was not flushed */
    ContentCheck(CheckScope scope, Maxima maxima, Set<Long> dirty) {
        this.scope = scope;
        this.tables = scope.tables();
        this.findings = scope.findings();
        this.maxima = maxima;
        this.dirty = dirty;
        references = scope.sorter(5);
    }

    /** Extents: chunk, the end of what they refer to in it, content, offset; and the epoch in which one ended, 0 for those of the present. */
    SortedRecords references() {
        return references;
    }

    /** Where in the decoded chunk an extent ends. */
    static long chunkEnd(ExtentRow extent) {
        return extent.chunkOffset() + Math.max(0, extent.length());
    }

    /** @param owners see {@link NamespaceCheck#owners} */
    void run(SortedRecords owners) {
        for (RowCursor<WorkRow> rows = tables.rows(WorkRow.class); rows.hasNext(); ) {
            FreeContent.freedBy(rows.next()).ifPresent(freed::add);
        }
        scope.begin("contents", -1);
        RowCursor<long[]> files = owners.sorted();
        RowCursor<ExtentRow> extents = tables.rows(ExtentRow.class);
        RowCursor<ContentRow> counts = tables.rows(ContentRow.class);
        while (files.hasNext() || extents.hasNext() || counts.hasNext()) {
            long content = Math.min(
                    files.hasNext() ? files.peek()[0] : Long.MAX_VALUE,
                    Math.min(
                            extents.hasNext() ? extents.peek().content() : Long.MAX_VALUE,
                            counts.hasNext() ? counts.peek().content() : Long.MAX_VALUE));
            new One(content).check(files, extents, counts);
        }
    }

    /** One content. */
    private final class One {
        private final long content;
        private long owners;
        private long inode;
        private long size;
        private long used;
        private boolean unequal;
        private long bytes;
        private long end;

        One(long content) {
            this.content = content;
        }

        void check(RowCursor<long[]> files, RowCursor<ExtentRow> extents, RowCursor<ContentRow> counts) {
            while (files.hasNext() && files.peek()[0] == content) {
                own(files.next());
            }
            long counted = counts.hasNext() && counts.peek().content() == content
                    ? counts.next().references()
                    : 1;
            if (counted != Math.max(1, owners)) {
                findings.add(
                        FindingKind.CONTENT,
                        new RowKey.Content(content),
                        "content " + content + " is that of " + owners + " files, not of " + counted,
                        owners,
                        counted);
            }
            boolean any = extents.hasNext() && extents.peek().content() == content;
            while (extents.hasNext() && extents.peek().content() == content) {
                check(extents.next());
                scope.step();
            }
            checkSums(any);
        }

        private void own(long[] file) {
            unequal |= owners > 0 && file[3] != used;
            owners++;
            inode = file[1];
            size = Math.max(size, file[2]);
            used = file[3];
            scope.step();
        }

        private void check(ExtentRow extent) {
            maxima.content(content);
            maxima.chunk(extent.chunk());
            references.add(extent.chunk(), chunkEnd(extent), content, extent.offset(), 0);
            boolean sound =
                    extent.length() > 0 && extent.offset() >= end && extent.end() > 0 && extent.chunkOffset() >= 0;
            if (!sound) {
                findings.add(FindingKind.EXTENT, extent.key(), "impossible, or not behind the one before: " + extent);
            }
            end = Math.max(end, extent.end());
            bytes += extent.length();
        }

        private void checkSums(boolean any) {
            if (owners == 0) {
                if (any && !freed.contains(content)) {
                    findings.add(
                            FindingKind.UNOWNED,
                            new RowKey.Content(content),
                            "content " + content + " belongs to no file, and is not being freed");
                }
                return;
            }
            if (end > size && !dirty.contains(content)) {
                findings.add(
                        FindingKind.BEYOND_END,
                        new RowKey.Inode(inode),
                        "content " + content + " reaches to " + end + ", and its file, " + inode + ", ends at " + size,
                        content,
                        owners);
            }
            if (bytes != used || unequal) {
                String text = "inode " + inode + " uses " + bytes + " bytes, not " + used;
                findings.add(FindingKind.USED, new RowKey.Inode(inode), text);
            }
        }
    }
}
