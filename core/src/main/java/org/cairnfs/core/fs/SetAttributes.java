package org.cairnfs.core.fs;

/**
 * The attributes that a caller wants to set; null means leave as it is.
 *
 * @param mode permission bits, 0 to 07777
 * @param uid unsigned 32-bit owner
 * @param gid unsigned 32-bit group
 * @param size new size in bytes, not negative
 * @param atime when null, as it is
 * @param mtime when null, as it is
 */
public record SetAttributes(Integer mode, Integer uid, Integer gid, Long size, SetTime atime, SetTime mtime) {
    /** Nothing to set. */
    public static final SetAttributes NONE = new SetAttributes(null, null, null, null, null, null);

    public static SetAttributes ofMode(int mode) {
        return NONE.withMode(mode);
    }

    public static SetAttributes ofSize(long size) {
        return NONE.withSize(size);
    }

    public SetAttributes withMode(Integer mode) {
        return new SetAttributes(mode, uid, gid, size, atime, mtime);
    }

    public SetAttributes withOwner(Integer uid, Integer gid) {
        return new SetAttributes(mode, uid, gid, size, atime, mtime);
    }

    public SetAttributes withSize(Long size) {
        return new SetAttributes(mode, uid, gid, size, atime, mtime);
    }

    public SetAttributes withTimes(SetTime atime, SetTime mtime) {
        return new SetAttributes(mode, uid, gid, size, atime, mtime);
    }

    public boolean isEmpty() {
        return equals(NONE);
    }
}
