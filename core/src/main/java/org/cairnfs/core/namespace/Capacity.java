package org.cairnfs.core.namespace;

import org.cairnfs.core.fs.FsStatistics;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.QuotaRow;
import org.cairnfs.core.metadata.row.UsageRow;

/**
 * What statfs(2) tells of a store that has no size of its own: the total is what is configured, or so large that nobody hits
 * it, yet so small that sums of it stay within signed 64 bits, in bytes and in blocks.
 *
 * @param totalBytes that are said to be there
 * @param totalInodes that are said to be there
 */
public record Capacity(long totalBytes, long totalInodes) {
    /** 1 EiB and 2^40 inodes. */
    public static final Capacity UNLIMITED = new Capacity(1L << 60, 1L << 40);

    /** Of a tree with a quota: its limits, the lower one where there are two, are the totals. */
    FsStatistics within(QuotaRow limits, MetadataView view) {
        FsStatistics whole = statistics(view);
        UsageRow used = view.usage(limits.root());
        long bytes = lowest(limits.softBytes(), limits.hardBytes(), whole.totalBytes());
        long inodes = lowest(limits.softInodes(), limits.hardInodes(), whole.totalInodes());
        return new FsStatistics(
                bytes,
                Math.min(whole.freeBytes(), Math.max(0, bytes - used.bytes())),
                inodes,
                Math.min(whole.freeInodes(), Math.max(0, inodes - used.inodes())),
                used.bytes(),
                Math.min(whole.freeBytes(), room(bytes, used)),
                Math.min(whole.freeBytes(), limits.hardBytes() == 0 ? Long.MAX_VALUE : room(limits.hardBytes(), used)));
    }

    private static long room(long limit, UsageRow used) {
        return Math.max(0, limit - used.bytes());
    }

    /** 0 is none. */
    private static long lowest(long soft, long hard, long total) {
        long limit = soft == 0 ? hard : hard == 0 ? soft : Math.min(soft, hard);
        return limit == 0 ? total : Math.min(limit, total);
    }

    FsStatistics statistics(MetadataView view) {
        UsageRow used = view.usage(0);
        return new FsStatistics(
                totalBytes,
                Math.max(0, totalBytes - used.bytes()),
                totalInodes,
                Math.max(0, totalInodes - used.inodes()));
    }
}
