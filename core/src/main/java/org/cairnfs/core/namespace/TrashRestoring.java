package org.cairnfs.core.namespace;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.TrashRow;

/**
 * The way out of the trash and back into a directory: by a path, with what was below it and the directories above it, or by the number of an inode.
 *
 * <p>Each inode comes back in a mutation of its own. It goes into the directory that held it, if that is there or has just come back; else into the one that is
 * at its path now.
 *
 * <p>Safe for any number of threads.
 */
final class TrashRestoring {
    private final MetadataStore store;
    private final Writer writer;
    private final Guards guards;

    TrashRestoring(MetadataStore store, Writer writer, Guards guards) {
        this.store = store;
        this.writer = writer;
        this.guards = guards;
    }

    /** See {@link Trash#restore(String, Optional)}. */
    Trash.Restored restore(String path, Optional<String> to) throws FsException {
        String from = TrashPaths.normal(path);
        MetadataView view = store.view();
        TrashPaths paths = new TrashPaths(view);
        TreeMap<String, TrashRow> wanted = new TreeMap<>();
        Map<String, TrashRow> above = new HashMap<>();
        for (TrashRow row : new TrashRows(view)) {
            String at = paths.of(row).orElse("");
            if (!at.isEmpty() && TrashPaths.isAtOrBelow(at, from)) {
                wanted.merge(at, row, TrashRestoring::newer);
            } else if (!at.isEmpty() && row.directory() && TrashPaths.isAtOrBelow(from, at)) {
                above.merge(at, row, TrashRestoring::newer);
            }
            if (wanted.size() > Trash.MAX_RESTORED) {
                throw new FsException(
                        Errno.E2BIG,
                        "more than " + Trash.MAX_RESTORED + " are in the trash below " + from + "; name parts");
            }
        }
        if (wanted.isEmpty()) {
            throw new FsException(Errno.ENOENT, "nothing that was at " + from + " is in the trash");
        }
        Restoration restoration = new Restoration(to.isPresent());
        if (to.isEmpty()) {
            new TreeMap<>(above).forEach(wanted::putIfAbsent);
        }
        String target = to.isPresent() ? TrashPaths.normal(to.get()) : from;
        for (Map.Entry<String, TrashRow> each : wanted.entrySet()) {
            boolean isAbove = !TrashPaths.isAtOrBelow(each.getKey(), from);
            String rest = isAbove ? "" : each.getKey().substring(from.equals("/") ? 0 : from.length());
            restoration.add(isAbove ? each.getKey() : target.equals("/") ? rest : target + rest, each.getValue());
        }
        return restoration.ended();
    }

    /** See {@link Trash#restore(long, Optional)}. */
    Trash.Restored restore(long inode, Optional<String> to) throws FsException {
        TrashRow row = null;
        for (TrashRow each : new TrashRows(store.view())) {
            row = each.inode() == inode ? each : row;
        }
        if (row == null) {
            throw new FsException(Errno.ENOENT, "inode " + inode + " is not in the trash");
        }
        Optional<String> path =
                to.isPresent() ? Optional.of(TrashPaths.normal(to.get())) : new TrashPaths(store.view()).of(row);
        if (path.isEmpty()) {
            throw new FsException(
                    Errno.ENOENT, "the directory that held inode " + inode + " is no more; say where it is to go");
        }
        Restoration restoration = new Restoration(to.isPresent());
        restoration.add(path.get(), row);
        return restoration.ended();
    }

    private static TrashRow newer(TrashRow a, TrashRow b) {
        return a.removed() >= b.removed() ? a : b;
    }

    /** One call of restore under way. */
    private final class Restoration {
        private final boolean moves;
        private final Set<Long> directories = new HashSet<>();
        private long items;
        private long bytes;
        private final List<String> taken = new ArrayList<>();

        /** @param moves whether it goes elsewhere than where it was */
        Restoration(boolean moves) {
            this.moves = moves;
        }

        /** Puts one in its place, if nothing is there. */
        void add(String path, TrashRow row) throws FsException {
            int slash = path.lastIndexOf('/');
            if (slash < 0 || slash == path.length() - 1) {
                throw new FsException(Errno.EINVAL, "'" + path + "' is no name in a directory");
            }
            boolean isItsDirectory = directories.contains(row.parent()) || !moves && isThere(row.parent());
            long parent = isItsDirectory
                    ? row.parent()
                    : Paths.find(store.view(), slash == 0 ? "/" : path.substring(0, slash))
                            .inode();
            Name name = isItsDirectory || !moves ? row.name() : Name.of(path.substring(slash + 1));
            Optional<InodeRow> there = store.view()
                    .dirent(parent, name)
                    .flatMap(entry -> store.view().inode(entry.inode()));
            if (there.isEmpty()) {
                bytes += bringBack(row, parent, name);
                items++;
                directories.add(row.inode());
            } else if (!(row.directory() && there.get().isDirectory())) {
                taken.add(path);
            }
        }

        /** Whether a directory has a name. */
        private boolean isThere(long directory) {
            return store.view().inode(directory).filter(row -> row.nlink() > 0).isPresent();
        }

        Trash.Restored ended() throws FsException {
            if (items == 0 && !taken.isEmpty()) {
                throw new FsException(Errno.EEXIST, taken.get(0) + " exists; give what was removed another path");
            }
            return new Trash.Restored(items, bytes, List.copyOf(taken));
        }
    }

    /** @return its size */
    private long bringBack(TrashRow row, long directory, Name name) throws FsException {
        OpContext op = new OpContext(Credentials.ROOT);
        return writer.change(op, transaction -> {
            InodeRow inode = Trash.trashed(transaction, row)
                    .orElseThrow(() -> new FsException(Errno.ENOENT, name + " is not in the trash any more"));
            InodeRow parent = transaction
                    .peek(directory)
                    .filter(InodeRow::isDirectory)
                    .orElseThrow(() -> new FsException(Errno.ENOENT, "directory " + directory + " was removed"));
            Permissions.requirePresent(parent);
            if (transaction.dirent(directory, name).isPresent()) {
                throw new FsException(Errno.EEXIST, name + " exists");
            }
            if (inode.isDirectory()) {
                DirectoryEdit.requireRoomForLink(parent);
            }
            guards.beforeChange(op, inode, parent);
            guards.requireRoom(parent, inode.size(), 1);
            InodeRow back = inode.edit()
                    .nlink(inode.isDirectory() ? 2 : 1)
                    .parent(inode.isDirectory() ? directory : 0)
                    .flags(inode.flags() & ~InodeRow.FLAG_TRASHED)
                    .quotaRoot(parent.quotaRoot())
                    .ctime(transaction.now())
                    .change(transaction.nextChange())
                    .build();
            transaction.put(back);
            transaction.delete(row.key());
            DirectoryEdit edit = new DirectoryEdit(transaction, parent);
            edit.add(name, back);
            edit.finish();
            return inode.size();
        });
    }
}
