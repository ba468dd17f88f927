package org.cairnfs.fuse.call;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;

/**
 * Which inode the kernel means by a number: it is told one with each look-up, and forgets it when it needs the memory.
 *
 * <p>Invariants: an inode has one number while it is known, whatever its names; so hard links are one file to the kernel. Numbers are not
 * used again. The root is number {@value #ROOT} and is never forgotten.
 *
 * <p>Safe for any number of threads; counts change under the map's own lock of the handle.
 */
final class Inodes {
    /** FUSE_ROOT_ID. */
    static final long ROOT = 1;

    private final Map<FileHandle, KnownInode> byHandle = new ConcurrentHashMap<>();
    private final Map<Long, KnownInode> byNumber = new ConcurrentHashMap<>();
    private final AtomicLong lastNumber = new AtomicLong(ROOT);
    private final AtomicLong keptInAll = new AtomicLong();

    Inodes(FileHandle root) {
        KnownInode known = new KnownInode(ROOT, root, keptInAll);
        known.references = 1;
        byHandle.put(root, known);
        byNumber.put(ROOT, known);
    }

    /** The inode of a number; ESTALE for one that the kernel has forgotten. */
    KnownInode get(long number) throws Refusal {
        KnownInode known = byNumber.get(number);
        if (known == null) {
            throw new Refusal(Errno.ESTALE.number(), "the kernel was not told of inode " + number);
        }
        return known;
    }

    /** The inode of a number, if the kernel knows it. */
    Optional<KnownInode> find(long number) {
        return Optional.ofNullable(byNumber.get(number));
    }

    /** Notes that the kernel is being told of an inode once more. */
    KnownInode tell(FileHandle handle) {
        return byHandle.compute(handle, (key, before) -> {
            KnownInode known = before == null ? new KnownInode(lastNumber.incrementAndGet(), key, keptInAll) : before;
            known.references++;
            byNumber.put(known.number(), known);
            return known;
        });
    }

    /** The kernel forgets that it was told so often. */
    void forget(long number, long times) {
        KnownInode known = byNumber.get(number);
        if (known == null || number == ROOT) {
            return;
        }
        byHandle.computeIfPresent(known.handle(), (key, present) -> {
            present.references -= times;
            if (present.references > 0) {
                return present;
            }
            byNumber.remove(number);
            return null;
        });
    }

    /** How many are known, the root among them. */
    int size() {
        return byNumber.size();
    }
}
