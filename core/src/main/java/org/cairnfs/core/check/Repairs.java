package org.cairnfs.core.check;

import com.google.common.collect.Lists;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.Mutation;
import org.cairnfs.core.metadata.Rows;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.h2.Progress;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.CounterRow;
import org.cairnfs.core.metadata.row.InodeLockRow;
import org.cairnfs.core.metadata.row.PackRow;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.TreeLockRow;
import org.cairnfs.core.metadata.row.UsageRow;
import org.cairnfs.core.objectstore.ObjectInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mends what a check found, each finding by a mutation like any other, so that it is in the journal and goes to the bucket; counts, which are
 * in no journal, are corrected in memory and in the database. Each looks again on the writer thread whether it is still so, as the file
 * system goes on meanwhile. Used by one thread.
 */
final class Repairs {
    private static final Logger LOG = LoggerFactory.getLogger(Repairs.class);
    private static final int CHUNKS_PER_MUTATION = 1_000;

    private final CheckParts parts;
    private final DataRepair data;
    private final Map<FindingKind, Long> done = new EnumMap<>(FindingKind.class);

    Repairs(CheckParts parts) {
        this.parts = parts;
        this.data = new DataRepair(content -> parts.dirty().content(content).isPresent(), parts.journalSequence());
    }

    /** How many findings of each kind were mended. */
    Map<FindingKind, Long> done() {
        return done;
    }

    /**
     * Mends what can be.
     *
     * @return how many findings it mended
     */
    long run(List<Finding> findings) throws FsException, IOException {
        List<Finding> ordered = new ArrayList<>(findings);
        // What others rely on that free extents: that each chunk has a pack, or none for good.
        ordered.sort(Comparator.comparing(finding -> finding.kind() != FindingKind.CHUNK_PLACE));
        long mended = usage(ordered) + objects(ordered);
        for (Finding finding : ordered) {
            if (mend(finding)) {
                LOG.warn("repaired: {}: {}", finding.text(), finding.kind().repair());
                note(finding);
                mended++;
            }
        }
        return mended;
    }

    private void note(Finding finding) {
        done.merge(finding.kind(), 1L, Long::sum);
    }

    private boolean mend(Finding finding) throws FsException {
        return switch (finding.kind()) {
            case USAGE, OBJECT, JOURNAL ->
                false; // The first two are done all at once, and nothing is done about the last.
            case SNAPSHOT -> snapshot(((RowKey.Snapshot) finding.key()).number());
            default -> parts.metadata().mutate(freeing(mutation(finding))).value();
        };
    }

    /** A repair may have the reserve of the journal: it may be what makes room. */
    private static Mutation<Boolean> freeing(Mutation<Boolean> body) {
        return new Mutation<>() {
            @Override
            public Boolean run(Transaction transaction) throws FsException {
                return body.run(transaction);
            }

            @Override
            public boolean usesReserve() {
                return true;
            }
        };
    }

