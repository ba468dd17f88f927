package org.cairnfs.core.metadata;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.XattrRow;

/**
 * The newest image of each row, for point look-ups by any thread: <i>pinned</i> while the database does not have it yet,
 * cached (also that there is none) within a bound of bytes, else loaded.
 *
 * <p><b>Why the cache is never stale.</b> A row changes by {@link #pin}, is committed to the database, and then {@link #unpin}
 * puts the committed image into the cache before it takes the pin away. A look-up asks the pins first, so between pin and unpin
 * nobody sees the cache. The danger is a reader that loads the image of before from the database, is overtaken by pin, commit
 * and unpin, and then caches what it loaded. Therefore each key belongs to a stripe with a stamp, which every pin raises: a reader
 * reads the stamp, looks at the pins <i>again</i>, loads, and caches under the stripe's lock only if the stamp is what it was.
 * If a pin came after that second look, the stamp differs, and nothing is cached, or the reader came first with its
 * put, and the unpin, later, overwrites it. If the pin came before, the second look saw it, or it was gone already and the
 * load sees its commit.
 *
 * <p>A pin over a pin (a lazy row changed again while its older image is being committed) stays: unpin removes just the pin
 * that it is given. The cache then holds the older image, behind the pin, until the newer one is unpinned.
 *
 * <p>Threading: pins of one key are made by one thread at a time (the writer thread, or who holds the inode's lock); only the
 * writer thread unpins. A load holds no lock.
 */
final class NewestRows {
    private static final int STRIPES = 1024;

    /** What a cache entry takes beside its row: key, Optional, node, table slots. */
    private static final int ENTRY_BYTES = 200;

    private final ConcurrentHashMap<RowKey, Pin> pins = new ConcurrentHashMap<>();
    private final Cache<RowKey, Optional<Row>> cache;
    private final AtomicLongArray stamps = new AtomicLongArray(STRIPES);
    private final Object[] stripes = new Object[STRIPES];

    NewestRows(long cacheBytes) {
        cache = Caffeine.newBuilder()
                .maximumWeight(cacheBytes)
                .weigher((RowKey key, Optional<Row> row) -> weight(row))
                .executor(Runnable::run)
                .build();
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Object();
        }
    }

    /** An image that the database may not have. */
    static final class Pin {
        private final Optional<Row> image;

        private Pin(Optional<Row> image) {
            this.image = image;
        }

        /** The row, or empty: it is deleted. */
        Optional<Row> image() {
            return image;
        }
    }

    /** Loads a row from the database. */
    @FunctionalInterface
    interface Loader {
        Optional<Row> load(RowKey key) throws SQLException;
    }

    /** The newest image of a row. */
    Optional<Row> get(RowKey key, Loader loader) throws SQLException {
        Pin pin = pins.get(key);
        if (pin != null) {
            return pin.image;
        }
        Optional<Row> cached = cache.getIfPresent(key);
        if (cached != null) {
            return cached;
        }
        int stripe = stripe(key);
        long stamp = stamps.get(stripe);
        pin = pins.get(key);
        if (pin != null) {
            return pin.image;
        }
        Optional<Row> loaded = loader.load(key);
        synchronized (stripes[stripe]) {
            if (stamps.get(stripe) == stamp) {
                cache.put(key, loaded);
            }
        }
        return loaded;
    }

    /** The pin of a row, or null. */
    Pin pinned(RowKey key) {
        return pins.get(key);
    }

    /** Makes an image visible at once. */
    Pin pin(RowKey key, Optional<Row> image) {
        Pin pin = new Pin(image);
        pins.put(key, pin);
        int stripe = stripe(key);
        synchronized (stripes[stripe]) {
            stamps.incrementAndGet(stripe);
        }
        return pin;
    }

    /** The database has committed what this pin holds. */
    void unpin(RowKey key, Pin pin) {
        cache.put(key, pin.image);
        pins.remove(key, pin);
    }

    int pinnedRows() {
        return pins.size();
    }

    private static int stripe(RowKey key) {
        int hash = key.hashCode();
        return (hash ^ (hash >>> 10) ^ (hash >>> 20)) & (STRIPES - 1);
    }

    private static int weight(Optional<Row> row) {
        if (row.isEmpty()) {
            return ENTRY_BYTES;
        } else if (row.get() instanceof InodeRow inode) {
            return ENTRY_BYTES
                    + 200
                    + (inode.target() == null ? 0 : inode.target().length());
        } else if (row.get() instanceof XattrRow xattr) {
            return ENTRY_BYTES + 150 + xattr.value().length();
        }
        return ENTRY_BYTES + 150;
    }
}
