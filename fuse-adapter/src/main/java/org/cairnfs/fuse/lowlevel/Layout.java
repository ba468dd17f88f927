package org.cairnfs.fuse.lowlevel;

import com.google.common.math.LongMath;
import com.kenai.jffi.MemoryIO;
import java.math.RoundingMode;
import java.util.concurrent.TimeUnit;
import jnr.ffi.Runtime;
import jnr.ffi.Struct;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.FsStatistics;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.fs.SetTime;
import org.cairnfs.fuse.call.Entry;
import org.cairnfs.fuse.call.NameCalls;
import org.cairnfs.fuse.call.Opened;
import ru.serce.jnrfuse.struct.FileStat;
import ru.serce.jnrfuse.struct.Statvfs;

/**
 * The structures of libfuse 2 and of libc in native memory, on 64-bit Linux: written and read by address. {@code struct stat} and
 * {@code struct statvfs} are as jnr-fuse knows them of this machine; the others are the same on all.
 *
 * <p>Stateless but for the offsets, which never change; for any number of threads.
 */
final class Layout {
    /** Room that is enough for any of these structures, on every machine. */
    static final int LARGEST = 256;

    static final int FILE_INFO_BYTES = 40;
    static final int FLOCK_BYTES = 32;

    static final int BUFFERS_BYTES = 64;
    static final int BUFFERS_SIZE = 24;
    static final int BUFFERS_MEMORY = 40;
    static final int BUFFERS_FILE = 48;

    /** Bytes of struct fuse_dirent before the name. */
    static final int DIRENT_HEADER = 24;

    /** What stat(2) calls the best size of a request, and the largest that libfuse 2 lets through. */
    static final int BLOCK_SIZE = 128 << 10;

    private static final int ENTRY_STAT = 16;
    private static final int INFO_WRITE_PAGE = 16;
    private static final int INFO_BITS = 20;
    private static final int INFO_HANDLE = 24;
    private static final int INFO_LOCK_OWNER = 32;
    private static final int KEEP_CACHE = 1 << 1;
    private static final int FLOCK_RELEASE = 1 << 4;
    private static final int SECTOR = 512;
    private static final int STATVFS_BLOCK = 4096;
    private static final int TYPE_SHIFT = 12;

    private static final int SET_MODE = 1;
    private static final int SET_UID = 1 << 1;
    private static final int SET_GID = 1 << 2;
    private static final int SET_SIZE = 1 << 3;
    private static final int SET_ATIME = 1 << 4;
    private static final int SET_MTIME = 1 << 5;
    private static final int SET_ATIME_NOW = 1 << 7;
    private static final int SET_MTIME_NOW = 1 << 8;
    private static final long NANOS = TimeUnit.SECONDS.toNanos(1);

    private final MemoryIO memory = MemoryIO.getInstance();
    private final FileStat stat;
    private final Statvfs statvfs;
    private final int statBytes;
    private final int statvfsBytes;

    Layout() {
        Runtime runtime = Runtime.getSystemRuntime();
        stat = new FileStat(runtime);
        statvfs = new Statvfs(runtime);
        statBytes = Struct.size(stat);
        statvfsBytes = Struct.size(statvfs);
        if (ENTRY_STAT + statBytes + 2 * Double.BYTES > LARGEST || statvfsBytes > LARGEST) {
            throw new UnsatisfiedLinkError("struct stat or struct statvfs of this machine is not known");
        }
    }

    /** Where the times begin: right behind st_blocks on every 64-bit Linux, access first, each of two longs. */
    private long times(long at) {
        return at + stat.st_blocks.offset() + Long.BYTES;
    }

    void putStat(long at, Attributes attributes) {
        memory.setMemory(at, statBytes, (byte) 0);
        memory.putLong(at + stat.st_ino.offset(), attributes.fileId());
        memory.putInt(at + stat.st_mode.offset(), attributes.type().code() << TYPE_SHIFT | attributes.mode());
        memory.putInt(at + stat.st_nlink.offset(), attributes.nlink());
        memory.putInt(at + stat.st_uid.offset(), attributes.uid());
        memory.putInt(at + stat.st_gid.offset(), attributes.gid());
        memory.putLong(at + stat.st_rdev.offset(), Integer.toUnsignedLong(NameCalls.encode(attributes.device())));
        memory.putLong(at + stat.st_size.offset(), attributes.size());
        memory.putInt(at + stat.st_blksize.offset(), BLOCK_SIZE);
        memory.putLong(at + stat.st_blocks.offset(), LongMath.divide(attributes.used(), SECTOR, RoundingMode.CEILING));
        putTime(times(at), attributes.atime());
        putTime(times(at) + 2L * Long.BYTES, attributes.mtime());
        putTime(times(at) + 4L * Long.BYTES, attributes.ctime());
    }

    private void putTime(long at, long nanos) {
        memory.putLong(at, Math.floorDiv(nanos, NANOS));
        memory.putLong(at + Long.BYTES, Math.floorMod(nanos, NANOS));
    }

