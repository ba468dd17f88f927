package org.cairnfs.core.bucket;

import java.util.function.Function;
import org.cairnfs.core.objectstore.ObjectStoreException;

/**
 * The end of the chain of roots and log objects, and the only way to put another one behind it.
 *
 * <p>Invariant: of all whose put returned, each object names the one before it, and its height is one more. An object whose put
 * failed may come to be in the bucket all the same, so makers never use a key again; such a one is beside the chain, and nobody
 * who follows the chain from its end meets it.
 *
 * <p>Thread-safe; the monitor guards {@link #end} and is held while the store is called. Nothing else is locked inside it.
 */
public final class Chain {
    private final Roots roots;
    private final Logs logs;
    private ChainEnd end;

    Chain(Roots roots, Logs logs, ChainEnd end) {
        this.roots = roots;
        this.logs = logs;
        this.end = end;
    }

    /** Where it ends now. */
    public synchronized ChainEnd end() {
        return end;
    }

    /**
     * What was put.
     *
     * @param end where the chain ended with it
     */
    public record Appended<T extends ChainObject>(T object, ChainEnd end) {}

    /**
     * Puts one more object; it is durable when this returns.
     *
     * @param maker makes the object that follows this end
     * @throws BucketException of kind HELD if its key is taken: another server writes to the bucket
     */
    public synchronized <T extends ChainObject> Appended<T> append(Function<ChainEnd, T> maker)
            throws ObjectStoreException, BucketException {
        T object = maker.apply(end);
        if (object.height() != end.height() + 1 || !object.previous().equals(end.link())) {
            throw new IllegalArgumentException(object.objectKey() + " does not follow " + end);
        }
        Link link = object instanceof RootObject root ? roots.write(root) : logs.write((LogObject) object);
        end = new ChainEnd(object.height(), link, object.objectKey());
        return new Appended<>(object, end);
    }
}
