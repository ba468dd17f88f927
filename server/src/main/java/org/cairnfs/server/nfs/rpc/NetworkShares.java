package org.cairnfs.server.nfs.rpc;

import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import java.net.InetAddress;

/**
 * What the connections of each network ({@link ConnectionTable#networkOf}) have together of the server's memory, so that none can use
 * all of it up. A share is kept for as long as a connection has it. Thread-safe.
 */
final class NetworkShares {
    private final LoadingCache<InetAddress, Share> shares;

    NetworkShares(RpcLimits limits, MemoryBudget requests, MemoryBudget replies, CallScheduler scheduler) {
        shares = CacheBuilder.newBuilder()
                .weakValues()
                .build(CacheLoader.from(() -> new Share(limits, requests, replies, scheduler)));
    }

    /** The share of the network that a peer is in. */
    Share of(InetAddress peer) {
        return shares.getUnchecked(ConnectionTable.networkOf(peer));
    }

    /** The share of one network. Immutable; its parts are thread-safe. */
    static final class Share {
        private final MemoryShare requests;
        private final MemoryShare replies;
        private final CallScheduler scheduler;
        private final CallScheduler.Group lanes;

        private Share(RpcLimits limits, MemoryBudget requests, MemoryBudget replies, CallScheduler scheduler) {
            this.scheduler = scheduler;
            this.requests = new MemoryShare(requests, limits.requestBytesPerAddress(), () -> {});
            this.replies = new MemoryShare(replies, limits.replyBytesPerAddress(), this::repliesHaveGone);
            this.lanes = new CallScheduler.Group(this.replies::isOwnOver);
        }

        private void repliesHaveGone() {
            scheduler.wakeUp(lanes);
        }

        /** Bytes of calls in flight and of large records on their way in. */
        MemoryShare requests() {
            return requests;
        }

        /** Bytes of messages that wait to be sent. */
        MemoryShare replies() {
            return replies;
        }

        /** No call of its connections is begun while too many bytes of replies to them wait. */
        CallScheduler.Group lanes() {
            return lanes;
        }
    }
}
