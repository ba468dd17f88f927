package org.cairnfs.core.namespace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Access;
import org.cairnfs.core.fs.DirectoryPage;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Node;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.InodeRow;

/**
 * The verb readdir: a page of names in cookie order, from the index on (parent, cookie). What was there all the time that a
 * listing takes is listed once; what comes or goes meanwhile may be or not.
 */
final class Listing {
    private static final int MAX_LIMIT = 10_000;

    private final MetadataStore store;
    private final Handles handles;
    private final Stats stats;
    private final AccessTimes accessTimes;

    Listing(MetadataStore store, Handles handles, Stats stats, AccessTimes accessTimes) {
        this.store = store;
        this.handles = handles;
        this.stats = stats;
        this.accessTimes = accessTimes;
    }

    DirectoryPage readdir(OpContext op, FileHandle directory, long after, int limit, boolean attributes)
            throws FsException {
        if (after < 0 || limit < 1 || limit > MAX_LIMIT) {
            throw new FsException(Errno.EINVAL, "a listing of " + limit + " entries after " + after);
        }
        MetadataView view = store.view();
        InodeRow in = handles.directory(view, directory);
        Permissions.require(op.credentials(), in, Access.READ);
        accessTimes.accessed(in);
        List<DirectoryPage.DirectoryEntry> page = new ArrayList<>();
        long from = after;
        while (true) {
            int wanted = limit - page.size();
            // One more than wanted, to know whether this is the end.
            List<DirentRow> rows = view.dirents(in.inode(), from, wanted + 1);
            boolean more = rows.size() > wanted;
            for (DirentRow row : more ? rows.subList(0, wanted) : rows) {
                entry(view, row, attributes).ifPresent(page::add);
                from = row.cookie();
            }
            if (!more || page.size() == limit) {
                return new DirectoryPage(page, !more);
            }
        }
    }

    /** The entry of a row; empty if its inode went since the row was read. */
    private Optional<DirectoryPage.DirectoryEntry> entry(MetadataView view, DirentRow row, boolean attributes) {
        return view.inode(row.inode()).map(inode -> {
            Node node = attributes ? stats.node(view, inode) : new Node(handles.of(inode), null);
            return new DirectoryPage.DirectoryEntry(row.cookie(), row.name(), node);
        });
    }
}
