package org.cairnfs.core.testkit;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.DeviceNumber;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.Name;

/** Everything about one inode of the {@link ModelFileSystem}, whose lock guards it. */
final class ModelInode {
    final long number;
    final long generation;
    final FileType type;
    final long btime;
    final SparseBytes bytes = new SparseBytes();
    final NavigableMap<Name, Bytes> xattrs = new TreeMap<>();
    final Map<Name, Entry> entries = new HashMap<>();
    final NavigableMap<Long, Entry> byCookie = new TreeMap<>();
    private long lastCookie = 2;
    ModelInode parent;
    int mode;
    int uid;
    int gid;
    int nlink;
    int pins;
    long size;
    long atime;
    long mtime;
    long ctime;
    long change;
    DeviceNumber device = DeviceNumber.NONE;
    Bytes target;
    Long verifier;

    ModelInode(long number, long generation, FileType type, long now) {
        this.number = number;
        this.generation = generation;
        this.type = type;
        this.btime = now;
        this.atime = now;
        this.mtime = now;
        this.ctime = now;
    }

    void add(Name name, ModelInode inode) {
        Entry entry = new Entry(++lastCookie, name, inode);
        entries.put(name, entry);
        byCookie.put(entry.cookie, entry);
    }

    void drop(Name name) {
        byCookie.remove(entries.remove(name).cookie);
    }

    Attributes attributes() {
        long length = type == FileType.DIRECTORY ? entries.size() : size;
        long used = bytes.used();
        return new Attributes(
                number,
                generation,
                type,
                mode,
                uid,
                gid,
                nlink,
                length,
                used,
                device,
                atime,
                mtime,
                ctime,
                btime,
                change);
    }

    /** One name in a directory. */
    record Entry(long cookie, Name name, ModelInode inode) {}
}
