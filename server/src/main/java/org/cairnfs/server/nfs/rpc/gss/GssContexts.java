package org.cairnfs.server.nfs.rpc.gss;

import com.google.common.base.Ticker;
import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.cairnfs.core.fs.Bytes;

/**
 * The contexts that clients have made, by their handles; bounded in number, in all and for each owner.
 *
 * <p>Where there is no room, the one that was not used for the longest goes, of the same owner if it has as many as it may have: its
 * client is told, and makes another. Contexts that are over go when a new one comes.
 *
 * <p>Invariant: {@code perOwner} counts the entries by owner. Thread-safe; the monitor guards all.
 */
final class GssContexts {
    /** Contexts in all: some 10 KiB each. */
    static final int MAX = 4096;

    /** Contexts of one owner: clients have one for each of their users, and some make another before they forget one. */
    static final int MAX_PER_OWNER = 64;

    private final int max;
    private final int maxPerOwner;
    private final Ticker ticker;
    private final LinkedHashMap<Bytes, GssContext> byHandle = new LinkedHashMap<>(16, 0.75f, true);
    private final Multiset<String> perOwner = HashMultiset.create();

    GssContexts(int max, int maxPerOwner, Ticker ticker) {
        this.max = max;
        this.maxPerOwner = maxPerOwner;
        this.ticker = ticker;
    }

    /** Adds a context under its handle. */
    synchronized void add(GssContext context) {
        long now = ticker.read();
        removeIf(old -> isOver(old, now), Integer.MAX_VALUE);
        if (perOwner.count(context.owner()) >= maxPerOwner) {
            removeIf(old -> old.owner().equals(context.owner()), 1);
        } else if (byHandle.size() >= max) {
            removeIf(old -> true, 1);
        }
        byHandle.put(context.handle(), context);
        perOwner.add(context.owner());
    }

    /** The context of a handle, unless there is none; it may be over ({@link #isOver}). */
    synchronized Optional<GssContext> find(Bytes handle) {
        return Optional.ofNullable(byHandle.get(handle));
    }

    /** Takes a context off that waits for another token of its client; leaves any other where it is. */
    synchronized Optional<GssContext> takeBegun(Bytes handle) {
        Optional<GssContext> begun = find(handle).filter(GssContext::isBegun);
        begun.ifPresent(context -> remove(handle));
        return begun;
    }

    synchronized void remove(Bytes handle) {
        GssContext removed = byHandle.remove(handle);
        if (removed != null) {
            perOwner.remove(removed.owner());
        }
    }

    /** Whether its time has come. */
    boolean isOver(GssContext context) {
        return isOver(context, ticker.read());
    }

    /** The moment so many seconds from now. */
    long inSeconds(long seconds) {
        return ticker.read() + seconds * 1_000_000_000L;
    }

    synchronized int size() {
        return byHandle.size();
    }

    private static boolean isOver(GssContext context, long now) {
        return now - context.expiresNanos() >= 0;
    }

    private void removeIf(Predicate<GssContext> which, int most) {
        Iterator<Map.Entry<Bytes, GssContext>> eldest = byHandle.entrySet().iterator();
        int left = most;
        while (left > 0 && eldest.hasNext()) {
            GssContext context = eldest.next().getValue();
            if (which.test(context)) {
                eldest.remove();
                perOwner.remove(context.owner());
                left--;
            }
        }
    }
}
