package org.cairnfs.core.objectstore.credentials;

import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;

/**
 * Where credentials come from. It is asked again when a store does not accept what it gave, and before that expires. Thread-safe.
 */
@FunctionalInterface
public interface CredentialsSource {
    /** Has none: enough for a folder. */
    CredentialsSource NONE = () -> {
        throw new ObjectStoreException(
                Kind.CREDENTIALS, "this storage needs credentials, from a file, a command or the environment");
    };

    /**
     * Reads them anew.
     *
     * @throws ObjectStoreException of kind CREDENTIALS, with a message that says where they were looked for
     */
    StoreCredentials read() throws ObjectStoreException;

    /** Whether it is worth while to read again: false while that would only cost, as the last reading was just now. Cheap. */
    default boolean mayHaveChanged() {
        return true;
    }
}
