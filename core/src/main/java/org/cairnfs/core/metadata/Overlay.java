package org.cairnfs.core.metadata;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;

/** What one mutation has put and deleted so far, over everything else. Used by the writer thread. */
final class Overlay {
    private final Map<RowKey, Optional<Row>> rows = new LinkedHashMap<>();
    private final Map<Table, Integer> counts = new EnumMap<>(Table.class);

    /** Those that are not deleted, by table: a range query looks at no others. */
    private final Map<Table, Map<RowKey, Row>> images = new EnumMap<>(Table.class);

    /** A row's image, or that it is deleted; null if this mutation did not touch it. */
    Optional<Row> get(RowKey key) {
        return rows.get(key);
    }

    void set(RowKey key, Optional<Row> image) {
        Table table = Table.of(key);
        if (rows.put(key, image) == null) {
            counts.merge(table, 1, Integer::sum);
        }
        Map<RowKey, Row> present = images.computeIfAbsent(table, first -> new LinkedHashMap<>());
        if (image.isPresent()) {
            present.put(key, image.get());
        } else {
            present.remove(key);
        }
    }

    /** How many rows of a table are here. */
    int count(Table table) {
        return counts.getOrDefault(table, 0);
    }

    Map<RowKey, Optional<Row>> rows() {
        return rows;
    }

    /**
     * Lays these rows over what a range query gave.
     *
     * @param found in order; the first {@code limit} + {@link #count} of the range, at least
     * @param inRange which rows belong to the range
     */
    <R extends Row> List<R> over(
            List<R> found, Table table, Class<R> type, Predicate<R> inRange, Comparator<R> order, int limit) {
        if (count(table) == 0) {
            return found.size() <= limit ? found : found.subList(0, limit);
        }
        List<R> merged = new ArrayList<>();
        for (R row : found) {
            if (!rows.containsKey(row.key())) {
                merged.add(row);
            }
        }
        for (Row image : images.get(table).values()) {
            R row = type.cast(image);
            if (inRange.test(row)) {
                merged.add(row);
            }
        }
        merged.sort(order);
        return merged.size() <= limit ? merged : new ArrayList<>(merged.subList(0, limit));
    }
}
