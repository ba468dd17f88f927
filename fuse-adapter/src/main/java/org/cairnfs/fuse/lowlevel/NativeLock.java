package org.cairnfs.fuse.lowlevel;

import com.kenai.jffi.MemoryIO;
import org.cairnfs.core.lock.LockMode;
import org.cairnfs.core.lock.LockRange;
import org.cairnfs.fuse.call.LockCalls.InTheWay;

/**
 * A struct flock of 64-bit Linux, as fcntl(2) has it.
 *
 * @param type F_RDLCK, F_WRLCK or F_UNLCK
 * @param start not negative
 * @param length not negative; 0 to the end, however long the file grows
 */
record NativeLock(short type, long start, long length) {
    private static final short READ = 0;
    private static final short WRITE = 1;
    private static final short UNLOCK = 2;
    private static final int WHENCE = 2;
    private static final int START = 8;
    private static final int LENGTH = 16;
    private static final int PROCESS = 24;
    private static final MemoryIO MEMORY = MemoryIO.getInstance();

    static NativeLock at(long address) {
        return new NativeLock(
                MEMORY.getShort(address), MEMORY.getLong(address + START), MEMORY.getLong(address + LENGTH));
    }

    boolean isUnlock() {
        return type == UNLOCK;
    }

    LockMode mode() {
        return type == WRITE ? LockMode.WRITE : LockMode.READ;
    }

    LockRange range() {
        return new LockRange(start, length == 0 ? LockRange.TO_END : start + length - 1);
    }

    /** That nothing is in the way. */
    static void putNone(long address) {
        MEMORY.setMemory(address, Layout.FLOCK_BYTES, (byte) 0);
        MEMORY.putShort(address, UNLOCK);
    }

    /** What is in the way; a range of NFS may reach beyond what fcntl(2) can name. */
    static void put(long address, InTheWay lock) {
        LockRange range = lock.range();
        long first = range.first() < 0 ? Long.MAX_VALUE : range.first();
        MEMORY.setMemory(address, Layout.FLOCK_BYTES, (byte) 0);
        MEMORY.putShort(address, lock.mode() == LockMode.WRITE ? WRITE : READ);
        MEMORY.putShort(address + WHENCE, (short) 0); // SEEK_SET
        MEMORY.putLong(address + START, first);
        MEMORY.putLong(address + LENGTH, range.last() < 0 ? 0 : range.last() - first + 1);
        MEMORY.putInt(address + PROCESS, lock.process());
    }
}
