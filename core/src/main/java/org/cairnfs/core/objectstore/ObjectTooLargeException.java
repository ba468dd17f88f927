package org.cairnfs.core.objectstore;

import java.io.Serial;

/** An object is longer than its reader was ready to take, so it cannot be what it should be. */
public final class ObjectTooLargeException extends ObjectStoreException {
    @Serial
    private static final long serialVersionUID = 1L;

    public ObjectTooLargeException(String key, String store, long size, int maxLength) {
        super(
                Kind.PERMANENT,
                "object " + key + " in " + store + " is " + size + " bytes long, more than the " + maxLength
                        + " that it can be");
    }
}
