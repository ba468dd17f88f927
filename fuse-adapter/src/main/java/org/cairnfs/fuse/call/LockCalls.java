package org.cairnfs.fuse.call;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.lock.LockConflict;
import org.cairnfs.core.lock.LockLimitException;
import org.cairnfs.core.lock.LockMode;
import org.cairnfs.core.lock.LockOwner;
import org.cairnfs.core.lock.LockRange;
import org.cairnfs.core.lock.RangeLocks;

/**
 * Calls on locks: of fcntl(2), which belong to a process, and of flock(2), which belong to an open file and are of the whole file. Both stand in
 * the table that NFS uses too.
 *
 * <p>Nobody's thread waits for a lock: who wants to wait is answered later, by another thread.
 *
 * <p>Safe for any number of threads.
 */
public final class LockCalls implements AutoCloseable {
    private static final LockRange WHOLE = new LockRange(0, LockRange.TO_END);
    private static final int EX = 2;
    private static final int NON_BLOCKING = 4;
    private static final int UNLOCK = 8;

    private final Inodes inodes;
    private final RangeLocks locks;
    private final BooleanSupplier inGrace;
    private final LockWaits waits = new LockWaits();
    private final Map<Holder, Integer> processes = new ConcurrentHashMap<>();

    /** Who holds locks on what. */
    private record Holder(FileHandle inode, LockOwner owner) {}

    LockCalls(Shared shared, Inodes inodes) {
        this.inodes = inodes;
        this.locks = shared.locks();
        this.inGrace = shared.inGrace();
    }

    /**
     * A lock in the way.
     *
     * @param process that holds it; -1 if it is none of this machine
     */
    public record InTheWay(LockRange range, LockMode mode, int process) {}

    /** GETLK: the lock of fcntl(2) that would be in the way of another. */
    public Optional<InTheWay> test(long inode, long lockOwner, LockRange range, LockMode mode) throws Refusal {
        FileHandle handle = inodes.get(inode).handle();
        return locks.test(handle, Owners.ofProcess(lockOwner), range, mode).map(conflict -> told(handle, conflict));
    }

    private InTheWay told(FileHandle handle, LockConflict conflict) {
        int process = processes.getOrDefault(new Holder(handle, conflict.owner()), -1);
        return new InTheWay(conflict.range(), conflict.mode(), process);
    }

    /**
     * SETLK and SETLKW of fcntl(2).
     *
     * @param answer told once, now or later: 0, or an errno
     */
    public void lock(
            Request request,
            long inode,
            long lockOwner,
            LockRange range,
            LockMode mode,
            boolean wait,
            IntConsumer answer)
            throws Refusal {
        lock(request, inodes.get(inode).handle(), Owners.ofProcess(lockOwner), range, mode, wait, answer);
    }

    /** SETLK of F_UNLCK. */
    public void unlock(long inode, long lockOwner, LockRange range) throws Refusal {
        FileHandle handle = inodes.get(inode).handle();
        LockOwner owner = Owners.ofProcess(lockOwner);
        try {
            locks.unlock(handle, owner, range);
        } catch (LockLimitException e) {
            throw new Refusal(Refusal.ENOLCK, e.getMessage());
        }
        if (!locks.holds(handle, owner)) {
            processes.remove(new Holder(handle, owner));
        }
    }

    /**
     * FLOCK; the operation is that of flock(2).
     *
     * @param answer told once, now or later: 0, or an errno
     */
    public void flock(Request request, long inode, long lockOwner, int operation, IntConsumer answer) throws Refusal {
        FileHandle handle = inodes.get(inode).handle();
        LockOwner owner = Owners.ofFlock(lockOwner);
        if ((operation & UNLOCK) != 0) {
            freeAll(handle, owner);
            answer.accept(0);
            return;
        }
        LockMode mode = (operation & EX) != 0 ? LockMode.WRITE : LockMode.READ;
        lock(request, handle, owner, WHOLE, mode, (operation & NON_BLOCKING) == 0, answer);
    }

    /** FLUSH: a process closes the file by one of its descriptors, and loses its locks of fcntl(2) on it. */
    public void flush(long inode, long lockOwner) throws Refusal {
        freeAll(inodes.get(inode).handle(), Owners.ofProcess(lockOwner));
    }

    /** RELEASE of an open file that had a lock of flock(2). */
    public void releaseFlock(long inode, long lockOwner) throws Refusal {
        freeAll(inodes.get(inode).handle(), Owners.ofFlock(lockOwner));
    }

    private void freeAll(FileHandle handle, LockOwner owner) {
        locks.unlockAll(handle, owner);
        processes.remove(new Holder(handle, owner));
    }

    private void lock(
            Request request,
            FileHandle handle,
            LockOwner owner,
            LockRange range,
            LockMode mode,
            boolean wait,
            IntConsumer answer)
            throws Refusal {
        int process = request.pid();
        LockWaits.Attempt attempt = () -> {
            boolean granted = !inGrace.getAsBoolean()
                    && locks.tryLock(handle, owner, range, mode).isEmpty();
            if (granted) {
                processes.put(new Holder(handle, owner), process);
            }
            return granted;
        };
        try {
            if (attempt.succeeds()) {
                answer.accept(0);
            } else if (wait) {
                waits.add(attempt, again -> locks.onRelease(handle, range, again), request, answer);
            } else {
                throw new Refusal(Errno.EAGAIN.number(), "somebody else holds a lock");
            }
        } catch (LockLimitException e) {
            throw new Refusal(Refusal.ENOLCK, e.getMessage());
        }
    }

    /** Frees what the mount holds, and answers those who wait. */
    @Override
    public void close() {
        waits.close();
        locks.releaseClient(Owners.MOUNT);
        locks.releaseClient(Owners.WHOLE_FILES);
        processes.clear();
    }
}
