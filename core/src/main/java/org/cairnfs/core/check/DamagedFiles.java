package org.cairnfs.core.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cairnfs.core.metadata.FrozenTables;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.RowCursor;
import org.cairnfs.core.metadata.h2.HistoryRow;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.Table;
import org.cairnfs.core.snapshot.Snapshot;
import org.cairnfs.core.snapshot.Snapshots;

/**
 * Finds the files that hold damaged chunks, in the present and in snapshots, by walks over the tables, as nothing leads from a content to its
 * files. Bounded: of very many chunks, the first are looked for. Used once, by one thread.
 */
final class DamagedFiles {
    private static final int MOST_CHUNKS = 100_000;
    private static final int MOST_FILES = 10_000;
    private static final int DEEPEST = 10_000;
    private static final long ROOT = 1;

    private final MetadataStore metadata;
    private final FrozenTables tables;
    private final Collection<Snapshot> snapshots;
    private final Set<Long> chunks = new HashSet<>();
    private final Map<Long, List<Piece>> pieces = new HashMap<>();
    private final List<DamagedFile> files = new ArrayList<>();

    /** A damaged part of a content, and from which epoch to which it is so; {@link Long#MAX_VALUE}: still. */
    private record Piece(long offset, long born, long died) {}

    DamagedFiles(MetadataStore metadata, FrozenTables tables, Snapshots snapshots) {
        this.metadata = metadata;
        this.tables = tables;
        this.snapshots = snapshots.all();
    }

    List<DamagedFile> find() {
        for (RowCursor<ChunkRow> rows = tables.rows(ChunkRow.class); rows.hasNext() && chunks.size() < MOST_CHUNKS; ) {
            ChunkRow chunk = rows.next();
            if (chunk.state() == ChunkState.SUSPECT && chunk.deadSequence() == 0) {
                chunks.add(chunk.chunk());
            }
        }
        if (chunks.isEmpty()) {
            return List.of();
        }
        for (RowCursor<ExtentRow> rows = tables.rows(ExtentRow.class); rows.hasNext(); ) {
            note(rows.next(), Long.MAX_VALUE);
        }
        for (RowCursor<HistoryRow> rows = tables.history(Table.EXTENT); rows.hasNext(); ) {
            HistoryRow image = rows.next();
            note((ExtentRow) image.row(), image.died());
        }
        for (RowCursor<InodeRow> rows = tables.rows(InodeRow.class); rows.hasNext(); ) {
            look(rows.next(), Long.MAX_VALUE);
        }
        for (RowCursor<HistoryRow> rows = tables.history(Table.INODE); rows.hasNext(); ) {
            HistoryRow image = rows.next();
            look((InodeRow) image.row(), image.died());
        }
        return files;
    }

    private void note(ExtentRow extent, long died) {
        if (chunks.contains(extent.chunk())) {
            pieces.computeIfAbsent(extent.content(), content -> new ArrayList<>())
                    .add(new Piece(extent.offset(), extent.born(), died));
        }
    }

    /** An inode that was so from an epoch to another. */
    private void look(InodeRow inode, long died) {
        List<Piece> damaged = pieces.get(inode.content());
        if (damaged == null || inode.content() == 0 || files.size() >= MOST_FILES) {
            return;
        }
        Optional<Piece> present = damaged.stream()
                .filter(piece -> piece.died() == Long.MAX_VALUE && died == Long.MAX_VALUE)
                .findFirst();
        if (present.isPresent()) {
            files.add(new DamagedFile(
                    "", path(metadata.view(), inode), present.get().offset()));
        }
        Optional<Snapshot> newest = Optional.empty();
        long offset = 0;
        for (Snapshot snapshot : snapshots) { // the oldest first
            for (Piece piece : damaged) {
                long epoch = snapshot.epoch();
                if (Math.max(inode.born(), piece.born()) <= epoch && epoch < Math.min(died, piece.died())) {
                    newest = Optional.of(snapshot);
                    offset = piece.offset();
                }
            }
        }
        if (newest.isPresent()) {
            String path = path(metadata.asOf(newest.get().epoch()), inode);
            files.add(new DamagedFile(newest.get().name().toString(), path, offset));
        }
    }

    private static String path(MetadataView view, InodeRow inode) {
        Deque<String> names = new ArrayDeque<>();
        long at = inode.inode();
        while (at != ROOT && names.size() < DEEPEST) {
            Optional<DirentRow> name = view.anyName(at);
            if (name.isEmpty()) {
                return "";
            }
            names.push(name.get().name().toString());
            at = name.get().parent();
        }
        return "/" + String.join("/", names);
    }
}
