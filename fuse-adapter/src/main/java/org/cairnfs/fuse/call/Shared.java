package org.cairnfs.fuse.call;

import java.util.function.BooleanSupplier;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.lock.Leases;
import org.cairnfs.core.lock.RangeLocks;
import org.cairnfs.core.lock.ShareTable;

/**
 * What a mount shares with the other adapters of the same file system.
 *
 * @param locks byte ranges that anybody holds
 * @param shares who has which file open, and what that denies others
 * @param leases what clients were promised; asked before a file is opened for writing
 * @param inGrace whether clients of NFS may still take back locks of before a restart, so that new ones have to wait
 */
public record Shared(
        FileSystem fileSystem, RangeLocks locks, ShareTable shares, Leases leases, BooleanSupplier inGrace) {}
