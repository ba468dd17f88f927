package org.cairnfs.core.namespace;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.common.base.Splitter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.TrashRow;

/**
 * The paths at which trashed inodes were: those of the directories that held them, which may have been renamed since, or removed themselves.
 * Knows the trashed directories of the moment in which it was made. Used by one thread.
 */
final class TrashPaths {
    private static final int REMEMBERED = 10_000;
    private static final int MAX_DEPTH = 10_000;

    private final MetadataView view;
    private final Map<Long, TrashRow> removed = new HashMap<>();
    private final Cache<Long, Optional<String>> known =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    /** Goes through the whole trash. */
    TrashPaths(MetadataView view) {
        this.view = view;
        for (TrashRow row : new TrashRows(view)) {
            if (row.directory()) {
                removed.put(row.inode(), row);
            }
        }
    }

    /**
     * The form of paths that {@link #of} tells.
     *
     * @throws FsException EINVAL if it is not absolute
     */
    static String normal(String path) throws FsException {
        if (!path.startsWith("/")) {
            throw new FsException(Errno.EINVAL, "'" + path + "' is no absolute path");
        }
        StringBuilder normal = new StringBuilder();
        Splitter.on('/')
                .omitEmptyStrings()
                .split(path)
                .forEach(part -> normal.append('/').append(part));
        return normal.isEmpty() ? "/" : normal.toString();
    }

    /** Whether a path is another or below it. */
    static boolean isAtOrBelow(String path, String upper) {
        return upper.equals("/") || path.equals(upper) || path.startsWith(upper + "/");
    }

    /** Empty if the directory that held it is no more, and not in the trash either. */
    Optional<String> of(TrashRow row) {
        return directory(row.parent(), 0).map(above -> above + "/" + row.name());
    }

    /** Without a slash at the end: empty for the root. */
    private Optional<String> directory(long inode, int depth) {
        if (inode == RootDirectory.INODE) {
            return Optional.of("");
        }
        Optional<String> before = known.getIfPresent(inode);
        if (before == null) {
            before = depth == MAX_DEPTH ? Optional.empty() : look(inode, depth);
            known.put(inode, before);
        }
        return before;
    }

    private Optional<String> look(long inode, int depth) {
        TrashRow row = removed.get(inode);
        if (row != null) {
            return directory(row.parent(), depth + 1).map(above -> above + "/" + row.name());
        }
        Optional<InodeRow> directory = view.inode(inode).filter(found -> found.parent() != inode);
        Optional<DirentRow> name = directory.flatMap(found -> view.anyName(inode));
        return name.flatMap(entry -> directory(entry.parent(), depth + 1).map(above -> above + "/" + entry.name()));
    }
}