    private Mutation<Boolean> mutation(Finding finding) {
        RowKey key = finding.key();
        if (key instanceof RowKey.Inode inode) {
            return transaction -> inode(transaction, finding, inode.inode());
        } else if (key instanceof RowKey.Dirent name) {
            return switch (finding.kind()) {
                case NAME -> transaction -> NamespaceRepair.name(transaction, name);
                case COOKIE -> transaction -> NamespaceRepair.cookie(transaction, name);
                default -> transaction -> data.image(transaction, name, finding.first());
            };
        }
        return switch (finding.kind()) {
            case LEFTOVER -> transaction -> leftover(transaction, key);
            case ORPHAN -> transaction -> NamespaceRepair.orphan(transaction, ((RowKey.Orphan) key).inode());
            case TRASH -> transaction -> NamespaceRepair.trashRow(transaction, (RowKey.Trash) key);
            case CONTENT ->
                transaction -> DataRepair.content(
                        transaction, ((RowKey.Content) key).content(), finding.first(), finding.second());
            case UNOWNED -> transaction -> free(transaction, ((RowKey.Content) key).content());
            case EXTENT -> transaction -> data.extent(transaction, (RowKey.Extent) key);
            case NO_CHUNK -> transaction -> noChunk(transaction, finding);
            case CHUNK_LIFE -> transaction -> data.life(transaction, ((RowKey.Chunk) key).chunk());
            case CHUNK_TWICE ->
                transaction -> DataRepair.retire(transaction, ((RowKey.Chunk) key).chunk(), ChunkState.RETIRING);
            case CHUNK_PLACE -> transaction -> DataRepair.misplaced(transaction, ((RowKey.Chunk) key).chunk());
            case PACK ->
                transaction ->
                        data.pack(transaction, ((RowKey.Pack) key).pack(), finding.first(), finding.second() != 0);
            case IMAGE -> transaction -> data.image(transaction, key, finding.first());
            case COUNTER -> transaction -> counter(transaction, ((RowKey.Counter) key).name(), finding.first());
            case LOCK -> transaction -> lock(transaction, (RowKey.InodeLock) key);
            case RESTORE_POINT ->
                transaction -> {
                    transaction.delete(key);
                    return true;
                };
            default -> throw new IllegalArgumentException("a finding about " + key + ": " + finding);
        };
    }

    private boolean inode(Transaction transaction, Finding finding, long inode) {
        return switch (finding.kind()) {
            case ROOT -> NamespaceRepair.root(transaction);
            case INODE -> NamespaceRepair.inode(transaction, inode);
            case LINKS -> NamespaceRepair.links(transaction, inode);
            case UNREACHABLE -> NamespaceRepair.unreachable(transaction, inode);
            case LOOP -> NamespaceRepair.loop(transaction, inode);
            case PLACE -> NamespaceRepair.place(transaction, inode);
            case SECOND_NAME -> NamespaceRepair.secondName(transaction, inode);
            case DIRECTORY -> NamespaceRepair.directory(transaction, inode);
            case TRASH -> NamespaceRepair.trashFlag(transaction, inode);
            case XATTRS -> NamespaceRepair.xattrs(transaction, inode);
            case QUOTA -> NamespaceRepair.quota(transaction, inode);
            case BEYOND_END -> data.beyondEnd(transaction, inode, finding.first(), finding.second());
            case USED -> DataRepair.used(transaction, inode);
            default -> data.image(transaction, finding.key(), finding.first());
        };
    }

    private boolean leftover(Transaction transaction, RowKey key) {
        if (key instanceof RowKey.Xattr xattr) {
            return NamespaceRepair.leftover(transaction, key, xattr.inode());
        } else if (key instanceof RowKey.Atime atime) {
            return NamespaceRepair.leftover(transaction, key, atime.inode());
        } else if (key instanceof RowKey.Orphan orphan) {
            return NamespaceRepair.leftover(transaction, key, orphan.inode());
        } else if (key instanceof RowKey.Trash trash) {
            return NamespaceRepair.leftover(transaction, key, trash.inode());
        } else if (key instanceof RowKey.Quota quota) {
            parts.quotas().forget(transaction, quota.root());
            return true;
        }
        boolean lockGone = lockRow(transaction, ((RowKey.InodeLock) key).lock()).isEmpty();
        if (lockGone) {
            transaction.delete(key);
        }
        return lockGone;
    }

    private static Optional<TreeLockRow> lockRow(Transaction transaction, long lock) {
        return transaction.scan(TreeLockRow.class, Optional.of(new RowKey.TreeLock(lock - 1)), 1).stream()
                .filter(row -> row.lock() == lock)
                .findFirst();
    }

    private boolean lock(Transaction transaction, RowKey.InodeLock key) {
        boolean wanted = lockRow(transaction, key.lock())
                        .filter(row -> row.state() == TreeLockRow.COMPLETE)
                        .isPresent()
                && transaction.peek(key.inode()).isPresent();
        if (wanted) {
            parts.treeLocks().complete(transaction, new InodeLockRow(key.inode(), key.lock()));
        }
        return wanted;
    }

