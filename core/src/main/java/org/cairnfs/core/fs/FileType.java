package org.cairnfs.core.fs;

/** The kinds of inodes; {@link #code()} is the file-type part of {@code st_mode} shifted right by 12, and is stored. */
public enum FileType {
    FIFO(1),
    CHARACTER_DEVICE(2),
    DIRECTORY(4),
    BLOCK_DEVICE(6),
    REGULAR(8),
    SYMLINK(10),
    SOCKET(12);

    private static final FileType[] BY_CODE = new FileType[16];

    static {
        for (FileType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;

    FileType(int code) {
        this.code = code;
    }

    /** {@code (st_mode & S_IFMT) >> 12}. */
    public int code() {
        return code;
    }

    /** Whether this kind has device numbers. */
    public boolean isDevice() {
        return this == CHARACTER_DEVICE || this == BLOCK_DEVICE;
    }

    /**
     * The type of a code.
     *
     * @throws IllegalArgumentException if no type has this code
     */
    public static FileType ofCode(int code) {
        FileType type = code < 0 || code >= BY_CODE.length ? null : BY_CODE[code];
        if (type == null) {
            throw new IllegalArgumentException("no file type has code " + code);
        }
        return type;
    }
}
