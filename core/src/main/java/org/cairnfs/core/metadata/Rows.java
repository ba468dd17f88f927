package org.cairnfs.core.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;

/** Whole tables, read by pages. Stateless. */
public final class Rows {
    private static final int PAGE = 1_000;

    private Rows() {}

    /**
     * Visits all rows of a table in key order; rows that come or go meanwhile may be seen or not.
     *
     * @param visitor says whether to go on
     */
    public static <R extends Row> void visit(MetadataView view, Class<R> table, Predicate<R> visitor) {
        Optional<RowKey> after = Optional.empty();
        List<R> page;
        do {
            page = view.scan(table, after, PAGE);
            for (R row : page) {
                if (!visitor.test(row)) {
                    return;
                }
                after = Optional.of(row.key());
            }
        } while (page.size() == PAGE);
    }

    /** All rows of a small table. */
    public static <R extends Row> List<R> all(MetadataView view, Class<R> table) {
        List<R> rows = new ArrayList<>();
        visit(view, table, rows::add);
        return rows;
    }
}
