package org.cairnfs.core.testkit;

import java.lang.reflect.RecordComponent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.AtimeRow;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.InodeLockRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.OrphanRow;
import org.cairnfs.core.metadata.row.PackRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.UsageRow;
import org.cairnfs.core.metadata.row.WorkRow;
import org.cairnfs.core.metadata.row.XattrRow;

/**
 * All metadata tables in plain maps, with the indexes that ranges are read from, and an undo log. Counts the rows that ranges
 * touch. Guarded by the lock of its {@link MemoryMetadataStore}.
 */
final class MemoryTables implements MetadataView {
    private static final Comparator<InodeLockRow> LOCK_ORDER =
            Comparator.comparingLong(InodeLockRow::inode).thenComparingLong(InodeLockRow::lock);

    private final Map<RowKey, Row> rows = new HashMap<>();
    private final Map<Long, NavigableMap<Long, DirentRow>> cookies = new HashMap<>();
    private final Map<Long, Set<DirentRow>> names = new HashMap<>();
    private final Map<Long, NavigableMap<Name, XattrRow>> xattrs = new HashMap<>();
    private final Map<Long, NavigableMap<Long, ExtentRow>> extents = new HashMap<>();
    private final Map<Long, Set<RowKey>> references = new HashMap<>();
    private final NavigableMap<Long, WorkRow> works = new TreeMap<>();
    private final NavigableMap<Long, OrphanRow> orphans = new TreeMap<>();
    private final Set<InodeLockRow> locks = new HashSet<>();
    private final Deque<Undo> undo = new ArrayDeque<>();
    private long usedBytes;
    private long usedInodes;
    private long rangeRows;

    private record Undo(RowKey key, Optional<Row> before) {}

    // ---- changes

    void put(Row row) {
        set(row.key(), Optional.of(row));
    }

    void delete(RowKey key) {
        set(key, Optional.empty());
    }

    private void set(RowKey key, Optional<Row> after) {
        Optional<Row> before = Optional.ofNullable(rows.get(key));
        undo.push(new Undo(key, before));
        replace(key, before, after);
    }

    /** What was changed stays. */
    void commit() {
        undo.clear();
    }

    /** The rows that are not as they were at the last commit. */
    Set<RowKey> changed() {
        Map<RowKey, Optional<Row>> before = new HashMap<>();
        undo.forEach(entry -> before.put(entry.key, entry.before)); // the newest comes first
        before.entrySet().removeIf(entry -> entry.getValue().equals(Optional.ofNullable(rows.get(entry.getKey()))));
        return before.keySet();
    }

    /** Goes back to the last commit. */
    void rollBack() {
        while (!undo.isEmpty()) {
            Undo last = undo.pop();
            replace(last.key(), Optional.ofNullable(rows.get(last.key())), last.before());
        }
    }

    private void replace(RowKey key, Optional<Row> before, Optional<Row> after) {
        before.ifPresent(row -> index(row, false));
        after.ifPresent(row -> index(row, true));
        if (after.isPresent()) {
            rows.put(key, after.get());
        } else {
            rows.remove(key);
        }
    }

    private void index(Row row, boolean add) {
        if (row instanceof DirentRow entry) {
            change(cookies.computeIfAbsent(entry.parent(), key -> new TreeMap<>()), entry.cookie(), entry, add);
            change(names.computeIfAbsent(entry.inode(), key -> new HashSet<>()), entry, add);
        } else if (row instanceof XattrRow xattr) {
            change(xattrs.computeIfAbsent(xattr.inode(), key -> new TreeMap<>()), xattr.name(), xattr, add);
        } else if (row instanceof ExtentRow extent) {
            change(extents.computeIfAbsent(extent.content(), key -> new TreeMap<>()), extent.offset(), extent, add);
            change(references.computeIfAbsent(extent.chunk(), key -> new HashSet<>()), extent.key(), add);
        } else if (row instanceof WorkRow work) {
            change(works, work.id(), work, add);
        } else if (row instanceof OrphanRow orphan) {
            change(orphans, orphan.inode(), orphan, add);
        } else if (row instanceof InodeLockRow lock) {
            change(locks, lock, add);
        } else if (row instanceof InodeRow inode) {
            usedInodes += add ? 1 : -1;
            usedBytes += inode.content() == 0 ? 0 : add ? inode.size() : -inode.size();
        }
    }

    private static <K, V> void change(Map<K, V> index, K key, V value, boolean add) {
        if (add) {
            index.put(key, value);
        } else {
            index.remove(key, value);
        }
    }

    private static <V> void change(Set<V> index, V value, boolean add) {
        if (add) {
            index.add(value);
        } else {
            index.remove(value);
        }
    }

    // ---- reads

    /** How many rows ranges returned so far. */
    long rangeRows() {
        return rangeRows;
    }

    int size() {
        return rows.size();
    }

    private <R extends Row> Optional<R> get(Class<R> type, RowKey key) {
        return Optional.ofNullable(type.cast(rows.get(key)));
    }

    private <T> List<T> range(Iterable<T> from, int limit) {
        List<T> result = new ArrayList<>();
        for (T row : from) {
            if (result.size() == limit) {
                break;
            }
            result.add(row);
        }
        rangeRows += result.size();
        return result;
    }

