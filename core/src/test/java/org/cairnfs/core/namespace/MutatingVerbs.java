package org.cairnfs.core.namespace;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.CloneRequest;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.fs.XattrFlag;
import org.cairnfs.core.testkit.Shell;

/**
 * A small tree, and every verb of {@link FileSystem} that changes something as a call on it that would succeed, so that what
 * holds for all of them is tested on each.
 *
 * <pre>
 * /file     with text and user.x
 * /other    empty
 * /dir      empty
 * </pre>
 */
public final class MutatingVerbs {
    /** The verbs that change nothing that another client could see, but access times. */
    static final Set<String> OTHERS = Set.of(
            "root",
            "getattr",
            "access",
            "checkWritable",
            "lookup",
            "lookupParent",
            "readdir",
            "readlink",
            "pin",
            "unpin",
            "endGrace",
            "newestChange",
            "answered",
            "read",
            "readWithAttributes",
            "readOpen",
            "readSparse",
            "readSparseOpen",
            "seek",
            "seekOpen",
            "commit",
            "getXattr",
            "listXattrs",
            "statfs",
            "awaitStable",
            "bootVerifier",
            "unansweredOrigins",
            "pathOf");

    private static final String XATTR = "user.x";

    private final FileHandle file;
    private final FileHandle other;
    private final FileHandle directory;

    /**
     * A call of one verb.
     *
     * @param changes the inodes that it changes, those that it makes excepted
     */
    public record Verb(Shell.Action call, Set<FileHandle> changes) {}

    private MutatingVerbs(FileHandle file, FileHandle other, FileHandle directory) {
        this.file = file;
        this.other = other;
        this.directory = directory;
    }

    /** Makes the tree. */
    public static MutatingVerbs plant(FileSystem fs) throws FsException {
        Shell shell = new Shell(fs);
        FileHandle file = shell.touch("/file", 0644);
        shell.write("/file", 0, "text");
        FileHandle other = shell.touch("/other", 0644);
        FileHandle directory = shell.mkdir("/dir", 0755);
        fs.setXattr(shell.op(), file, Name.of(XATTR), Bytes.EMPTY, XattrFlag.EITHER);
        return new MutatingVerbs(file, other, directory);
    }

    FileHandle file() {
        return file;
    }

    /** All of them, by name; each on the tree as it was planted, so only one of them can be run. */
    public Map<String, Verb> on(FileSystem fs, OpContext op) throws FsException {
        FileHandle root = fs.root();
        Name old = Name.of("file");
        Name fresh = Name.of("new");
        Name xattr = Name.of(XATTR);
        Map<String, Verb> all = new LinkedHashMap<>();
        all.put("create", new Verb(() -> fs.create(op, root, fresh, CreateRequest.file(0644)), Set.of(root)));
        all.put("link", new Verb(() -> fs.link(op, file, directory, fresh), Set.of(file, directory)));
        all.put(
                "rename",
                new Verb(
                        () -> fs.rename(op, root, old, directory, fresh, RenameFlag.REPLACE),
                        Set.of(file, root, directory)));
        all.put(
                "rename over another",
                new Verb(
                        () -> fs.rename(op, root, old, root, Name.of("other"), RenameFlag.REPLACE),
                        Set.of(file, other, root)));
        all.put(
                "rename in exchange",
                new Verb(
                        () -> fs.rename(op, root, old, root, Name.of("other"), RenameFlag.EXCHANGE),
                        Set.of(file, other, root)));
        all.put("remove", new Verb(() -> fs.remove(op, root, old, RemoveKind.ANY), Set.of(file, root)));
        all.put(
                "remove of a directory",
                new Verb(() -> fs.remove(op, root, Name.of("dir"), RemoveKind.DIRECTORY), Set.of(directory, root)));
        Set<FileHandle> ofFile = Set.of(file);
        all.put("setattr", new Verb(() -> fs.setattr(op, file, SetAttributes.ofMode(0)), ofFile));
        all.put("setattrOpen", new Verb(() -> fs.setattrOpen(op, file, SetAttributes.ofSize(0)), ofFile));
        all.put("write", new Verb(() -> fs.write(op, file, 0, ByteBuffer.wrap(new byte[1])), ofFile));
        all.put("writeOpen", new Verb(() -> fs.writeOpen(op, file, 0, ByteBuffer.wrap(new byte[1])), ofFile));
        all.put("allocate", new Verb(() -> fs.allocate(op, file, 0, 100), ofFile));
        all.put("allocateOpen", new Verb(() -> fs.allocateOpen(op, file, 0, 100), ofFile));
        all.put("cloneRange", new Verb(() -> fs.cloneRange(op, CloneRequest.of(file, 0, other, 0, 0)), Set.of(other)));
        all.put("deallocate", new Verb(() -> fs.deallocate(op, file, 0, 100), ofFile));
        all.put("deallocateOpen", new Verb(() -> fs.deallocateOpen(op, file, 0, 100), ofFile));
        all.put("setXattr", new Verb(() -> fs.setXattr(op, file, xattr, Bytes.EMPTY, XattrFlag.EITHER), ofFile));
        all.put("removeXattr", new Verb(() -> fs.removeXattr(op, file, xattr), ofFile));
        return all;
    }
}
