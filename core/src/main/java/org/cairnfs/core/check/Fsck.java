package org.cairnfs.core.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.cairnfs.core.data.dirty.DirtyContent;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.FrozenTables;
import org.cairnfs.core.metadata.row.RowKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks every invariant of the metadata, and that the bucket has the objects that it tells of; mends what is wrong.
 *
 * <p>The tables are looked at as of one moment ({@link FrozenTables}), so what others do meanwhile is no damage. Everything is found by merges
 * of tables in the order of their keys; what has another order is sorted on disk. So memory is bounded, whatever the file system holds.
 *
 * <p>A repair is done in rounds: check, mend, check again, until nothing is found, or nothing more can be mended.
 *
 * <p>Thread-safe; one check at a time ({@code running}).
 */
public final class Fsck {
    private static final Logger LOG = LoggerFactory.getLogger(Fsck.class);

    /** The mending of one thing brings another to light: as deep as trees are in quotas. */
    private static final int ROUNDS = 100;

    /** Objects that were put since so long before the check are not missed in the tables. */
    private static final Duration NEW = Duration.ofHours(1);

    private static final int EXAMPLES = 20;

    private final CheckParts parts;
    private final ReentrantLock running = new ReentrantLock();
    private volatile boolean closed;

    public Fsck(CheckParts parts) {
        this.parts = parts;
    }

    /** What one look at everything gave. */
    private record Look(Findings findings, long inodes, long names, long chunks, long damaged, long unknown) {}

    /**
     * Checks everything.
     *
     * @param repair whether to mend what is wrong
     * @throws FsException EAGAIN if the file system is being closed, or the journal has no room
     */
    public FsckReport run(boolean repair, CheckListener listener) throws IOException, FsException {
        running.lock();
        try {
            Look look = look(listener);
            Map<FindingKind, Long> found = new EnumMap<>(look.findings().counts());
            List<Finding> examples = examples(look.findings().kept());
            Repairs repairs = new Repairs(parts);
            boolean mended = repair;
            for (int round = 0;
                    mended && round < ROUNDS && !look.findings().kept().isEmpty();
                    round++) {
                listener.phase("repairing", round, -1);
                mended = repairs.run(look.findings().kept()) > 0;
                look = look(listener);
            }
            FsckReport report = new FsckReport(
                    found,
                    repairs.done(),
                    look.findings().counts(),
                    examples,
                    look.inodes(),
                    look.names(),
                    look.chunks(),
                    look.damaged(),
                    look.unknown());
            LOG.info("check: found {}, repaired {}, left {}", found, report.repaired(), report.left());
            return report;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (CheckStoppedException e) {
            throw new FsException(Errno.EAGAIN, e.getMessage(), e);
        } finally {
            running.unlock();
        }
    }

    private static List<Finding> examples(List<Finding> findings) {
        Map<FindingKind, Integer> taken = new EnumMap<>(FindingKind.class);
        List<Finding> examples = new ArrayList<>();
        for (Finding finding : findings) {
            if (taken.merge(finding.kind(), 1, Integer::sum) <= EXAMPLES) {
                examples.add(finding);
            }
        }
        return examples;
    }

    private Look look(CheckListener listener) throws IOException {
        Instant begun = parts.clock().instant().minus(NEW);
        Set<Long> dirty = new HashSet<>();
        try (FrozenTables tables = parts.metadata()
                        .freeze(() -> parts.dirty().all().stream()
                                .map(DirtyContent::content)
                                .forEach(dirty::add));
                CheckScope scope = new CheckScope(tables, parts.scratch(), listener, () -> closed)) {
            return look(scope, dirty, begun);
        }
    }

    private Look look(CheckScope scope, Set<Long> dirty, Instant begun) throws IOException {
        Maxima maxima = new Maxima();
        NamespaceCheck names = new NamespaceCheck(scope, maxima);
        names.run();
        new DirectoryCheck(scope, names.children()).run();
        new ReachabilityCheck(scope).run(names.places());
        ContentCheck contents = new ContentCheck(scope, maxima, dirty);
        contents.run(names.owners());
        new HistoryCheck(scope).run(contents.references());
        ChunkCheck chunks = new ChunkCheck(scope, maxima);
        chunks.run(contents.references());
        PackCheck packs = new PackCheck(scope, maxima);
        packs.run(chunks.placed());
        new StateCheck(scope, maxima).run();
        BucketCheck bucket =
                new BucketCheck(scope, parts.bucket(), parts.metadata().view(), begun);
        bucket.run(packs.objects(), parts.checkpointPacks().get());
        checkJournal(scope.findings());
        return new Look(
                scope.findings(), names.inodes(), names.entries(), chunks.count(), chunks.damaged(), bucket.unknown());
    }

    /** What it keeps is asked for first, as what it needs only grows. */
    private void checkJournal(Findings findings) {
        long kept = parts.keptSequence().getAsLong();
        long needed = parts.neededSequence().getAsLong();
        if (kept > needed) {
            findings.add(
                    FindingKind.JOURNAL,
                    new RowKey.Counter("journal"),
                    "the journal begins at record " + kept + ", and is needed from " + needed + " on");
        }
    }

    /** Ends the check that is under way, and waits for it; there are no more. */
    public void close() {
        closed = true;
        running.lock();
        try {
            LOG.debug("no check runs any more");
        } finally {
            running.unlock();
        }
    }
}
