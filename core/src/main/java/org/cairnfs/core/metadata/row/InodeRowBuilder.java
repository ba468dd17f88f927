package org.cairnfs.core.metadata.row;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FileType;

/** Builds an {@link InodeRow}, from nothing or from another; used by one thread. */
public final class InodeRowBuilder {
    private long inode;
    private long generation;
    private FileType type;
    private int mode;
    private int uid;
    private int gid;
    private int nlink;
    private long size;
    private long used;
    private long device;
    private long mtime;
    private long ctime;
    private long btime;
    private long change;
    private long parent;
    private long content;
    private Bytes target;
    private long entries;
    private long nextCookie;
    private int xattrs;
    private long quotaRoot;
    private long verifier;
    private int flags;
    private long born;

    /** All zero, but for what identifies it. */
    public InodeRowBuilder(long inode, long generation, FileType type) {
        this.inode = inode;
        this.generation = generation;
        this.type = type;
    }

    InodeRowBuilder(InodeRow row) {
        inode = row.inode();
        generation = row.generation();
        type = row.type();
        mode = row.mode();
        uid = row.uid();
        gid = row.gid();
        nlink = row.nlink();
        size = row.size();
        used = row.used();
        device = row.device();
        mtime = row.mtime();
        ctime = row.ctime();
        btime = row.btime();
        change = row.change();
        parent = row.parent();
        content = row.content();
        target = row.target();
        entries = row.entries();
        nextCookie = row.nextCookie();
        xattrs = row.xattrs();
        quotaRoot = row.quotaRoot();
        verifier = row.verifier();
        flags = row.flags();
        born = row.born();
    }

    public InodeRowBuilder mode(int value) {
        mode = value;
        return this;
    }

    public InodeRowBuilder uid(int value) {
        uid = value;
        return this;
    }

    public InodeRowBuilder gid(int value) {
        gid = value;
        return this;
    }

    public InodeRowBuilder nlink(int value) {
        nlink = value;
        return this;
    }

    public InodeRowBuilder size(long value) {
        size = value;
        return this;
    }

    public InodeRowBuilder used(long value) {
        used = value;
        return this;
    }

    public InodeRowBuilder device(long value) {
        device = value;
        return this;
    }

    public InodeRowBuilder mtime(long value) {
        mtime = value;
        return this;
    }

    public InodeRowBuilder ctime(long value) {
        ctime = value;
        return this;
    }

    public InodeRowBuilder btime(long value) {
        btime = value;
        return this;
    }

    public InodeRowBuilder change(long value) {
        change = value;
        return this;
    }

    public InodeRowBuilder parent(long value) {
        parent = value;
        return this;
    }

    public InodeRowBuilder content(long value) {
        content = value;
        return this;
    }

    public InodeRowBuilder target(Bytes value) {
        target = value;
        return this;
    }

    public InodeRowBuilder entries(long value) {
        entries = value;
        return this;
    }

    public InodeRowBuilder nextCookie(long value) {
        nextCookie = value;
        return this;
    }

    public InodeRowBuilder xattrs(int value) {
        xattrs = value;
        return this;
    }

    public InodeRowBuilder quotaRoot(long value) {
        quotaRoot = value;
        return this;
    }

    public InodeRowBuilder verifier(long value) {
        verifier = value;
        return this;
    }

    public InodeRowBuilder flags(int value) {
        flags = value;
        return this;
    }

    public InodeRowBuilder born(long value) {
        born = value;
        return this;
    }

    public InodeRow build() {
        return new InodeRow(
                inode,
                generation,
                type,
                mode,
                uid,
                gid,
                nlink,
                size,
                used,
                device,
                mtime,
                ctime,
                btime,
                change,
                parent,
                content,
                target,
                entries,
                nextCookie,
                xattrs,
                quotaRoot,
                verifier,
                flags,
                born);
    }
}
