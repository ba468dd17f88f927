package org.cairnfs.core.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.data.chunk.ChunkId;
import org.cairnfs.core.data.pack.PackEntry;
import org.cairnfs.core.data.pack.PackInfo;
import org.cairnfs.core.data.pack.PackReader;
import org.cairnfs.core.data.pack.PackRows;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.PackRow;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.objectstore.ObjectMissingException;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;

/**
 * Reads chunks back from the object store, past all caches, and says which are not what their ids say. Chunks that lie beside each other are
 * fetched by one request. Stateless.
 */
final class ChunkAudit {
    /** Of one request. */
    private static final int RUN_BYTES = 4 << 20;

    private final MetadataView view;
    private final ObjectStore store;
    private final PackReader reader;

    ChunkAudit(MetadataView view, ObjectStore store, PackReader reader) {
        this.view = view;
        this.store = store;
        this.reader = reader;
    }

    /**
     * Reads chunks.
     *
     * @param chunks in the order of their numbers, which is mostly that of their places
     * @return those that are damaged
     * @throws ObjectStoreException if the store cannot be read now: nothing is known then
     */
    List<ChunkRow> damagedOf(List<ChunkRow> chunks) throws ObjectStoreException {
        List<ChunkRow> damaged = new ArrayList<>();
        List<ChunkRow> run = new ArrayList<>();
        for (ChunkRow chunk : chunks) {
            if (!run.isEmpty() && !continues(run, chunk)) {
                read(run, damaged);
                run.clear();
            }
            run.add(chunk);
        }
        if (!run.isEmpty()) {
            read(run, damaged);
        }
        return damaged;
    }

    private static boolean continues(List<ChunkRow> run, ChunkRow next) {
        ChunkRow last = run.get(run.size() - 1);
        return next.pack() == last.pack()
                && next.packOffset() == last.packOffset() + last.storedLength()
                && next.packOffset() + next.storedLength() - run.get(0).packOffset() <= RUN_BYTES;
    }

    private void read(List<ChunkRow> run, List<ChunkRow> damaged) throws ObjectStoreException {
        Optional<byte[]> together = run.size() > 1 ? together(run) : Optional.empty();
        for (ChunkRow chunk : run) {
            boolean whole = together.isPresent()
                    && opens(
                            chunk,
                            together.get(),
                            chunk.packOffset() - run.get(0).packOffset());
            if (!whole && isDamaged(chunk)) {
                damaged.add(chunk);
            }
        }
    }

    private Optional<byte[]> together(List<ChunkRow> run) throws ObjectStoreException {
        ChunkRow last = run.get(run.size() - 1);
        Optional<PackRow> pack = view.pack(last.pack());
        if (pack.isEmpty()) {
            return Optional.empty();
        }
        int from = run.get(0).packOffset();
        try {
            return Optional.of(store.get(pack.get().objectKey(), from, last.packOffset() + last.storedLength() - from));
        } catch (ObjectMissingException e) {
            return Optional.empty();
        }
    }

    private boolean opens(ChunkRow chunk, byte[] stored, int offset) {
        Optional<PackRow> pack = view.pack(chunk.pack());
        if (pack.isEmpty() || offset + chunk.storedLength() > stored.length) {
            return false;
        }
        try {
            reader.open(PackRows.info(pack.get()), entry(chunk), stored, offset);
            return true;
        } catch (CorruptObjectException e) {
            return false;
        }
    }

    private static PackEntry entry(ChunkRow chunk) {
        return new PackEntry(
                ChunkId.of(chunk.id().toArray()), chunk.packOffset(), chunk.storedLength(), chunk.length());
    }

    /** Asks for one alone. One that has been moved meanwhile was verified when it was; one that has gone is no damage. */
    private boolean isDamaged(ChunkRow chunk) throws ObjectStoreException {
        Optional<PackRow> pack = view.pack(chunk.pack());
        try {
            if (pack.isPresent()) {
                PackInfo info = PackRows.info(pack.get());
                reader.read(store, info, entry(chunk));
                return false;
            }
        } catch (ObjectMissingException | CorruptObjectException e) {
            // Damaged, unless it has been moved.
        }
        Optional<ChunkRow> now = view.chunk(chunk.chunk());
        return now.isPresent() && now.get().pack() == chunk.pack() && now.get().deadSequence() == 0;
    }
}
