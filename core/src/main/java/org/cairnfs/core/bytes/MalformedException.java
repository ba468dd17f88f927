package org.cairnfs.core.bytes;

import java.io.IOException;
import java.io.Serial;

/** Bytes do not follow the format that they should be in. */
public final class MalformedException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    public MalformedException(String what) {
        super(what);
    }
}
