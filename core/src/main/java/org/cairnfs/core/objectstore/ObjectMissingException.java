package org.cairnfs.core.objectstore;

import java.io.Serial;

/** There is no object under the key that was asked for. */
public final class ObjectMissingException extends ObjectStoreException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String key;

    /** @param store as {@link ObjectStore#describe} says it */
    public ObjectMissingException(String key, String store) {
        this(key, store, null);
    }

    public ObjectMissingException(String key, String store, Throwable cause) {
        super(Kind.MISSING, "no object " + key + " in " + store, cause);
        this.key = key;
    }

    public String key() {
        return key;
    }
}
