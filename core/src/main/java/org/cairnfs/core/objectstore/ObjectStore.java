package org.cairnfs.core.objectstore;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A flat store of immutable byte strings under keys: the only way in which Cairn reaches a bucket.
 *
 * <p>Every implementation passes {@code ObjectStoreContract} (test code), which states the following rules as tests.
 *
 * <ul>
 *   <li><b>Keys</b> follow {@link ObjectKeys}: at most 255 characters, segments of {@code [a-z0-9][a-z0-9._-]*}
 *       separated by single slashes. Anything else is refused with {@link IllegalArgumentException} before the store is
 *       touched. No key may be another key plus a slash and more (a key is a file or a folder, never both); callers
 *       keep to that, and a store may refuse the second with {@link ObjectStoreException.Kind#PERMANENT}.
 *   <li><b>Atomicity.</b> An object appears whole under its key or not at all. While a {@code put} replaces an object,
 *       readers see the old or the new body, never a mixture within one call.
 *   <li><b>Durability.</b> When {@code put} or {@code putIfAbsent} returns, the object survives the loss of power of
 *       this machine (and, for a remote store, whatever that store promises). When {@code delete} returns, the object
 *       is gone for later calls; that a power loss brings it back is allowed.
 *   <li><b>Consistency.</b> A call that starts after another one returned sees its effect (read after write, list after
 *       write, read after delete).
 *   <li><b>Failure.</b> A mutating call that throws may have taken effect or not, also later. Every call may be made
 *       again.
 *   <li><b>Errors</b> come as {@link ObjectStoreException} with a kind; an object that is not there is
 *       {@link ObjectMissingException}. Bytes are not checked: a store may lie, and its reader must notice.
 *   <li><b>Threading.</b> All methods may be called by any number of threads at once. Calls block. An interrupted
 *       thread may get a {@code TRANSIENT} failure, with its interrupt status set.
 * </ul>
 */
public interface ObjectStore extends AutoCloseable {

    /** What some stores can do and others cannot. */
    enum Capability {
        /** {@link ObjectStore#putIfAbsent} is atomic against every other client of the store. */
        PUT_IF_ABSENT
    }

    /** The largest number of keys that one call of {@link #list} may be asked for. */
    int MAX_LIST = 10_000;

    /** What this store can do; the same set for as long as it is open. */
    Set<Capability> capabilities();

    /**
     * Stores an object, replacing what was there; it is durable when this returns.
     *
     * @param body the bytes, from the position to the limit of each buffer in turn; the buffers' positions are left as
     *     they were, and their contents must not change until this returns
     */
    void put(String key, ByteBuffer... body) throws ObjectStoreException;

    /**
     * Stores an object if none has this key; it is durable when this returns true.
     *
     * @return false if there was one already, which is left as it is
     * @throws UnsupportedOperationException without the capability {@link Capability#PUT_IF_ABSENT}
     */
    boolean putIfAbsent(String key, ByteBuffer... body) throws ObjectStoreException;

    /**
     * Reads a range of an object.
     *
     * @param offset of the first byte, 0 or more; may lie at or beyond the end
     * @param length how many bytes are wanted, 0 or more
     * @return the bytes of the range that exist: {@code length} of them, or fewer only because the object ends
     * @throws ObjectMissingException if there is no such object
     */
    byte[] get(String key, long offset, int length) throws ObjectStoreException;

    /**
     * Reads a whole small object.
     *
     * @param maxLength what the caller is ready to take, 0 or more; nothing near it is allocated unless it is there
     * @throws ObjectMissingException if there is no such object
     * @throws ObjectTooLargeException if it is longer than {@code maxLength}
     */
    byte[] get(String key, int maxLength) throws ObjectStoreException;

    /** Size and time of an object, or nothing if there is no such object. */
    Optional<ObjectInfo> head(String key) throws ObjectStoreException;

    /**
     * The objects whose keys start with {@code prefix} and come after {@code after}, in the order of their keys' bytes.
     *
     * <p>An object that was there before the first page was asked for and still is after the last is listed exactly
     * once by a walk of pages; one that comes or goes meanwhile may or may not be.
     *
     * @param prefix the beginning of keys, not necessarily whole segments; empty for all
     * @param after list only keys greater than this; empty to start from the first
     * @param limit 1 to {@link #MAX_LIST}
     * @return at most {@code limit} objects; fewer only if these are the last
     */
    List<ObjectInfo> list(String prefix, String after, int limit) throws ObjectStoreException;

    /** Deletes an object; that there is none is no error. */
    void delete(String key) throws ObjectStoreException;

    /** Where this store is, in a person's words, without secrets: for messages and logs. */
    String describe();

    /** Lets go of connections and threads. Calls that are under way may fail. Closing twice is allowed. */
    @Override
    void close();

    /** Takes objects as they are listed. */
    @FunctionalInterface
    interface Visitor {
        /** Takes one object; what it throws ends the walk. */
        void visit(ObjectInfo object) throws ObjectStoreException;
    }

    /** Visits every object under a prefix, page by page, in the order of keys. */
    default void forEach(String prefix, Visitor visitor) throws ObjectStoreException {
        forEach(prefix, "", visitor);
    }

    /** Visits the objects under a prefix whose keys come after a key, page by page, in the order of keys. */
    default void forEach(String prefix, String behind, Visitor visitor) throws ObjectStoreException {
        String after = behind;
        List<ObjectInfo> page;
        do {
            page = list(prefix, after, 1000);
            for (ObjectInfo object : page) {
                visitor.visit(object);
                after = object.key();
            }
        } while (page.size() == 1000);
    }
}