    @Override
    public Optional<InodeRow> inode(long inode) {
        return get(InodeRow.class, new RowKey.Inode(inode));
    }

    @Override
    public long atime(InodeRow inode) {
        return get(AtimeRow.class, new RowKey.Atime(inode.inode()))
                .map(AtimeRow::atime)
                .orElse(inode.btime());
    }

    @Override
    public Optional<DirentRow> dirent(long parent, Name name) {
        return get(DirentRow.class, new RowKey.Dirent(parent, name));
    }

    @Override
    public List<DirentRow> dirents(long parent, long after, int limit) {
        return range(
                cookies.getOrDefault(parent, new TreeMap<>())
                        .tailMap(after, false)
                        .values(),
                limit);
    }

    @Override
    public Optional<DirentRow> anyName(long inode) {
        return names.getOrDefault(inode, Set.of()).stream().findAny();
    }

    @Override
    public List<DirentRow> names(long inode, int limit) {
        return range(names.getOrDefault(inode, Set.of()), limit);
    }

    @Override
    public List<InodeLockRow> locksOf(long inode) {
        return range(
                locks.stream()
                        .filter(row -> row.inode() == inode)
                        .sorted(LOCK_ORDER)
                        .toList(),
                Integer.MAX_VALUE);
    }

    @Override
    public List<InodeLockRow> lockedBy(long lock, int limit) {
        return range(
                locks.stream()
                        .filter(row -> row.lock() == lock)
                        .sorted(LOCK_ORDER)
                        .toList(),
                limit);
    }

    @Override
    public Optional<XattrRow> xattr(long inode, Name name) {
        return get(XattrRow.class, new RowKey.Xattr(inode, name));
    }

    @Override
    public List<Name> xattrNames(long inode) {
        return xattrs(inode).stream().map(XattrRow::name).toList();
    }

    @Override
    public List<XattrRow> xattrs(long inode) {
        return range(xattrs.getOrDefault(inode, new TreeMap<>()).values(), Integer.MAX_VALUE);
    }

    @Override
    public List<ExtentRow> extents(long content, long from, long to, int limit) {
        NavigableMap<Long, ExtentRow> all = extents.getOrDefault(content, new TreeMap<>());
        Long first = all.floorKey(from);
        boolean touches = first != null && all.get(first).end() > from;
        return from >= to
                ? List.of()
                : range(all.subMap(touches ? first : from, true, to, false).values(), limit);
    }

    @Override
    public boolean isReferenced(long chunk) {
        return !references.getOrDefault(chunk, Set.of()).isEmpty();
    }

    /** There is no history here. */
    @Override
    public boolean isReferencedByHistory(long chunk) {
        return false;
    }

    @Override
    public List<ExtentRow> references(long chunk, int limit) {
        return references.getOrDefault(chunk, Set.of()).stream()
                .limit(limit)
                .map(key -> (ExtentRow) rows.get(key))
                .toList();
    }

    @Override
    public Optional<ChunkRow> chunk(long chunk) {
        return get(ChunkRow.class, new RowKey.Chunk(chunk));
    }

    @Override
    public Optional<ChunkRow> chunkById(Bytes id) {
        return all(ChunkRow.class).stream()
                .filter(chunk -> chunk.id().equals(id) && chunk.state() == ChunkState.DURABLE)
                .findFirst();
    }

    @Override
    public Optional<PackRow> pack(long pack) {
        return get(PackRow.class, new RowKey.Pack(pack));
    }

    @Override
    public <R extends Row> List<R> scan(Class<R> table, Optional<RowKey> after, int limit) {
        List<R> behind = all(table).stream()
                .filter(row -> after.isEmpty() || compare(row.key(), after.get()) > 0)
                .sorted(Comparator.comparing(Row::key, MemoryTables::compare))
                .toList();
        return range(behind, limit);
    }

    <R extends Row> List<R> all(Class<R> table) {
        return rows.values().stream().filter(table::isInstance).map(table::cast).toList();
    }

    /** Keys of one table, component by component. */
    @SuppressWarnings("unchecked") // the components of keys are longs, names and strings, equal in kind at equal places
    private static int compare(RowKey left, RowKey right) {
        try {
            for (RecordComponent component : left.getClass().getRecordComponents()) {
                Comparable<Object> value =
                        (Comparable<Object>) component.getAccessor().invoke(left);
                int order = value.compareTo(component.getAccessor().invoke(right));
                if (order != 0) {
                    return order;
                }
            }
            return 0;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("keys are public records", e);
        }
    }

    @Override
    public List<OrphanRow> orphans() {
        return List.copyOf(orphans.values());
    }

    @Override
    public List<WorkRow> works() {
        return List.copyOf(works.values());
    }

    @Override
    public UsageRow usage(long root) {
        return root == 0
                ? new UsageRow(0, usedBytes, usedInodes)
                : get(UsageRow.class, new RowKey.Usage(root)).orElse(new UsageRow(root, 0, 0));
    }

    @Override
    public long epoch() {
        return 1;
    }
}
