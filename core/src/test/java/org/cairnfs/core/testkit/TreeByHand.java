package org.cairnfs.core.testkit;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.DirectoryPage;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.fs.SetTime;
import org.cairnfs.core.fs.XattrFlag;

/** Copies and removes trees by the verbs alone, as a person would who has no tools: what copies and rollbacks are to give, a model gets by this. */
public final class TreeByHand {
    private static final int BLOCK = 64 << 10;
    private static final OpContext ROOT = new OpContext(Credentials.ROOT);

    private final FileSystem from;
    private final FileSystem to;
    private final Map<Long, FileHandle> copied = new HashMap<>();

    private TreeByHand(FileSystem from, FileSystem to) {
        this.from = from;
        this.to = to;
    }

    /** Makes a copy of what is in a directory in another, which is empty, and gives that the same attributes. */
    public static void copyInto(FileSystem from, FileHandle source, FileSystem to, FileHandle target)
            throws FsException {
        TreeByHand copy = new TreeByHand(from, to);
        copy.entries(source, target);
        copy.attributes(source, target);
    }

    /** Makes a copy under a name. */
    public static void copy(FileSystem from, FileHandle source, FileSystem to, FileHandle parent, Name name)
            throws FsException {
        new TreeByHand(from, to).copy(source, parent, name);
    }

    /** Removes everything in a directory. */
    public static void empty(FileSystem fs, FileHandle directory) throws FsException {
        for (DirectoryPage.DirectoryEntry entry : entries(fs, directory)) {
            if (entry.node().attributes().type() == FileType.DIRECTORY) {
                empty(fs, entry.node().handle());
            }
            fs.remove(ROOT, directory, entry.name(), RemoveKind.ANY);
        }
    }

    /** All of a directory. */
    public static List<DirectoryPage.DirectoryEntry> entries(FileSystem fs, FileHandle directory) throws FsException {
        List<DirectoryPage.DirectoryEntry> all = new ArrayList<>();
        DirectoryPage page;
        do {
            long after = all.isEmpty() ? 0 : all.get(all.size() - 1).cookie();
            page = fs.readdir(ROOT, directory, after, 100, true);
            all.addAll(page.entries());
        } while (!page.end());
        return all;
    }

    private void entries(FileHandle source, FileHandle target) throws FsException {
        for (DirectoryPage.DirectoryEntry entry : entries(from, source)) {
            copy(entry.node().handle(), target, entry.name());
        }
    }

    private void copy(FileHandle source, FileHandle parent, Name name) throws FsException {
        Attributes of = from.getattr(ROOT, source);
        FileHandle before = copied.get(source.inode());
        if (before != null) {
            to.link(ROOT, before, parent, name);
            return;
        }
        CreateRequest request = new CreateRequest(
                of.type(),
                SetAttributes.ofMode(0),
                of.device(),
                of.type() == FileType.SYMLINK ? from.readlink(ROOT, source) : null,
                null,
                false);
        FileHandle made = to.create(ROOT, parent, name, request).node().handle();
        switch (of.type()) {
            case DIRECTORY -> entries(source, made);
            case REGULAR -> bytes(source, made, of.size());
            default -> {}
        }
        if (of.type() != FileType.DIRECTORY) {
            copied.put(source.inode(), made);
        }
        attributes(source, made);
    }

    private void bytes(FileHandle source, FileHandle target, long size) throws FsException {
        to.setattr(ROOT, target, SetAttributes.ofSize(size));
        long at = 0;
        while (at < size) {
            var data = from.seek(ROOT, source, at, true);
            if (data.isEmpty()) {
                return;
            }
            at = data.getAsLong();
            byte[] bytes = FileOperations.Read.bytes(from.readOpen(ROOT, source, at, BLOCK));
            to.write(ROOT, target, at, ByteBuffer.wrap(bytes));
            at = at > Long.MAX_VALUE - BLOCK ? size : at + BLOCK;
        }
    }

    private void attributes(FileHandle source, FileHandle target) throws FsException {
        for (Name name : to.listXattrs(ROOT, target)) {
            to.removeXattr(ROOT, target, name);
        }
        for (Name name : from.listXattrs(ROOT, source)) {
            to.setXattr(ROOT, target, name, from.getXattr(ROOT, source, name), XattrFlag.CREATE);
        }
        Attributes of = from.getattr(ROOT, source);
        to.setattr(ROOT, target, SetAttributes.NONE.withOwner(of.uid(), of.gid()));
        to.setattr(ROOT, target, SetAttributes.ofMode(of.mode()).withTimes(null, new SetTime.At(of.mtime())));
    }
}
