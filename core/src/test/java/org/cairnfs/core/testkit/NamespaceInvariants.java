package org.cairnfs.core.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.AtimeRow;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.OrphanRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.TrashRow;
import org.cairnfs.core.metadata.row.XattrRow;

/** What must hold among the rows of the namespace whenever no operation is under way; found by reading all tables. */
public final class NamespaceInvariants {
    private static final int PAGE = 1_000;
    private static final long ROOT = 1;

    private final Map<Long, InodeRow> inodes = new HashMap<>();
    private final Map<Long, List<DirentRow>> names = new HashMap<>();
    private final Map<Long, List<DirentRow>> entries = new HashMap<>();
    private final Map<Long, Integer> xattrs = new HashMap<>();
    private final Set<Long> orphans = new HashSet<>();
    private final Set<Long> trashed = new HashSet<>();
    private final List<String> broken = new ArrayList<>();

    private NamespaceInvariants(MetadataView view) {
        scan(view, InodeRow.class).forEach(row -> inodes.put(row.inode(), row));
        for (DirentRow row : scan(view, DirentRow.class)) {
            names.computeIfAbsent(row.inode(), key -> new ArrayList<>()).add(row);
            entries.computeIfAbsent(row.parent(), key -> new ArrayList<>()).add(row);
        }
        scan(view, XattrRow.class).forEach(row -> xattrs.merge(row.inode(), 1, Integer::sum));
        scan(view, OrphanRow.class).forEach(row -> orphans.add(row.inode()));
        scan(view, TrashRow.class).forEach(row -> expect(trashed.add(row.inode()), "twice in the trash: " + row));
        trashed.forEach(inode -> expect(inodes.containsKey(inode), "in the trash, but no inode: " + inode));
        scan(view, AtimeRow.class).forEach(row -> expect(inodes.containsKey(row.inode()), "without inode: " + row));
        xattrs.keySet().forEach(inode -> expect(inodes.containsKey(inode), "attributes of no inode " + inode));
        orphans.forEach(inode -> expect(inodes.containsKey(inode), "an orphan that is no inode: " + inode));
        names.forEach((inode, all) -> expect(inodes.containsKey(inode), "names of no inode: " + all));
        entries.forEach((parent, all) -> expect(inodes.containsKey(parent), "names in no directory: " + all));
        inodes.values().forEach(this::check);
    }

    /**
     * Reads everything, and says what is broken.
     *
     * @return one line for each fault; empty if all is well
     */
    public static List<String> broken(MetadataView view) {
        return new NamespaceInvariants(view).broken;
    }

    /** All rows of a table. */
    public static <R extends Row> List<R> scan(MetadataView view, Class<R> table) {
        List<R> all = new ArrayList<>();
        List<R> page = view.scan(table, Optional.empty(), PAGE);
        while (!page.isEmpty()) {
            all.addAll(page);
            page = view.scan(table, Optional.of(page.get(page.size() - 1).key()), PAGE);
        }
        return all;
    }

    private void check(InodeRow inode) {
        List<DirentRow> own = names.getOrDefault(inode.inode(), List.of());
        List<DirentRow> held = entries.getOrDefault(inode.inode(), List.of());
        expect(inode.isTrashed() == trashed.contains(inode.inode()), "in the trash or not: " + inode);
        expect(!inode.isTrashed() || inode.nlink() == 0 && inode.entries() == 0, "used in the trash: " + inode);
        expect(!inode.isTrashed() || inode.quotaRoot() == InodeRow.TRASH_ROOT, "not counted as trash: " + inode);
        boolean orphan = inode.nlink() == 0 && !inode.isTrashed();
        expect(orphan == orphans.contains(inode.inode()), "orphan or not: " + inode);
        expect(inode.xattrs() == xattrs.getOrDefault(inode.inode(), 0), "count of attributes: " + inode);
        expect(inode.entries() == held.size(), held.size() + " names in: " + inode);
        if (!inode.isDirectory()) {
            expect(inode.nlink() == own.size(), own.size() + " names of: " + inode);
            return;
        }
        long subdirectories = held.stream()
                .map(entry -> inodes.get(entry.inode()))
                .filter(child -> child != null && child.isDirectory())
                .count();
        expect(
                inode.nlink() == 0 || inode.nlink() == 2 + subdirectories,
                subdirectories + " sub-directories in: " + inode);
        Set<Long> cookies = new HashSet<>();
        for (DirentRow entry : held) {
            boolean sound = cookies.add(entry.cookie()) && entry.cookie() > 2 && entry.cookie() < inode.nextCookie();
            expect(sound, "cookie of " + entry + " in: " + inode);
        }
        if (inode.inode() == ROOT || inode.nlink() == 0) {
            return;
        }
        expect(own.size() == 1 && own.get(0).parent() == inode.parent(), "place " + own + " of: " + inode);
        expect(reachesRoot(inode), "neither below the root nor below an orphan: " + inode);
    }

    private boolean reachesRoot(InodeRow directory) {
        InodeRow at = directory;
        for (int depth = 0; depth <= inodes.size() && at != null; depth++) {
            if (at.inode() == ROOT || orphans.contains(at.inode())) {
                return true; // A tree that is being removed hangs from an orphan.
            }
            at = inodes.get(at.parent());
        }
        return false;
    }

    private void expect(boolean holds, String otherwise) {
        if (!holds) {
            broken.add(otherwise);
        }
    }
}
