package org.cairnfs.core.bucket;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.bytes.MalformedException;
import org.cairnfs.core.crypto.ObjectKind;
import org.cairnfs.core.crypto.Sealer;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;

/** Writes roots to the bucket and reads them. Thread-safe. */
public final class Roots {
    private final ObjectStore store;
    private final Sealer sealer;
    private final LinkChain chain;

    Roots(ObjectStore store, Sealer sealer, LinkChain chain) {
        this.store = store;
        this.sealer = sealer;
        this.chain = chain;
    }

    /**
     * Writes a root; it is durable when this returns.
     *
     * @return its link
     * @throws BucketException of kind HELD if there is a root of this sequence already: another server writes
     */
    public Link write(RootObject root) throws ObjectStoreException, BucketException {
        String key = root.objectKey();
        byte[] plain = root.encode();
        ByteBuffer sealed = ByteBuffer.wrap(sealer.seal(ObjectKind.ROOT, key, plain));
        NewObjects.put(store, key, sealed);
        return link(root);
    }

    /** The link of a root. */
    public Link link(RootObject root) {
        return chain.next(root.previous(), root.objectKey(), root.encode());
    }

    /** The sequences of all roots, ascending. */
    public List<Long> sequences() throws ObjectStoreException {
        List<Long> sequences = new ArrayList<>();
        store.forEach(
                BucketLayout.ROOTS,
                object -> BucketLayout.rootSequence(object.key()).ifPresent(sequences::add));
        return sequences;
    }

    /** The root with the highest sequence, if there are any. */
    public Optional<RootObject> newest() throws ObjectStoreException, CorruptObjectException {
        List<Long> sequences = sequences();
        return sequences.isEmpty() ? Optional.empty() : Optional.of(read(sequences.get(sequences.size() - 1)));
    }

    /** Reads one root. */
    public RootObject read(long sequence) throws ObjectStoreException, CorruptObjectException {
        String key = BucketLayout.root(sequence);
        byte[] plain = sealer.open(ObjectKind.ROOT, key, store.get(key, RootObject.MAX_LENGTH));
        try {
            RootObject root = RootObject.decode(plain);
            if (root.sequence() != sequence) {
                throw new MalformedException("root: says that its sequence is " + root.sequence());
            }
            return root;
        } catch (MalformedException e) {
            throw new CorruptObjectException(key, -1, e.getMessage(), e);
        }
    }
}
