package org.cairnfs.core.testkit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.DirectoryPage;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.fs.SetAttributes;

/** A file system by absolute paths, as one user, so that tests read like a terminal. Follows no symbolic links. */
public final class Shell {
    private final FileSystem fs;
    private final Credentials who;

    public Shell(FileSystem fs) {
        this(fs, Credentials.ROOT);
    }

    private Shell(FileSystem fs, Credentials who) {
        this.fs = fs;
        this.who = who;
    }

    /** The same file system as another user. */
    public Shell as(int uid, int gid, int... groups) {
        return new Shell(fs, Credentials.of(uid, gid, groups));
    }

    /** What happens in {@link #errno}. */
    @FunctionalInterface
    public interface Action {
        void run() throws FsException;
    }

    /** The errno of an action; empty if it succeeds. */
    public static Optional<Errno> errno(Action action) {
        try {
            action.run();
            return Optional.empty();
        } catch (FsException e) {
            return Optional.of(e.errno());
        }
    }

    public OpContext op() {
        return new OpContext(who);
    }

    public FileSystem fs() {
        return fs;
    }

    /** The inode of a path. */
    public FileHandle at(String path) throws FsException {
        FileHandle handle = fs.root();
        for (String name : names(path)) {
            handle = fs.lookup(op(), handle, Name.of(name)).handle();
        }
        return handle;
    }

    private static List<String> names(String path) {
        return Arrays.stream(path.split("/")).filter(name -> !name.isEmpty()).toList();
    }

    private FileHandle parent(String path) throws FsException {
        return at(path.substring(0, path.lastIndexOf('/')));
    }

    private static Name name(String path) throws FsException {
        return Name.of(path.substring(path.lastIndexOf('/') + 1));
    }

    public FileHandle create(String path, CreateRequest request) throws FsException {
        return fs.create(op(), parent(path), name(path), request).node().handle();
    }

    public FileHandle mkdir(String path, int mode) throws FsException {
        return create(path, CreateRequest.directory(mode));
    }

    public FileHandle touch(String path, int mode) throws FsException {
        return create(path, CreateRequest.file(mode));
    }

    public FileHandle symlink(String path, String target) throws FsException {
        return create(path, CreateRequest.symlink(Bytes.ofTrusted(target.getBytes(StandardCharsets.UTF_8))));
    }

    public void link(String path, String newPath) throws FsException {
        fs.link(op(), at(path), parent(newPath), name(newPath));
    }

    public void rename(String from, String to) throws FsException {
        rename(from, to, RenameFlag.REPLACE);
    }

    public void rename(String from, String to, RenameFlag flag) throws FsException {
        fs.rename(op(), parent(from), name(from), parent(to), name(to), flag);
    }

    public void unlink(String path) throws FsException {
        fs.remove(op(), parent(path), name(path), RemoveKind.NON_DIRECTORY);
    }

    public void rmdir(String path) throws FsException {
        fs.remove(op(), parent(path), name(path), RemoveKind.DIRECTORY);
    }

    public Attributes stat(String path) throws FsException {
        return fs.getattr(op(), at(path));
    }

    public Attributes set(String path, SetAttributes attributes) throws FsException {
        return fs.setattr(op(), at(path), attributes);
    }

    public Attributes chmod(String path, int mode) throws FsException {
        return set(path, SetAttributes.ofMode(mode));
    }

    public Attributes chown(String path, Integer uid, Integer gid) throws FsException {
        return set(path, SetAttributes.NONE.withOwner(uid, gid));
    }

    public Attributes write(String path, long offset, String text) throws FsException {
        return fs.write(op(), at(path), offset, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)))
                .after();
    }

    public String read(String path) throws FsException {
        FileHandle file = at(path);
        int size = (int) fs.getattr(op(), file).size();
        return new String(FileOperations.Read.bytes(fs.read(op(), file, 0, size)), StandardCharsets.UTF_8);
    }

    /** The names in a directory, in the order of its listing. */
    public List<String> ls(String path) throws FsException {
        FileHandle directory = at(path);
        List<String> names = new ArrayList<>();
        long after = 0;
        DirectoryPage page;
        do {
            page = fs.readdir(op(), directory, after, 1_000, false);
            for (DirectoryPage.DirectoryEntry entry : page.entries()) {
                names.add(entry.name().toString());
                after = entry.cookie();
            }
        } while (!page.end());
        return names;
    }
}
