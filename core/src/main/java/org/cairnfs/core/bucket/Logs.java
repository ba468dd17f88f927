package org.cairnfs.core.bucket;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.cairnfs.core.bytes.MalformedException;
import org.cairnfs.core.crypto.ObjectKind;
import org.cairnfs.core.crypto.Sealer;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;

/** Writes log objects to the bucket and reads them. Thread-safe. */
public final class Logs {
    private final ObjectStore store;
    private final Sealer sealer;
    private final LinkChain chain;

    Logs(ObjectStore store, Sealer sealer, LinkChain chain) {
        this.store = store;
        this.sealer = sealer;
        this.chain = chain;
    }

    /**
     * Where a log object stands: by incarnation, then by number.
     *
     * @param incarnation 0 before all
     * @param number 0 before all of the incarnation
     */
    public record Position(long incarnation, long number) implements Comparable<Position> {
        /** Before the first log object. */
        public static final Position START = new Position(0, 0);

        @Override
        public int compareTo(Position other) {
            int byIncarnation = Long.compare(incarnation, other.incarnation);
            return byIncarnation != 0 ? byIncarnation : Long.compare(number, other.number);
        }
    }

    /** Writes an object; it is durable when this returns. Gives its link. */
    Link write(LogObject log) throws ObjectStoreException, BucketException {
        String key = log.objectKey();
        NewObjects.put(store, key, ByteBuffer.wrap(sealer.seal(ObjectKind.LOG, key, log.encode())));
        return link(log);
    }

    /** The link of a log object. */
    public Link link(LogObject log) {
        return chain.next(log.previous(), log.objectKey(), log.encode());
    }

    /** All log objects of the bucket, in order. */
    public List<Position> positions() throws ObjectStoreException {
        return positionsAfter(Position.START);
    }

    /** The log objects of the bucket that come after a position, in order. */
    public List<Position> positionsAfter(Position known) throws ObjectStoreException {
        List<Position> positions = new ArrayList<>();
        store.forEach(
                BucketLayout.LOGS, key(known), object -> position(object.key()).ifPresent(positions::add));
        positions.sort(null);
        return positions;
    }

    /** Whether there is a log object after a position; one request. */
    public boolean anyAfter(Position known) throws ObjectStoreException {
        return !store.list(BucketLayout.LOGS, key(known), 1).isEmpty();
    }

    private static String key(Position position) {
        return position.equals(Position.START) ? "" : BucketLayout.log(position.incarnation(), position.number());
    }

    /** Where the log object of a key stands; empty if it is no key of a log object. */
    public static Optional<Position> position(String key) {
        OptionalLong number = BucketLayout.logNumber(key);
        return number.isEmpty()
                ? Optional.empty()
                : Optional.of(new Position(BucketLayout.logIncarnation(key).getAsLong(), number.getAsLong()));
    }

    /** Reads one object. */
    public LogObject read(Position position) throws ObjectStoreException, CorruptObjectException {
        String key = BucketLayout.log(position.incarnation(), position.number());
        byte[] plain = sealer.open(ObjectKind.LOG, key, store.get(key, LogObject.MAX_LENGTH));
        try {
            LogObject log = LogObject.decode(plain);
            if (log.incarnation() != position.incarnation() || log.number() != position.number()) {
                throw new MalformedException("log: says that it is " + log.objectKey());
            }
            return log;
        } catch (MalformedException e) {
            throw new CorruptObjectException(key, -1, e.getMessage(), e);
        }
    }
}
