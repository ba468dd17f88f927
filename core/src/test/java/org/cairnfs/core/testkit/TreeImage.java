package org.cairnfs.core.testkit;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.DirectoryPage.DirectoryEntry;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;

/**
 * Everything that the super-user can see of a file system from its root, one line for each name: attributes, extended
 * attributes, targets, and a hash of the bytes that are not zero. Checks link counts on the way.
 */
final class TreeImage {
    private static final int PAGE = 7;
    private static final int BLOCK = 4096;

    private final OpContext op = new OpContext(Credentials.ROOT);
    private final Side side;
    private final FileSystem fs;
    private final List<String> lines = new ArrayList<>();
    private final Set<Long> seen = new HashSet<>();

    private TreeImage(Side side) {
        this.side = side;
        this.fs = side.fs();
    }

    static List<String> of(Side side) throws FsException {
        TreeImage image = new TreeImage(side);
        FileHandle root = side.handle(Side.ROOT).orElseThrow();
        image.lines.add("/ " + side.tell(root, image.fs.getattr(image.op, root)));
        image.walk("/", root);
        return image.lines;
    }

    private void walk(String path, FileHandle directory) throws FsException {
        if (!seen.add(directory.inode())) {
            throw new AssertionError(path + " has a second place");
        }
        int subdirectories = 0;
        for (DirectoryEntry entry : NameOperations.ReadDirectory.entries(op, side, directory, PAGE)) {
            FileHandle inode = entry.node().handle();
            Attributes attributes = entry.node().attributes();
            String line = path + entry.name() + " " + side.tell(entry.node()) + xattrs(inode);
            switch (attributes.type()) {
                case DIRECTORY -> {
                    subdirectories++;
                    lines.add(line);
                    checkParent(directory, inode, path);
                    walk(path + entry.name() + "/", inode);
                }
                case SYMLINK -> lines.add(line + " -> " + fs.readlink(op, inode));
                case REGULAR -> lines.add(line + " hash " + hash(inode, attributes.size()));
                default -> lines.add(line);
            }
        }
        int nlink = fs.getattr(op, directory).nlink();
        if (nlink != subdirectories + 2) {
            throw new AssertionError(path + " has " + subdirectories + " sub-directories and nlink " + nlink);
        }
    }

    private void checkParent(FileHandle directory, FileHandle child, String path) throws FsException {
        if (!fs.lookupParent(op, child).handle().equals(directory)) {
            throw new AssertionError("the parent of a directory in " + path + " is another");
        }
    }

    private String xattrs(FileHandle inode) throws FsException {
        StringBuilder told = new StringBuilder();
        for (Name name : fs.listXattrs(op, inode)) {
            told.append(' ').append(name).append('=');
            boolean readable = !name.toString().startsWith("user.")
                    || Set.of(FileType.REGULAR, FileType.DIRECTORY)
                            .contains(fs.getattr(op, inode).type());
            told.append(readable ? fs.getXattr(op, inode, name) : "?");
        }
        return told.toString();
    }

    /** Of (offset, block) of all blocks that are not zeros, however holes are known. */
    private String hash(FileHandle file, long size) throws FsException {
        Hasher hasher = Hashing.murmur3_128().newHasher();
        long at = 0;
        while (at < size) {
            OptionalLong data = nextData(file, at);
            if (data.isEmpty()) {
                break;
            }
            at = data.getAsLong() / BLOCK * BLOCK;
            byte[] block = FileOperations.Read.bytes(fs.readOpen(op, file, at, BLOCK));
            if (!isZero(block)) {
                hasher.putLong(at).putBytes(block);
            }
            at = at > Long.MAX_VALUE - BLOCK ? size : at + BLOCK;
        }
        return hasher.hash().toString();
    }

    private OptionalLong nextData(FileHandle file, long at) throws FsException {
        try {
            return fs.seek(op, file, at, true);
        } catch (FsException e) {
            if (e.errno() == Errno.ENXIO) {
                return OptionalLong.empty();
            }
            throw e;
        }
    }

    private static boolean isZero(byte[] bytes) {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }
}
