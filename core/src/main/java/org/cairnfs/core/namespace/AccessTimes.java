package org.cairnfs.core.namespace;

import java.util.function.LongSupplier;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.row.InodeRow;

/**
 * Access times as with the mount option {@code relatime} of Linux: a read notes its time if the one before was not after the
 * last change, or is a day old; so most reads change nothing.
 */
final class AccessTimes {
    private static final long DAY_NANOS = 86_400_000_000_000L;

    private final MetadataStore store;
    private final LongSupplier clock;
    private final boolean readOnly;

    AccessTimes(MetadataStore store, LongSupplier clock, boolean readOnly) {
        this.store = store;
        this.clock = clock;
        this.readOnly = readOnly;
    }

    /** Someone read from an inode: a file, the names of a directory, the target of a link. */
    void accessed(InodeRow inode) {
        if (readOnly) {
            return;
        }
        long now = clock.getAsLong();
        long atime = store.view().atime(inode);
        if (atime <= inode.mtime() || atime <= inode.ctime() || now - atime >= DAY_NANOS) {
            store.touchAtime(inode.inode(), now);
        }
    }
}
