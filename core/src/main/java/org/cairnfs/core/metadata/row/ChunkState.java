package org.cairnfs.core.metadata.row;

/** The life of a chunk or pack; {@link #code()} is what is stored. */
public enum ChunkState {
    /** Its object may not be there yet (a pack whose upload was begun). */
    PENDING(0),
    /** In the store; may be referred to. */
    DURABLE(1),
    /** Being removed by the garbage collector; never referred to anew. */
    RETIRING(2),
    /** A read of it failed; never referred to anew, replaced by a fresh copy when the data comes again. */
    SUSPECT(3);

    private static final ChunkState[] BY_CODE = {PENDING, DURABLE, RETIRING, SUSPECT};

    private final int code;

    ChunkState(int code) {
        this.code = code;
    }

    /** 0 to 3, never changed. */
    public int code() {
        return code;
    }

    /**
     * The state with this code.
     *
     * @throws IllegalArgumentException if none has it
     */
    public static ChunkState ofCode(int code) {
        if (code < 0 || code >= BY_CODE.length) {
            throw new IllegalArgumentException("no chunk state has code " + code);
        }
        return BY_CODE[code];
    }
}
