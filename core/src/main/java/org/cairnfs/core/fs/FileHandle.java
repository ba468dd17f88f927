package org.cairnfs.core.fs;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * The lasting identity of an inode: survives restart, rename and upgrade, and is never reused for another inode.
 *
 * <p>Wire form, {@value #BYTES} bytes, big-endian (fits the 64 bytes of NFSv3): version (1) = 1, file-system id (16),
 * inode (8), generation (8), snapshot number (8).
 *
 * @param fileSystem id of the file system
 * @param inode inode number, positive
 * @param generation incarnation of the server in which the inode was made
 * @param snapshot number of the snapshot that is looked at; 0 is the present
 */
public record FileHandle(UUID fileSystem, long inode, long generation, long snapshot) {
    /** Length of the wire form. */
    public static final int BYTES = 41;

    private static final byte VERSION = 1;

    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .put(VERSION)
                .putLong(fileSystem.getMostSignificantBits())
                .putLong(fileSystem.getLeastSignificantBits())
                .putLong(inode)
                .putLong(generation)
                .putLong(snapshot)
                .array();
    }

    /**
     * Parses a wire form; says nothing yet about whether the inode exists.
     *
     * @throws FsException EINVAL if the bytes are not of a handle
     */
    public static FileHandle ofBytes(byte[] bytes) throws FsException {
        if (bytes.length != BYTES || bytes[0] != VERSION) {
            throw new FsException(Errno.EINVAL, "not a file handle of ours: " + bytes.length + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, 1, BYTES - 1);
        UUID fileSystem = new UUID(in.getLong(), in.getLong());
        long inode = in.getLong();
        long generation = in.getLong();
        long snapshot = in.getLong();
        if (inode <= 0 || generation < 0 || snapshot < 0) {
            throw new FsException(Errno.EINVAL, "a file handle with impossible numbers");
        }
        return new FileHandle(fileSystem, inode, generation, snapshot);
    }
}
