package org.cairnfs.core.namespace;

import com.google.common.base.Splitter;
import java.util.List;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.InodeRow;

/** Absolute paths inside a file system, as operators give them: asks no permission, follows no symbolic link. Stateless. */
public final class Paths {
    private Paths() {}

    /**
     * What a path leads to.
     *
     * @throws FsException EINVAL if it is not absolute; ENOENT, ENAMETOOLONG
     */
    public static InodeRow find(MetadataView view, String path) throws FsException {
        if (!path.startsWith("/")) {
            throw new FsException(Errno.EINVAL, "'" + path + "' is no absolute path");
        }
        return find(
                view,
                view.inode(RootDirectory.INODE).orElseThrow(() -> new IllegalStateException("no root directory")),
                path);
    }

    /**
     * What a path leads to that begins at a directory.
     *
     * @throws FsException ENOENT, ENAMETOOLONG
     */
    public static InodeRow find(MetadataView view, InodeRow directory, String path) throws FsException {
        long inode = directory.inode();
        for (String part : Splitter.on('/').omitEmptyStrings().split(path)) {
            inode = view.dirent(inode, Name.of(part)).map(DirentRow::inode).orElseThrow(() -> missing(path));
        }
        return view.inode(inode).orElseThrow(() -> missing(path));
    }

    /**
     * The entry that the last part of a path is.
     *
     * @throws FsException EINVAL if it is not absolute, or the root; ENOENT, ENAMETOOLONG
     */
    static DirentRow entry(MetadataView view, String path) throws FsException {
        List<String> parts = Splitter.on('/').omitEmptyStrings().splitToList(path);
        if (parts.isEmpty()) {
            throw new FsException(Errno.EINVAL, "'" + path + "' is no name in a directory");
        }
        String last = parts.get(parts.size() - 1);
        InodeRow parent = find(view, path.substring(0, path.lastIndexOf(last)));
        return view.dirent(parent.inode(), Name.of(last)).orElseThrow(() -> missing(path));
    }

    private static FsException missing(String path) {
        return new FsException(Errno.ENOENT, "there is no " + path);
    }
}