    /** What a SETATTR wants, of the struct stat and the bits that say what of it counts. */
    SetAttributes wanted(long at, int bits) {
        return new SetAttributes(
                (bits & SET_MODE) == 0 ? null : (Integer) (memory.getInt(at + stat.st_mode.offset()) & 07777),
                (bits & SET_UID) == 0 ? null : (Integer) memory.getInt(at + stat.st_uid.offset()),
                (bits & SET_GID) == 0 ? null : (Integer) memory.getInt(at + stat.st_gid.offset()),
                (bits & SET_SIZE) == 0 ? null : (Long) memory.getLong(at + stat.st_size.offset()),
                time(bits, SET_ATIME, SET_ATIME_NOW, times(at)),
                time(bits, SET_MTIME, SET_MTIME_NOW, times(at) + 2L * Long.BYTES));
    }

    private SetTime time(int bits, int given, int now, long at) {
        if ((bits & now) != 0) {
            return SetTime.NOW;
        }
        return (bits & given) == 0 ? null : new SetTime.At(nanos(memory.getLong(at), memory.getLong(at + Long.BYTES)));
    }

    /** Times that are too far away become the last one that can be kept, as on other file systems. */
    static long nanos(long seconds, long nanos) {
        // Of a negative time the whole seconds may be below the first one that can be kept, and the time itself not.
        return seconds >= 0
                ? LongMath.saturatedAdd(LongMath.saturatedMultiply(seconds, NANOS), nanos)
                : LongMath.saturatedAdd(LongMath.saturatedMultiply(seconds + 1, NANOS), nanos - NANOS);
    }

    void putEntry(long at, Entry entry, double attributeTimeout, double entryTimeout) {
        memory.putLong(at, entry.inode());
        memory.putLong(at + Long.BYTES, 1); // The generation: numbers of inodes are not used again.
        putStat(at + ENTRY_STAT, entry.attributes());
        memory.putDouble(at + ENTRY_STAT + statBytes, attributeTimeout);
        memory.putDouble(at + ENTRY_STAT + statBytes + Double.BYTES, entryTimeout);
    }

    void putOpened(long fileInfo, Opened opened) {
        memory.putLong(fileInfo + INFO_HANDLE, opened.number());
        int bits = memory.getInt(fileInfo + INFO_BITS) & ~KEEP_CACHE;
        memory.putInt(fileInfo + INFO_BITS, opened.keepPages() ? bits | KEEP_CACHE : bits);
    }

    /** A struct fuse_bufvec of one piece of memory. */
    void putBuffers(long at, long address, long length) {
        memory.setMemory(at, BUFFERS_BYTES, (byte) 0);
        memory.putLong(at, 1);
        memory.putLong(at + BUFFERS_SIZE, length);
        memory.putLong(at + BUFFERS_MEMORY, address);
        memory.putInt(at + BUFFERS_FILE, -1);
    }

    int flags(long fileInfo) {
        return memory.getInt(fileInfo);
    }

    long handle(long fileInfo) {
        return memory.getLong(fileInfo + INFO_HANDLE);
    }

    long lockOwner(long fileInfo) {
        return memory.getLong(fileInfo + INFO_LOCK_OWNER);
    }

    boolean isWritePage(long fileInfo) {
        return memory.getInt(fileInfo + INFO_WRITE_PAGE) != 0;
    }

    boolean releasesFlock(long fileInfo) {
        return (memory.getInt(fileInfo + INFO_BITS) & FLOCK_RELEASE) != 0;
    }

    void putStatistics(long at, FsStatistics statistics) {
        memory.setMemory(at, statvfsBytes, (byte) 0);
        memory.putLong(at + statvfs.f_bsize.offset(), STATVFS_BLOCK);
        memory.putLong(at + statvfs.f_frsize.offset(), STATVFS_BLOCK);
        memory.putLong(at + statvfs.f_blocks.offset(), statistics.totalBytes() / STATVFS_BLOCK);
        memory.putLong(at + statvfs.f_bfree.offset(), statistics.freeBytes() / STATVFS_BLOCK);
        memory.putLong(at + statvfs.f_bavail.offset(), statistics.freeBytes() / STATVFS_BLOCK);
        memory.putLong(at + statvfs.f_files.offset(), statistics.totalInodes());
        memory.putLong(at + statvfs.f_ffree.offset(), statistics.freeInodes());
        memory.putLong(at + statvfs.f_favail.offset(), statistics.freeInodes());
        memory.putLong(at + statvfs.f_namemax.offset(), Name.MAX_BYTES);
    }

    /**
     * Writes one entry of a directory as the kernel reads it (struct fuse_dirent).
     *
     * @param room bytes that are left
     * @return bytes that it took; 0 if it did not fit
     */
    int putDirent(long at, int room, byte[] name, long fileId, int type, long next) {
        int length = DIRENT_HEADER + name.length;
        int padded = (length + Long.BYTES - 1) & -Long.BYTES;
        if (padded > room) {
            return 0;
        }
        memory.putLong(at, fileId);
        memory.putLong(at + Long.BYTES, next);
        memory.putInt(at + 2L * Long.BYTES, name.length);
        memory.putInt(at + 2L * Long.BYTES + Integer.BYTES, type);
        memory.putByteArray(at + DIRENT_HEADER, name, 0, name.length);
        memory.setMemory(at + length, padded - length, (byte) 0);
        return padded;
    }
}
