package org.cairnfs.core.check;

import java.util.Arrays;
import org.cairnfs.core.metadata.FrozenTables;
import org.cairnfs.core.metadata.RowCursor;
import org.cairnfs.core.metadata.h2.Progress;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.RowKey;

/** Checks chunks against the extents that refer to them, of the present and of history, and against each other. */
final class ChunkCheck {
    private static final int ID_WORDS = 4;

    private final CheckScope scope;
    private final FrozenTables tables;
    private final Findings findings;
    private final Maxima maxima;
    private final SortedRecords placed;
    private final SortedRecords ids;
    private long chunks;
    private long uniqueBytes;
    private long storedBytes;
    private long damaged;

    ChunkCheck(CheckScope scope, Maxima maxima) {
        this.scope = scope;
        this.tables = scope.tables();
        this.findings = scope.findings();
        this.maxima = maxima;
        placed = scope.sorter(6);
        ids = scope.sorter(ID_WORDS + 1);
    }

    /** Chunks: pack, offset, stored length, 1 if something refers to it, number, code of the state. */
    SortedRecords placed() {
        return placed;
    }

    /** How many chunks there are. */
    long count() {
        return chunks;
    }

    /** How many chunks are suspect, and in use. */
    long damaged() {
        return damaged;
    }

    /** @param references see {@link ContentCheck#references} */
    void run(SortedRecords references) {
        scope.begin("chunks", tables.progress().chunks());
        RowCursor<long[]> extents = references.sorted();
        for (RowCursor<ChunkRow> rows = tables.rows(ChunkRow.class); rows.hasNext(); scope.step()) {
            ChunkRow chunk = rows.next();
            while (extents.hasNext() && extents.peek()[0] < chunk.chunk()) {
                missing(extents);
            }
            check(chunk, extents);
        }
        while (extents.hasNext()) {
            missing(extents);
        }
        checkIds();
        checkTotals();
    }

    /** Takes all extents that refer to a chunk that is not there. */
    private void missing(RowCursor<long[]> extents) {
        long chunk = extents.peek()[0];
        long end = 0;
        while (extents.hasNext() && extents.peek()[0] == chunk) {
            end = extents.next()[1];
        }
        findings.add(
                FindingKind.NO_CHUNK,
                new RowKey.Chunk(chunk),
                "chunk " + chunk + " is referred to and not there",
                end,
                0);
    }

    private void check(ChunkRow chunk, RowCursor<long[]> extents) {
        long number = chunk.chunk();
        boolean referred = false;
        while (extents.hasNext() && extents.peek()[0] == number) {
            long[] extent = extents.next();
            referred = true;
            if (extent[1] > chunk.length()) {
                findings.add(
                        FindingKind.NO_CHUNK,
                        new RowKey.Extent(extent[2], extent[3]),
                        "an extent of content " + extent[2] + " reaches to " + extent[1] + " in chunk " + number
                                + ", which has " + chunk.length() + " bytes",
                        extent[1],
                        extent[4]);
            }
        }
        boolean alive = chunk.deadSequence() == 0;
        if (alive != referred) {
            findings.add(
                    FindingKind.CHUNK_LIFE,
                    chunk.key(),
                    "chunk " + number + (referred ? " is referred to, and counts as garbage" : " is not referred to"));
        }
        damaged += referred && chunk.state() == ChunkState.SUSPECT ? 1 : 0;
        maxima.chunk(number);
        maxima.pack(chunk.pack());
        chunks++;
        uniqueBytes += alive ? chunk.length() : 0;
        storedBytes += alive ? chunk.storedLength() : 0;
        placed.add(
                chunk.pack(),
                chunk.packOffset(),
                chunk.storedLength(),
                alive ? 1 : 0,
                number,
                chunk.state().code());
        if (chunk.state() == ChunkState.DURABLE && chunk.id().length() == ID_WORDS * Long.BYTES) {
            var id = chunk.id().asBuffer();
            ids.add(id.getLong(), id.getLong(), id.getLong(), id.getLong(), number);
        }
    }

    private void checkIds() {
        scope.begin("ids of chunks", chunks);
        long[] before = {};
        for (RowCursor<long[]> sorted = ids.sorted(); sorted.hasNext(); scope.step()) {
            long[] id = sorted.next();
            if (before.length > 0 && Arrays.equals(before, 0, ID_WORDS, id, 0, ID_WORDS)) {
                findings.add(
                        FindingKind.CHUNK_TWICE,
                        new RowKey.Chunk(id[ID_WORDS]),
                        "chunk " + id[ID_WORDS] + " has the contents of chunk " + before[ID_WORDS]);
            }
            before = id;
        }
    }

    private void checkTotals() {
        Progress kept = tables.progress();
        total(Totals.CHUNKS, chunks - kept.chunks());
        total(Totals.UNIQUE_BYTES, uniqueBytes - kept.uniqueBytes());
        total(Totals.STORED_BYTES, storedBytes - kept.storedBytes());
    }

    private void total(String name, long missing) {
        if (missing != 0) {
            String text = "the count of " + name + " is " + missing + " too low";
            findings.add(FindingKind.USAGE, new RowKey.Counter(name), text, missing, 0);
        }
    }
}
