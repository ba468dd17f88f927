package org.cairnfs.server.nfs.v3.nlm;

import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.lock.Leases;
import org.cairnfs.core.lock.LockClient;
import org.cairnfs.core.lock.RangeLocks;
import org.cairnfs.core.lock.ShareTable;
import org.cairnfs.server.nfs.export.ExportResolver;

/**
 * What the lock manager stands on; each part is safe for use by any number of threads.
 *
 * @param locks shared with the other adapters
 * @param shares shared with the other adapters
 * @param leases asked before a share that they are in the way of
 * @param inGrace whether locks of before the restart may be reclaimed, and new ones have to wait
 * @param maxHosts that hold or wait for something
 * @param maxWaiting locks that one host may wait for
 * @param expire asked of who is in the way: whether it was a client of another adapter that has vanished, and is gone now
 */
public record NlmServices(
        FileSystem fileSystem,
        ExportResolver exports,
        RangeLocks locks,
        ShareTable shares,
        Leases leases,
        int maxHosts,
        int maxWaiting,
        BooleanSupplier inGrace,
        Predicate<LockClient> expire) {}
