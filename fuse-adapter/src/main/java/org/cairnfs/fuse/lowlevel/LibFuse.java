package org.cairnfs.fuse.lowlevel;

import jnr.ffi.LibraryLoader;

/**
 * The functions of libfuse 2.9 that a mount needs, with the names and meanings of {@code fuse_lowlevel.h} and {@code fuse_common.h}.
 * Pointers are numbers. Thread-safe, as the library is.
 */
@SuppressWarnings("checkstyle:MethodName") // The names are libfuse's.
public interface LibFuse {
    /** What the dynamic loader knows it by. */
    String NAME = "libfuse.so.2";

    /**
     * Loads the library.
     *
     * @throws UnsatisfiedLinkError if it, or the stubs to call it by, cannot be loaded
     */
    static LibFuse load() {
        return LibraryLoader.create(LibFuse.class).failImmediately().load(NAME);
    }

    long fuse_mount(byte[] mountPoint, long arguments);

    void fuse_unmount(byte[] mountPoint, long channel);

    long fuse_lowlevel_new(long arguments, long operations, long operationsSize, long userData);

    void fuse_session_add_chan(long session, long channel);

    void fuse_session_remove_chan(long channel);

    void fuse_session_destroy(long session);

    void fuse_session_exit(long session);

    int fuse_session_exited(long session);

    void fuse_session_process(long session, long buffer, long length, long channel);

    long fuse_chan_bufsize(long channel);

    int fuse_chan_recv(long channelPointer, long buffer, long size);

    long fuse_req_ctx(long request);

    int fuse_req_getgroups(long request, int size, long list);

    int fuse_req_interrupted(long request);

    int fuse_reply_err(long request, int errno);

    void fuse_reply_none(long request);

    int fuse_reply_entry(long request, long entry);

    int fuse_reply_create(long request, long entry, long fileInfo);

    int fuse_reply_attr(long request, long stat, double timeout);

    int fuse_reply_readlink(long request, byte[] target);

    int fuse_reply_open(long request, long fileInfo);

    int fuse_reply_write(long request, long count);

    int fuse_reply_buf(long request, long buffer, long size);

    int fuse_reply_statfs(long request, long statvfs);

    int fuse_reply_xattr(long request, long size);

    int fuse_reply_lock(long request, long flock);

    int fuse_lowlevel_notify_store(long channel, long inode, long offset, long buffers, int flags);

    int fuse_lowlevel_notify_inval_inode(long channel, long inode, long offset, long length);
}
