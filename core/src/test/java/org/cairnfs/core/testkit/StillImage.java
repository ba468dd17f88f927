package org.cairnfs.core.testkit;

import com.google.common.hash.Hashing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.DirectoryPage;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.ReadResult;

/**
 * What the super-user sees of a tree that a snapshot keeps: names, attributes but those of access, and bytes; one line for each name, by
 * name. Which names are of one inode is told too.
 */
public final class StillImage {
    private static final int PAGE = 5;
    private static final int BLOCK = 64 << 10;

    private final OpContext op = new OpContext(Credentials.ROOT);
    private final FileSystem fs;
    private final List<String> lines = new ArrayList<>();
    private final Map<FileHandle, String> firstNames =
            new TreeMap<>(Comparator.comparingLong(FileHandle::inode).thenComparingLong(FileHandle::snapshot));

    private final boolean copied;

    private StillImage(FileSystem fs, boolean copied) {
        this.fs = fs;
        this.copied = copied;
    }

    /** The tree below a directory, as a copy of it is: without times of birth and of last change. */
    public static List<String> ofCopy(FileSystem fs, FileHandle directory) throws FsException {
        return of(fs, directory, true);
    }

    /** The tree below a directory. */
    public static List<String> of(FileSystem fs, FileHandle directory) throws FsException {
        return of(fs, directory, false);
    }

    private static List<String> of(FileSystem fs, FileHandle directory, boolean copied) throws FsException {
        StillImage image = new StillImage(fs, copied);
        image.lines.add("/ " + image.tell(image.fs.getattr(image.op, directory)) + image.xattrs(directory));
        image.walk("/", directory);
        return image.lines;
    }

    private void walk(String path, FileHandle directory) throws FsException {
        Map<Name, FileHandle> entries = new TreeMap<>();
        long after = 0;
        DirectoryPage page;
        do {
            page = fs.readdir(op, directory, after, PAGE, false);
            for (DirectoryPage.DirectoryEntry entry : page.entries()) {
                after = entry.cookie();
                entries.put(entry.name(), entry.node().handle());
            }
        } while (!page.end());
        for (Map.Entry<Name, FileHandle> entry : entries.entrySet()) {
            String name = path + entry.getKey();
            FileHandle inode = entry.getValue();
            FileHandle found = fs.lookup(op, directory, entry.getKey()).handle();
            if (!found.equals(inode)) {
                throw new AssertionError(name + " is " + found + " by itself, and " + inode + " in the listing");
            }
            line(name, inode);
        }
    }

    private void line(String name, FileHandle inode) throws FsException {
        Attributes attributes = fs.getattr(op, inode);
        String line = name + " " + tell(attributes) + xattrs(inode);
        String first = firstNames.putIfAbsent(inode, name);
        if (first != null) {
            lines.add(line + " is " + first);
            return;
        }
        switch (attributes.type()) {
            case DIRECTORY -> {
                lines.add(line);
                walk(name + "/", inode);
            }
            case SYMLINK -> lines.add(line + " -> " + fs.readlink(op, inode));
            case REGULAR -> lines.add(line + " hash " + hash(inode, attributes.size()));
            default -> lines.add(line);
        }
    }

    private String tell(Attributes of) {
        String size = of.type() == FileType.DIRECTORY ? "" : " " + of.size();
        return of.type() + " " + Integer.toOctalString(of.mode()) + " " + of.uid() + ":" + of.gid() + " nlink "
                + of.nlink() + size + " " + of.device() + " m " + of.mtime()
                + (copied ? "" : " c " + of.ctime() + " b " + of.btime());
    }

    private String xattrs(FileHandle inode) throws FsException {
        StringBuilder told = new StringBuilder();
        for (Name name : fs.listXattrs(op, inode)) {
            told.append(' ').append(name);
        }
        return told.toString();
    }

    /** Of all blocks that are not zeros, however holes are known. */
    private String hash(FileHandle file, long size) throws FsException {
        var hasher = Hashing.murmur3_128().newHasher();
        long at = 0;
        while (at < size) {
            var data = fs.seek(op, file, at, true);
            if (data.isEmpty()) {
                break;
            }
            at = data.getAsLong() / BLOCK * BLOCK;
            ReadResult read = fs.readOpen(op, file, at, BLOCK);
            byte[] bytes = FileOperations.Read.bytes(read);
            if (!isZero(bytes)) {
                hasher.putLong(at).putBytes(bytes);
            }
            at = at > Long.MAX_VALUE - BLOCK ? size : at + BLOCK;
        }
        return hasher.hash().toString();
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
