package org.cairnfs.core.fs;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * The lasting identity of an inode: survives restart, rename and upgrade, and is never reused for another inode; or of what a
 * protocol shows of an inode as files of their own, its named attributes and the directory of these, of which the file system
 * itself knows nothing: to it such a handle is stale.
 *
 * <p>Wire form, {@value #BYTES} bytes, big-endian (fits the 64 bytes of NFSv3): version (1) = 1, file-system id (16),
 * inode (8), generation (8), snapshot number (8). Of a named attribute or their directory, {@value #ATTRIBUTE_BYTES} bytes: version 2,
 * and the attribute (8) at the end.
 *
 * @param fileSystem id of the file system
 * @param inode inode number, positive
 * @param generation incarnation of the server in which the inode was made
 * @param snapshot number of the snapshot that is looked at; 0 is the present. {@link #SNAPSHOTS} is the directory {@code .snapshots} of
 *     the inode, and a number with {@link #LINK} the symbolic link in that which leads to where the inode is in the snapshot
 * @param attribute which named attribute, positive; 0 is the inode itself, {@link #ATTRIBUTE_DIRECTORY} the directory of them
 */
public record FileHandle(UUID fileSystem, long inode, long generation, long snapshot, long attribute) {
    /** Length of the wire form of an inode. */
    public static final int BYTES = 41;

    /** Length of the wire form of a named attribute. */
    public static final int ATTRIBUTE_BYTES = BYTES + Long.BYTES;

    /** {@link #attribute()} of the directory of the named attributes. */
    public static final long ATTRIBUTE_DIRECTORY = -1;

    /** {@link #snapshot()} of the directory of snapshots. */
    public static final long SNAPSHOTS = Long.MAX_VALUE;

    /** Bit of the {@link #snapshot()} of a link to a snapshot. */
    public static final long LINK = 1L << 62;

    private static final byte VERSION = 1;
    private static final byte VERSION_OF_ATTRIBUTES = 2;

    /** The handle of an inode. */
    public FileHandle(UUID fileSystem, long inode, long generation, long snapshot) {
        this(fileSystem, inode, generation, snapshot, 0);
    }

    /** Whether it is of an inode, and not of its named attributes. */
    public boolean isInode() {
        return attribute == 0;
    }

    /** Whether it is of the present, and neither of a snapshot nor of what leads to one. */
    public boolean isPresent() {
        return snapshot == 0;
    }

    /** Whether it is of a directory of snapshots, or of a link in one. */
    public boolean leadsToSnapshots() {
        return snapshot >= LINK;
    }

    /** The same inode in another snapshot, or one of those. */
    public FileHandle withSnapshot(long other) {
        return new FileHandle(fileSystem, inode, generation, other, 0);
    }

    /** The inode that it is, or is a named attribute of. */
    public FileHandle ofInode() {
        return isInode() ? this : withAttribute(0);
    }

    /** Another {@link #attribute()} of the same inode. */
    public FileHandle withAttribute(long other) {
        return new FileHandle(fileSystem, inode, generation, snapshot, other);
    }

    public byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(isInode() ? BYTES : ATTRIBUTE_BYTES)
                .put(isInode() ? VERSION : VERSION_OF_ATTRIBUTES)
                .putLong(fileSystem.getMostSignificantBits())
                .putLong(fileSystem.getLeastSignificantBits())
                .putLong(inode)
                .putLong(generation)
                .putLong(snapshot);
        if (!isInode()) {
            out.putLong(attribute);
        }
        return out.array();
    }

    /**
     * Parses a wire form; says nothing yet about whether the inode exists.
     *
     * @throws FsException EINVAL if the bytes are not of a handle
     */
    public static FileHandle ofBytes(byte[] bytes) throws FsException {
        boolean isInode = bytes.length == BYTES && bytes[0] == VERSION;
        if (!isInode && (bytes.length != ATTRIBUTE_BYTES || bytes[0] != VERSION_OF_ATTRIBUTES)) {
            throw new FsException(Errno.EINVAL, "not a file handle of ours: " + bytes.length + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
        UUID fileSystem = new UUID(in.getLong(), in.getLong());
        long inode = in.getLong();
        long generation = in.getLong();
        long snapshot = in.getLong();
        long attribute = isInode ? 0 : in.getLong();
        boolean possible = isInode || attribute > 0 || attribute == ATTRIBUTE_DIRECTORY;
        if (inode <= 0 || generation < 0 || snapshot < 0 || !possible) {
            throw new FsException(Errno.EINVAL, "a file handle with impossible numbers");
        }
        return new FileHandle(fileSystem, inode, generation, snapshot, attribute);
    }
}
