package org.cairnfs.core.gc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.Mutation;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;

/** Short mutations and scans by pages, as the collector makes them. Stateless. */
final class Steps {
    private static final int PAGE = 1_000;

    private Steps() {}

    /** A mutation; waits for room in the journal as everybody does, as it does not make room there. */
    static <T> T mutate(MetadataStore metadata, Mutation<T> body) throws FsException {
        return metadata.mutate(body).value();
    }

    /** Visits all rows of a table in key order; rows that come or go meanwhile may be seen or not. */
    static <R extends Row> void scan(MetadataView view, Class<R> table, Predicate<R> visitor) {
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
    static <R extends Row> List<R> all(MetadataView view, Class<R> table) {
        List<R> rows = new ArrayList<>();
        scan(view, table, rows::add);
        return rows;
    }
}
