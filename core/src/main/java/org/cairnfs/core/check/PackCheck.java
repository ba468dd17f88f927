package org.cairnfs.core.check;

import org.cairnfs.core.data.pack.PackName;
import org.cairnfs.core.metadata.FrozenTables;
import org.cairnfs.core.metadata.RowCursor;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.PackRow;
import org.cairnfs.core.metadata.row.RowKey;

/** Checks packs against the chunks in them: places, bytes in use, states. */
final class PackCheck {
    private final CheckScope scope;
    private final FrozenTables tables;
    private final Findings findings;
    private final Maxima maxima;
    private final SortedRecords objects;

    PackCheck(CheckScope scope, Maxima maxima) {
        this.scope = scope;
        this.tables = scope.tables();
        this.findings = scope.findings();
        this.maxima = maxima;
        objects = scope.sorter(5);
    }

    /** Packs: both halves of the name, number, 1 if new data may refer to its chunks or old data relies on them, size. */
    SortedRecords objects() {
        return objects;
    }

    /** @param placed see {@link ChunkCheck#placed} */
    void run(SortedRecords placed) {
        scope.begin("packs", -1);
        RowCursor<long[]> chunks = placed.sorted();
        for (RowCursor<PackRow> rows = tables.rows(PackRow.class); rows.hasNext(); scope.step()) {
            PackRow pack = rows.next();
            while (chunks.hasNext() && chunks.peek()[0] < pack.pack()) {
                without(chunks.next());
            }
            check(pack, chunks);
        }
        while (chunks.hasNext()) {
            without(chunks.next());
        }
    }

    private void without(long[] chunk) {
        if (chunk[0] != ChunkRow.LOST || chunk[5] != ChunkState.SUSPECT.code()) {
            String text = "chunk " + chunk[4] + " is in pack " + chunk[0] + ", which is not there";
            findings.add(FindingKind.CHUNK_PLACE, new RowKey.Chunk(chunk[4]), text);
        }
    }

    private void check(PackRow pack, RowCursor<long[]> chunks) {
        maxima.pack(pack.pack());
        long live = 0;
        long end = 0;
        long trusted = 0;
        boolean any = false;
        while (chunks.hasNext() && chunks.peek()[0] == pack.pack()) {
            long[] chunk = chunks.next();
            boolean suspect = chunk[5] == ChunkState.SUSPECT.code();
            live += chunk[3] != 0 ? chunk[2] : 0;
            trusted += suspect ? 0 : 1;
            any = true;
            if (!suspect && (chunk[1] < end || chunk[2] <= 0 || chunk[1] + chunk[2] > pack.size())) {
                findings.add(
                        FindingKind.CHUNK_PLACE,
                        new RowKey.Chunk(chunk[4]),
                        "chunk " + chunk[4] + " is at " + chunk[1] + " of pack " + pack.pack()
                                + ", over another or outside");
            }
            end = suspect ? end : Math.max(end, chunk[1] + chunk[2]);
            scope.step();
        }
        boolean state = !any || pack.state() == ChunkState.DURABLE;
        if (live != pack.liveBytes() || (live > 0) != (pack.deadSequence() == 0) || !state) {
            String text = live + " bytes of pack " + pack.pack() + " (" + pack.state() + ") are in use, not "
                    + pack.liveBytes();
            findings.add(FindingKind.PACK, pack.key(), text, live - pack.liveBytes(), state ? 0 : 1);
        }
        PackName name = PackName.ofKey(pack.objectKey()).orElse(null);
        if (name == null) {
            findings.add(FindingKind.OBJECT, pack.key(), "pack " + pack.pack() + " has the key " + pack.objectKey());
        } else {
            objects.add(name.high(), name.low(), pack.pack(), trusted > 0 ? 1 : 0, pack.size());
        }
    }
}
