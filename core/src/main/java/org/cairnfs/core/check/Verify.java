package org.cairnfs.core.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.cairnfs.core.bucket.BucketLayout;
import org.cairnfs.core.data.pack.PackName;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.FrozenTables;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.RowCursor;
import org.cairnfs.core.metadata.Rows;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.PackRow;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.objectstore.ObjectInfo;

/**
 * Looks whether the store has the data of all files and snapshots: that the objects are there and as long as they were put, by one list; and,
 * if it is asked for, that each chunk decodes to what its id says, by reading it. What is damaged is dealt with by {@link ReadBack}. Used once.
 */
public final class Verify {
    private static final int PAGE = 256;

    private final VerifyParts parts;
    private final VerifyRequest request;
    private final CheckListener listener;
    private final BooleanSupplier stopped;
    private final ReadBack readBack;
    private final Set<Long> missing = new HashSet<>();
    private final Optional<Set<Long>> chosen;
    private final long seed = ThreadLocalRandom.current().nextLong();
    private long packs;

    /** @param stopped whether to break off */
    public Verify(VerifyParts parts, VerifyRequest request, CheckListener listener, BooleanSupplier stopped) {
        this.parts = parts;
        this.request = request;
        this.listener = listener;
        this.stopped = stopped;
        this.readBack = new ReadBack(parts);
        this.chosen = request.since().map(since -> new HashSet<>());
    }

    /**
     * Does it.
     *
     * @throws FsException EAGAIN if it is broken off, or the journal has no room
     */
    public VerifyReport run() throws IOException, FsException {
        try {
            compareLists();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        ReadBack.Outcome outcome = read();
        try (FrozenTables tables = parts.metadata().freeze(() -> {})) {
            listener.phase("files with damage", 0, -1);
            return new VerifyReport(
                    packs,
                    missing.size(),
                    outcome.chunks(),
                    outcome.bytes(),
                    outcome.damaged(),
                    outcome.repaired(),
                    new DamagedFiles(parts.metadata(), tables, parts.snapshots()).find());
        }
    }

    /** Which packs are there. The rows are read first: what is put meanwhile is not missed. */
    private void compareLists() throws IOException {
        MetadataView view = parts.metadata().view();
        listener.phase("the list of the bucket", 0, -1);
        try (SortedRecords rows = new SortedRecords(parts.scratch(), 4);
                SortedRecords objects = new SortedRecords(parts.scratch(), 4)) {
            Rows.visit(view, PackRow.class, pack -> {
                if (pack.state() == ChunkState.DURABLE && pack.liveBytes() > 0) {
                    PackName.ofKey(pack.objectKey())
                            .ifPresent(name -> rows.add(name.high(), name.low(), pack.pack(), pack.size()));
                }
                return true;
            });
            parts.bucket().store().forEach(BucketLayout.PACKS, (ObjectInfo object) -> {
                boolean late = request.since()
                        .map(since -> object.lastModified().isBefore(since))
                        .orElse(false);
                PackName.ofKey(object.key())
                        .ifPresent(name -> objects.add(name.high(), name.low(), late ? 0 : 1, object.size()));
            });
            RowCursor<long[]> listed = objects.sorted();
            for (RowCursor<long[]> sorted = rows.sorted(); sorted.hasNext(); ) {
                compare(sorted.next(), listed);
            }
        }
    }

    private void compare(long[] pack, RowCursor<long[]> listed) throws IOException {
        while (listed.hasNext() && order(listed.peek(), pack) < 0) {
            listed.next();
        }
        boolean found = listed.hasNext() && order(listed.peek(), pack) == 0;
        if (!found || listed.peek()[3] < pack[3]) {
            packs++;
            if (isStillMissing(pack[2])) {
                missing.add(pack[2]);
            }
        } else if (listed.peek()[2] != 0) {
            packs++;
            chosen.ifPresent(numbers -> numbers.add(pack[2]));
        }
    }

    private static int order(long[] a, long[] b) {
        return a[0] == b[0] ? Long.compare(a[1], b[1]) : Long.compare(a[0], b[0]);
    }

    private boolean isStillMissing(long number) throws IOException {
        Optional<PackRow> pack = parts.metadata().view().pack(number).filter(row -> row.liveBytes() > 0);
        if (pack.isEmpty()) {
            return false;
        }
        Optional<ObjectInfo> object = parts.bucket().store().head(pack.get().objectKey());
        return object.isEmpty() || object.get().size() < pack.get().size();
    }

    private ReadBack.Outcome read() throws IOException, FsException {
        if (!request.data() && missing.isEmpty()) {
            return ReadBack.Outcome.NOTHING;
        }
        MetadataView view = parts.metadata().view();
        long total = parts.metadata().statistics().chunks();
        long seen = 0;
        ReadBack.Outcome outcome = ReadBack.Outcome.NOTHING;
        Optional<RowKey> after = Optional.empty();
        List<ChunkRow> page;
        do {
            if (stopped.getAsBoolean()) {
                throw new FsException(Errno.EAGAIN, "reading back was broken off: the server is stopping");
            }
            page = view.scan(ChunkRow.class, after, PAGE);
            outcome = outcome.plus(
                    readBack.read(page.stream().filter(this::isWanted).toList()));
            after = page.isEmpty()
                    ? after
                    : Optional.of(page.get(page.size() - 1).key());
            seen += page.size();
            listener.phase("reading back", seen, Math.max(seen, total));
        } while (!page.isEmpty());
        return outcome;
    }

    private boolean isWanted(ChunkRow chunk) {
        if (chunk.deadSequence() != 0) {
            return false;
        }
        boolean inMissing = missing.contains(chunk.pack());
        return inMissing || request.data() && isChosen(chunk) && isInSample(chunk);
    }

    private boolean isChosen(ChunkRow chunk) {
        return chosen.map(numbers -> numbers.contains(chunk.pack())).orElse(true);
    }

    /** A fresh choice each time, by the whole bits of a product that spreads numbers over all of them. */
    private boolean isInSample(ChunkRow chunk) {
        long mixed = (chunk.chunk() ^ seed) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ mixed >>> 32) * 0xD6E8FEB86659FD93L;
        return (mixed >>> 11) * 0x1.0p-53 < request.sample();
    }
}
