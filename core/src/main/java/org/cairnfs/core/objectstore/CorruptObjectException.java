package org.cairnfs.core.objectstore;

import java.io.IOException;
import java.io.Serial;

/**
 * What came from the store under a key is not what was stored there: damaged, truncated, swapped, replayed or forged.
 *
 * <p>The message names the object, the offset in it where known, and what was wrong; never contents or keys.
 */
public final class CorruptObjectException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String key;
    private final long offset;

    /** @param offset in bytes from the start of the object, or -1 where no single place is at fault */
    public CorruptObjectException(String key, long offset, String what) {
        this(key, offset, what, null);
    }

    public CorruptObjectException(String key, long offset, String what, Throwable cause) {
        super("object " + key + (offset < 0 ? "" : " at offset " + offset) + ": " + what, cause);
        this.key = key;
        this.offset = offset;
    }

    /** The key of the object. */
    public String key() {
        return key;
    }

    /** Where in the object, in bytes, or -1. */
    public long offset() {
        return offset;
    }
}
