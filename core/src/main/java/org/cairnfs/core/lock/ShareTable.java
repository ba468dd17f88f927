package org.cairnfs.core.lock;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.cairnfs.core.fs.FileHandle;

/**
 * Share reservations: who has which file open for what ({@code access}), and what it denies others ({@code deny}); RFC 7530
 * section 9.9. Bits are {@link #READ} and {@link #WRITE}. One owner has one entry per file, the union of its opens.
 *
 * <p>Invariants: entries per client and in all stay within their limits; of two owners of a file, neither's access meets the other's deny. An owner never conflicts with itself.
 *
 * <p>Thread-safe: {@code tableLock} guards everything, and is a leaf.
 */
public final class ShareTable {
    public static final int READ = 1;
    public static final int WRITE = 2;

    private final Object tableLock = new Object();
    private final Map<FileHandle, Shares> files = new HashMap<>();
    private final Multiset<LockClient> entriesOfClient = HashMultiset.create();
    private final int maxPerClient;
    private final int maxTotal;

    /**
     * No shares yet.
     *
     * @param maxPerClient entries that one client may have
     * @param maxTotal entries in all
     */
    public ShareTable(int maxPerClient, int maxTotal) {
        this.maxPerClient = maxPerClient;
        this.maxTotal = maxTotal;
    }

    /** Entries in all. */
    public int total() {
        synchronized (tableLock) {
            return entriesOfClient.size();
        }
    }

    /**
     * Adds to what an owner has open.
     *
     * @return an owner in the way; empty if it was granted
     * @throws LockLimitException if there are too many entries
     */
    public Optional<LockOwner> open(FileHandle inode, LockOwner owner, int access, int deny) throws LockLimitException {
        synchronized (tableLock) {
            Shares shares = files.get(inode);
            if (shares != null) {
                Optional<LockOwner> conflict = shares.conflict(owner, access, deny);
                if (conflict.isPresent()) {
                    return conflict;
                }
            }
            Share old = shares == null ? Share.NONE : shares.owners.getOrDefault(owner, Share.NONE);
            if (old.equals(Share.NONE)) {
                admit(owner.client());
            }
            set(inode, owner, old, new Share(old.access | access, old.deny | deny));
            return Optional.empty();
        }
    }

    /** Reduces what an owner has open to these bits, which it has; no access is a close. */
    public void reduce(FileHandle inode, LockOwner owner, int access, int deny) {
        synchronized (tableLock) {
            Shares shares = files.get(inode);
            Share old = shares == null ? Share.NONE : shares.owners.getOrDefault(owner, Share.NONE);
            set(inode, owner, old, access == 0 ? Share.NONE : new Share(old.access & access, old.deny & deny));
        }
    }

    /** Drops what an owner has open; nothing is fine. */
    public void close(FileHandle inode, LockOwner owner) {
        reduce(inode, owner, 0, 0);
    }

    /** An owner that {@link #open} would find in the way now. */
    public Optional<LockOwner> conflict(FileHandle inode, LockOwner owner, int access, int deny) {
        synchronized (tableLock) {
            Shares shares = files.get(inode);
            return shares == null ? Optional.empty() : shares.conflict(owner, access, deny);
        }
    }

    /** Whether a client other than {@code except} has a file open for any of this access. */
    public boolean isOpenByOthers(FileHandle inode, int access, LockClient except) {
        synchronized (tableLock) {
            Shares shares = files.get(inode);
            return shares != null
                    && shares.owners.entrySet().stream()
                            .anyMatch(other -> (other.getValue().access & access) != 0
                                    && !other.getKey().client().equals(except));
        }
    }

    /** Some owner that denies others this access: asked for I/O without an open. */
    public Optional<LockOwner> deniedBy(FileHandle inode, int access) {
        synchronized (tableLock) {
            Shares shares = files.get(inode);
            return shares == null ? Optional.empty() : shares.conflict(null, access, 0);
        }
    }

    private void admit(LockClient client) throws LockLimitException {
        if (entriesOfClient.count(client) >= maxPerClient || entriesOfClient.size() >= maxTotal) {
            throw new LockLimitException(client + " has " + entriesOfClient.count(client) + " share reservations, of "
                    + entriesOfClient.size() + " in all");
        }
    }

    private void set(FileHandle inode, LockOwner owner, Share from, Share to) {
        if (from.equals(to)) {
            return;
        }
        Shares shares = files.computeIfAbsent(inode, file -> new Shares());
        shares.count(from, -1);
        shares.count(to, 1);
        if (to.equals(Share.NONE)) {
            shares.owners.remove(owner);
            entriesOfClient.remove(owner.client());
        } else if (shares.owners.put(owner, to) == null) {
            entriesOfClient.add(owner.client());
        }
        if (shares.owners.isEmpty()) {
            files.remove(inode);
        }
    }

    private record Share(int access, int deny) {
        static final Share NONE = new Share(0, 0);
    }

    /** The shares of one file, with counts by bit, so that owners are looked through only where a conflict is likely. */
    private static final class Shares {
        final Map<LockOwner, Share> owners = new HashMap<>();
        final int[] accessing = new int[2];
        final int[] denying = new int[2];

        void count(Share share, int by) {
            for (int bit = 0; bit < 2; bit++) {
                accessing[bit] += by * (share.access >> bit & 1);
                denying[bit] += by * (share.deny >> bit & 1);
            }
        }

        Optional<LockOwner> conflict(LockOwner owner, int access, int deny) {
            boolean possible = false;
            for (int bit = 0; bit < 2; bit++) {
                possible |= (access >> bit & 1) != 0 && denying[bit] > 0;
                possible |= (deny >> bit & 1) != 0 && accessing[bit] > 0;
            }
            return !possible
                    ? Optional.empty()
                    : owners.entrySet().stream()
                            .filter(other -> !other.getKey().equals(owner))
                            .filter(other ->
                                    (other.getValue().deny & access) != 0 || (other.getValue().access & deny) != 0)
                            .map(Map.Entry::getKey)
                            .findFirst();
        }
    }
}
