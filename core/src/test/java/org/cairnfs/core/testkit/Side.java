package org.cairnfs.core.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.DirectoryChange;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.Node;
import org.cairnfs.core.fs.Origin;

/**
 * One of the two file systems of a {@link Differential} run: the handles that operations have come to know, by label, and how
 * values are told so that two right file systems tell the same: inodes by the order in which they were seen, {@code change}
 * by how often it was seen to differ.
 */
final class Side {
    /** The label of the root. */
    static final int ROOT = 0;

    private final Subject subject;
    private final boolean exactAllocation;
    private final Map<Integer, FileHandle> labels = new HashMap<>();
    private final Map<Origin, Map<Integer, FileHandle>> labelsWhenSent = new HashMap<>();
    private final List<FileHandle> pinned = new ArrayList<>();
    private final Map<Long, Integer> inodes = new HashMap<>();
    private final Map<Long, NavigableMap<Long, Integer>> changes = new HashMap<>();

    Side(Subject subject, boolean exactAllocation) {
        this.subject = subject;
        this.exactAllocation = exactAllocation;
        labels.put(ROOT, subject.fileSystem().root());
    }

    Subject subject() {
        return subject;
    }

    FileSystem fs() {
        return subject.fileSystem();
    }

    /** Whether holes and allocated bytes are known to the byte. */
    boolean isExactAboutAllocation() {
        return exactAllocation;
    }

    Optional<FileHandle> handle(int label) {
        return Optional.ofNullable(labels.get(label));
    }

    void learn(int label, FileHandle handle) {
        if (label != ROOT) {
            labels.put(label, handle);
        }
    }

    /** What labels stand for now, to go back to: a request that is sent again is about the same inodes. */
    Map<Integer, FileHandle> labels() {
        return Map.copyOf(labels);
    }

    void relabel(Map<Integer, FileHandle> before) {
        labels.clear();
        labels.putAll(before);
    }

    /** A request is sent for the first time. */
    void sent(Origin origin) {
        labelsWhenSent.put(origin, labels());
    }

    Optional<Map<Integer, FileHandle>> labelsWhenSent(Origin origin) {
        return Optional.ofNullable(labelsWhenSent.get(origin));
    }

    List<FileHandle> pinned() {
        return pinned;
    }

    void restart() {
        subject.restart();
        pinned.clear();
    }

    String tell(FileHandle handle) {
        Integer known = inodes.putIfAbsent(handle.inode(), inodes.size());
        return "#" + (known == null ? inodes.size() - 1 : known);
    }

    String tell(Node node) {
        if (node.handle().inode() != node.attributes().fileId()
                || node.handle().generation() != node.attributes().generation()) {
            throw new AssertionError("handle and attributes disagree: " + node);
        }
        return tell(node.handle(), node.attributes());
    }

    String tell(FileHandle handle, Attributes attributes) {
        boolean directory = attributes.type() == FileType.DIRECTORY;
        return String.format(
                "%s %s %04o %d:%d nlink %d size %s used %s dev %s a%d m%d c%d b%d %s",
                tell(handle),
                attributes.type(),
                attributes.mode(),
                attributes.uid(),
                attributes.gid(),
                attributes.nlink(),
                directory ? "-" : attributes.size(),
                exactAllocation ? attributes.used() : "-",
                attributes.device().packed(),
                attributes.atime(),
                attributes.mtime(),
                attributes.ctime(),
                attributes.btime(),
                change(handle, attributes.change()));
    }

    String tell(FileHandle handle, DirectoryChange change) {
        return change(handle, change.before()) + "->" + change(handle, change.after());
    }

    /** Answers that are repeated tell values of before; what was never seen must be above all that was. */
    private String change(FileHandle handle, long change) {
        NavigableMap<Long, Integer> seen = changes.computeIfAbsent(handle.inode(), inode -> new TreeMap<>());
        if (!seen.containsKey(change)) {
            if (!seen.isEmpty() && change < seen.lastKey()) {
                throw new AssertionError("change of " + handle + " went back from " + seen.lastKey() + " to " + change);
            }
            seen.put(change, seen.size());
        }
        return "v" + seen.get(change);
    }
}
