package org.cairnfs.core.metadata;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;

/**
 * Goes through rows in order, page by page, with a look at the next one: what merges of tables are made of. Used by one thread.
 *
 * @param <R> what it goes through
 */
public final class RowCursor<R> {
    private final Function<Optional<R>, List<R>> pages;
    private final Deque<R> page = new ArrayDeque<>();
    private Optional<R> last = Optional.empty();
    private boolean ended;

    /** @param pages gives the rows behind one, or the first ones; none when there are no more */
    public RowCursor(Function<Optional<R>, List<R>> pages) {
        this.pages = pages;
    }

    public boolean hasNext() {
        if (page.isEmpty() && !ended) {
            page.addAll(pages.apply(last));
            ended = page.isEmpty();
        }
        return !page.isEmpty();
    }

    /** The next one, which stays the next; null if there is none. */
    public R peek() {
        return hasNext() ? page.peek() : null;
    }

    /** @throws NoSuchElementException if there is none */
    public R next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no more rows");
        }
        R next = page.remove();
        last = Optional.of(next);
        return next;
    }
}
