package org.cairnfs.core.snapshot;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.h2.ChangedInodes;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.XattrRow;
import org.cairnfs.core.snapshot.Difference.Aspect;
import org.cairnfs.core.snapshot.Difference.Kind;

/**
 * Tells how the file system of one epoch differs from that of another: by the inodes whose images differ, which an index gives, so in time that
 * depends on how much differs and not on how much there is. Holds a page of them at a time.
 *
 * <p>Each inode is looked at by itself: its names in the one and in the other, as far as a way leads to them. When a whole directory came or went, what
 * is in it and did not change itself came or went with it; that is found by walking from there, over what no image of its own tells.
 *
 * <p>Used once, by one thread; snapshots keep both epochs meanwhile.
 */
final class Comparison {
    private static final int PAGE = 500;
    private static final long ROOT = 1;

    private final MetadataStore store;
    private final long fromEpoch;
    private final long toEpoch;
    private final PathsOf from;
    private final PathsOf to;
    private final Consumer<Difference> visitor;

    Comparison(MetadataStore store, long fromEpoch, long toEpoch, Consumer<Difference> visitor) {
        this.store = store;
        this.fromEpoch = fromEpoch;
        this.toEpoch = toEpoch;
        this.from = new PathsOf(store.asOf(fromEpoch));
        this.to = new PathsOf(store.asOf(toEpoch));
        this.visitor = visitor;
    }

    void run() {
        long since = Math.min(fromEpoch, toEpoch);
        long until = Math.max(fromEpoch, toEpoch);
        Optional<ChangedInodes.Place> at = Optional.of(ChangedInodes.BEGINNING);
        while (at.isPresent()) {
            ChangedInodes page = store.changedInodes(since, until, at.get(), PAGE);
            page.inodes().forEach(this::compare);
            at = page.next();
        }
    }

    private void compare(long number) {
        Optional<InodeRow> before = from.view().inode(number);
        Optional<InodeRow> after = to.view().inode(number);
        if (number == ROOT) {
            modified(before.orElseThrow(), after.orElseThrow(), List.of("/"));
            return;
        }
        List<DirentRow> lost = before.map(from::names).orElseGet(ArrayList::new);
        List<DirentRow> gained = after.map(to::names).orElseGet(ArrayList::new);
        boolean wasThere = !lost.isEmpty();
        boolean isThere = !gained.isEmpty();
        List<String> still = keep(lost, gained);
        lost.sort(Comparator.comparing(from::of));
        gained.sort(Comparator.comparing(to::of));
        while (!lost.isEmpty() && !gained.isEmpty()) {
            DirentRow name = gained.remove(0);
            still.add(to.of(name));
            tell(Kind.RENAMED, after.orElseThrow(), to.of(name), from.of(lost.remove(0)));
        }
        lost.forEach(name -> tell(Kind.REMOVED, before.orElseThrow(), from.of(name), ""));
        gained.forEach(name -> tell(Kind.ADDED, after.orElseThrow(), to.of(name), ""));
        if (wasThere && isThere) {
            modified(before.orElseThrow(), after.orElseThrow(), still);
        } else if (wasThere && before.orElseThrow().isDirectory()) {
            withIt(Kind.REMOVED, number, from, to);
        } else if (isThere && after.orElseThrow().isDirectory()) {
            withIt(Kind.ADDED, number, to, from);
        }
    }

    /** Takes out the names that are in both, and tells their paths. */
    private List<String> keep(List<DirentRow> lost, List<DirentRow> gained) {
        List<String> still = new ArrayList<>();
        for (DirentRow name : List.copyOf(lost)) {
            if (gained.removeIf(
                    other -> other.parent() == name.parent() && other.name().equals(name.name()))) {
                lost.remove(name);
                still.add(to.of(name));
            }
        }
        return still;
    }

    /** What is in a directory that is in one of the two only, as far as it did not change by itself. */
    private void withIt(Kind kind, long directory, PathsOf side, PathsOf other) {
        long after = 0;
        List<DirentRow> page;
        do {
            page = side.view().dirents(directory, after, PAGE);
            for (DirentRow entry : page) {
                after = entry.cookie();
                InodeRow child = side.view().inode(entry.inode()).orElseThrow();
                if (other.view().inode(entry.inode()).filter(child::equals).isPresent()) {
                    tell(kind, child, side.of(entry), "");
                    if (child.isDirectory()) {
                        withIt(kind, child.inode(), side, other);
                    }
                }
            }
        } while (page.size() == PAGE);
    }

    private void modified(InodeRow before, InodeRow after, List<String> paths) {
        Set<Aspect> aspects = aspects(before, after);
        if (!aspects.isEmpty()) {
            paths.forEach(path -> visitor.accept(new Difference(Kind.MODIFIED, after.type(), path, "", aspects)));
        }
    }

    private Set<Aspect> aspects(InodeRow before, InodeRow after) {
        Set<Aspect> aspects = EnumSet.noneOf(Aspect.class);
        add(aspects, Aspect.CONTENTS, !after.isDirectory() && isRewritten(before, after));
        add(aspects, Aspect.MODE, before.mode() != after.mode());
        add(aspects, Aspect.OWNER, before.uid() != after.uid() || before.gid() != after.gid());
        add(aspects, Aspect.XATTRS, !xattrs(from, before).equals(xattrs(to, after)));
        return aspects;
    }

    private static void add(Set<Aspect> to, Aspect aspect, boolean holds) {
        if (holds) {
            to.add(aspect);
        }
    }

    private boolean isRewritten(InodeRow before, InodeRow after) {
        return before.mtime() != after.mtime()
                || before.size() != after.size()
                || before.content() != after.content()
                || before.device() != after.device()
                || !Objects.equals(before.target(), after.target())
                || areOtherExtents(after.content());
    }

    /** Whether a content was written to though its file has the same size and time: as far as it is flushed. */
    private boolean areOtherExtents(long content) {
        long at = 0;
        List<ExtentRow> page;
        do {
            page = to.view().extents(content, at, Long.MAX_VALUE, PAGE);
            if (!page.equals(from.view().extents(content, at, Long.MAX_VALUE, PAGE))) {
                return true;
            }
            at = page.isEmpty() ? at : page.get(page.size() - 1).end();
        } while (page.size() == PAGE);
        return false;
    }

    private static List<List<Object>> xattrs(PathsOf side, InodeRow inode) {
        List<List<Object>> values = new ArrayList<>();
        if (inode.xattrs() > 0) {
            for (XattrRow xattr : side.view().xattrs(inode.inode())) {
                values.add(List.of(xattr.name(), xattr.value()));
            }
        }
        return values;
    }

    private void tell(Kind kind, InodeRow inode, String path, String before) {
        visitor.accept(new Difference(kind, inode.type(), path, before, Set.of()));
    }
}