    private boolean free(Transaction transaction, long content) {
        if (transaction.extents(content, 0, Long.MAX_VALUE, 1).isEmpty()) {
            return false;
        }
        if (parts.freeContent().free(transaction, content)) {
            transaction.afterCommit(parts.wakeBackground());
        }
        return true;
    }

    private boolean noChunk(Transaction transaction, Finding finding) {
        return finding.key() instanceof RowKey.Chunk chunk
                ? DataRepair.lost(transaction, chunk.chunk(), finding.first())
                : data.tooLong(transaction, (RowKey.Extent) finding.key(), finding.second());
    }

    private static boolean counter(Transaction transaction, String name, long atLeast) {
        long now = Rows.all(transaction, CounterRow.class).stream()
                .filter(row -> row.name().equals(name))
                .mapToLong(CounterRow::value)
                .findFirst()
                .orElse(0);
        if (now < atLeast) {
            transaction.put(new CounterRow(name, atLeast));
        }
        return now < atLeast;
    }

    private boolean snapshot(long number) throws FsException {
        parts.snapshots().nameAnew(number);
        parts.snapshots().deleteOn(number);
        return true;
    }

    /** Corrects counts by what they were wrong by. */
    private long usage(List<Finding> findings) {
        List<UsageRow> roots = new ArrayList<>();
        Map<String, Long> totals = new HashMap<>();
        for (Finding finding : findings) {
            if (finding.kind() == FindingKind.USAGE) {
                note(finding);
                if (finding.key() instanceof RowKey.Usage usage) {
                    roots.add(new UsageRow(usage.root(), finding.first(), finding.second()));
                } else {
                    totals.put(((RowKey.Counter) finding.key()).name(), finding.first());
                }
            }
        }
        if (roots.isEmpty() && totals.isEmpty()) {
            return 0;
        }
        parts.metadata()
                .correctCounts(
                        roots,
                        new Progress(
                                0,
                                0,
                                totals.getOrDefault(Totals.ENTRIES, 0L),
                                totals.getOrDefault(Totals.CHUNKS, 0L),
                                totals.getOrDefault(Totals.UNIQUE_BYTES, 0L),
                                totals.getOrDefault(Totals.STORED_BYTES, 0L)));
        return roots.size() + (long) totals.size();
    }

    /** Marks all chunks of packs whose objects are missing or cut. If an object comes back, so does its data. */
    private long objects(List<Finding> findings) throws FsException, IOException {
        Set<Long> packs = new HashSet<>();
        for (Finding finding : findings) {
            if (finding.kind() == FindingKind.OBJECT && isGone(((RowKey.Pack) finding.key()).pack())) {
                packs.add(((RowKey.Pack) finding.key()).pack());
                note(finding);
            }
        }
        if (packs.isEmpty()) {
            return 0;
        }
        List<Long> chunks = new ArrayList<>();
        Rows.visit(parts.metadata().view(), ChunkRow.class, chunk -> {
            if (packs.contains(chunk.pack()) && chunk.state() == ChunkState.DURABLE) {
                chunks.add(chunk.chunk());
            }
            return true;
        });
        for (List<Long> some : Lists.partition(chunks, CHUNKS_PER_MUTATION)) {
            parts.metadata().mutate(freeing(transaction -> {
                for (long chunk : some) {
                    if (transaction
                            .chunk(chunk)
                            .filter(row -> packs.contains(row.pack()))
                            .isPresent()) {
                        DataRepair.retire(transaction, chunk, ChunkState.SUSPECT);
                    }
                }
                return true;
            }));
        }
        return packs.size();
    }

    private boolean isGone(long pack) throws IOException {
        Optional<PackRow> row = parts.metadata().view().pack(pack);
        if (row.isEmpty()) {
            return false;
        }
        Optional<ObjectInfo> object = parts.bucket().store().head(row.get().objectKey());
        return object.isEmpty() || object.get().size() < row.get().size();
    }
}
