package org.cairnfs.core.namespace;

import com.google.common.collect.AbstractIterator;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.TrashRow;

/** All rows of the trash in the order of their ends, read in pages while it may change. */
record TrashRows(MetadataView view) implements Iterable<TrashRow> {
    private static final int PAGE = 1_000;

    @Override
    public Iterator<TrashRow> iterator() {
        return new AbstractIterator<>() {
            private final Deque<TrashRow> page = new ArrayDeque<>();
            private Optional<RowKey> after = Optional.empty();

            @Override
            protected TrashRow computeNext() {
                if (page.isEmpty()) {
                    List<TrashRow> next = view.scan(TrashRow.class, after, PAGE);
                    if (next.isEmpty()) {
                        return endOfData();
                    }
                    page.addAll(next);
                    after = Optional.of(next.get(next.size() - 1).key());
                }
                return page.remove();
            }
        };
    }
}
