package org.cairnfs.server.nfs.v4.attr;

import java.util.Optional;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileType;

/** The numbers of file types on the wire (nfs_ftype4, RFC 8881 section 3.2). */
public final class Ftype4 {
    public static final int NF4REG = 1;
    public static final int NF4DIR = 2;
    public static final int NF4BLK = 3;
    public static final int NF4CHR = 4;
    public static final int NF4LNK = 5;
    public static final int NF4SOCK = 6;
    public static final int NF4FIFO = 7;

    public static final int NF4ATTRDIR = 8;
    public static final int NF4NAMEDATTR = 9;

    private Ftype4() {}

    /** The type of what a handle is of. */
    public static int of(FileHandle handle, FileType type) {
        if (handle.isInode()) {
            return of(type);
        }
        return type == FileType.DIRECTORY ? NF4ATTRDIR : NF4NAMEDATTR;
    }

    public static int of(FileType type) {
        return switch (type) {
            case REGULAR -> NF4REG;
            case DIRECTORY -> NF4DIR;
            case BLOCK_DEVICE -> NF4BLK;
            case CHARACTER_DEVICE -> NF4CHR;
            case SYMLINK -> NF4LNK;
            case SOCKET -> NF4SOCK;
            case FIFO -> NF4FIFO;
        };
    }

    /** The type of a number; empty for those of named attributes, and for those that do not exist. */
    public static Optional<FileType> type(int number) {
        return Optional.ofNullable(
                switch (number) {
                    case NF4REG -> FileType.REGULAR;
                    case NF4DIR -> FileType.DIRECTORY;
                    case NF4BLK -> FileType.BLOCK_DEVICE;
                    case NF4CHR -> FileType.CHARACTER_DEVICE;
                    case NF4LNK -> FileType.SYMLINK;
                    case NF4SOCK -> FileType.SOCKET;
                    case NF4FIFO -> FileType.FIFO;
                    default -> null;
                });
    }
}
