package org.cairnfs.core.fs;

/**
 * What stat(2) tells of an inode, at one moment.
 *
 * <p>Times are nanoseconds since the epoch as a signed 64-bit number (years 1677 to 2262).
 *
 * @param fileId inode number as clients see it
 * @param generation see {@link FileHandle#generation()}
 * @param mode permission bits, 0 to 07777
 * @param uid unsigned 32-bit owner
 * @param gid unsigned 32-bit group
 * @param nlink number of names; of a directory, 2 plus its sub-directories
 * @param size bytes; of a symbolic link, the length of its target; of a directory, an estimate
 * @param used bytes that are allocated (holes are not)
 * @param device device numbers, 0 unless a device
 * @param change strictly monotonic: differs after any change of data or attributes (RFC 8881 section 5.8.1.4)
 */
public record Attributes(
        long fileId,
        long generation,
        FileType type,
        int mode,
        int uid,
        int gid,
        int nlink,
        long size,
        long used,
        DeviceNumber device,
        long atime,
        long mtime,
        long ctime,
        long btime,
        long change) {}
