package org.cairnfs.server.nfs.export;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.Node;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.server.exports.ExportTable;

/**
 * Where the exported paths of a table lead to in the file system, at one moment: the tops of exports and the passages to them.
 *
 * <p>{@code /} is not among the tops: what is in no other export is in that, if it is exported. Immutable.
 */
final class ExportTree {
    private static final String ROOT = "/";

    private final ExportTable table;
    private final Map<Long, String> tops = new HashMap<>();
    private final Map<String, Long> topOf = new HashMap<>();
    private final Map<Long, String> passages = new HashMap<>();
    private final Map<String, List<String>> below = new HashMap<>();
    private final List<String> missing = new ArrayList<>();

    private ExportTree(ExportTable table) {
        this.table = table;
    }

    /**
     * Looks where the paths of a table lead to.
     *
     * @throws FsException if that cannot be found out now; a path that is not there is no error
     */
    static ExportTree of(ExportTable table, FileSystem fileSystem) throws FsException {
        ExportTree tree = new ExportTree(table);
        for (String path : table.paths()) {
            if (!path.equals(ROOT)) {
                tree.add(path, fileSystem);
            }
        }
        return tree;
    }

    /** Of a table of whose paths nothing could be found out: only the whole can be used. */
    static ExportTree unknown(ExportTable table) {
        ExportTree tree = new ExportTree(table);
        table.paths().stream().filter(path -> !path.equals(ROOT)).forEach(tree.missing::add);
        return tree;
    }

    private void add(String path, FileSystem fileSystem) throws FsException {
        FileHandle at = fileSystem.root();
        String way = ROOT;
        List<Runnable> passed = new ArrayList<>();
        for (String part : path.substring(1).split("/", -1)) {
            String passage = way;
            long inode = at.inode();
            passed.add(() -> {
                passages.put(inode, passage);
                below.computeIfAbsent(passage, key -> new ArrayList<>()).add(path);
            });
            Optional<FileHandle> next = directory(fileSystem, at, part);
            if (next.isEmpty()) {
                missing.add(path);
                return;
            }
            at = next.get();
            way = way.equals(ROOT) ? ROOT + part : way + "/" + part;
        }
        passed.forEach(Runnable::run);
        tops.put(at.inode(), path);
        topOf.put(path, at.inode());
    }

    private static Optional<FileHandle> directory(FileSystem fileSystem, FileHandle in, String part)
            throws FsException {
        try {
            Node node = fileSystem.lookup(
                    new OpContext(Credentials.ROOT), in, Name.of(part.getBytes(StandardCharsets.UTF_8)));
            Attributes attributes = node.attributes();
            return attributes.type() == FileType.DIRECTORY ? Optional.of(node.handle()) : Optional.empty();
        } catch (FsException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENAMETOOLONG || e.errno() == Errno.EINVAL) {
                return Optional.empty();
            }
            throw e;
        }
    }

    ExportTable table() {
        return table;
    }

    /** The exported path that leads to a directory; empty if it is no top of an export. */
    Optional<String> top(FileHandle directory) {
        return isInode(directory) ? top(directory.inode()) : Optional.empty();
    }

    Optional<String> top(long inode) {
        return Optional.ofNullable(tops.get(inode));
    }

    /** The path of a directory through which the way to an export goes; empty if it is none. */
    Optional<String> passage(FileHandle directory) {
        return isInode(directory) ? Optional.ofNullable(passages.get(directory.inode())) : Optional.empty();
    }

    /** Of the present or of a snapshot: what was exported is so wherever it is seen. */
    private static boolean isInode(FileHandle file) {
        return file.isInode() && !file.leadsToSnapshots();
    }

    /** The exports that the ways through a passage lead to. */
    List<String> below(String passage) {
        return below.getOrDefault(passage, List.of());
    }

    /** The top of the innermost export that a path is in, that path included; empty if only the whole is around it. */
    Optional<String> around(String path) {
        String at = path;
        while (!at.isEmpty()) {
            if (topOf.containsKey(at)) {
                return Optional.of(at);
            }
            at = at.substring(0, at.lastIndexOf('/'));
        }
        return Optional.empty();
    }

    /** The inode of the top of an export. */
    long inode(String path) {
        return topOf.get(path);
    }

    /** Paths that lead to no directory now. */
    List<String> missing() {
        return missing;
    }

    boolean hasTops() {
        return !tops.isEmpty();
    }

    /** Whether paths have to be looked at again as time goes by. */
    boolean canChange() {
        return !tops.isEmpty() || !missing.isEmpty();
    }
}
