package org.cairnfs.core.bucket;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.cairnfs.core.bucket.BucketException.Kind;
import org.cairnfs.core.bytes.MalformedException;
import org.cairnfs.core.crypto.ObjectKind;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.objectstore.ObjectMissingException;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our hold on the bucket, so that no second server writes to it.
 *
 * <p>The lease is free when there is none, or it was given back. The same state directory resumes its own at once: it is
 * locked on its own machine. Any other is refused, however old the lease is, unless a person says that the holder is dead
 * ({@code takeOver}): clocks of two machines prove nothing. Each taking has a higher incarnation than the one before. After
 * taking, the lease is read back, and before each refreshing read again; who finds another's is fenced.
 *
 * <p>This is no proof against two that take it at the same moment: what fences for sure is that roots and log segments are
 * only put where there is none. Thread-safe: {@code current} is guarded by {@code this}, which is held while the store is
 * called.
 */
public final class Lease {
    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

    /**
     * So many incarnations are passed over where the lease may not know of all that there were: because somebody removed the object, or
     * because a write of it that timed out took effect after a later one.
     */
    public static final long UNKNOWN_STARTS = 1_000;

    private final Bucket bucket;
    private final Clock clock;

    @GuardedBy("this")
    private LeaseObject current;

    private Lease(Bucket bucket, Clock clock, LeaseObject current) {
        this.bucket = bucket;
        this.clock = clock;
        this.current = current;
    }

    /**
     * Who wants the lease.
     *
     * @param stateDirectory the random id of its state directory
     * @param host the name of this machine, for a person
     * @param pid of this process, for a person
     */
    public record Holder(UUID stateDirectory, String host, long pid) {}

    /**
     * Takes the lease, with an incarnation above that of the lease before; far above it if that one's holder may still be running.
     *
     * @param takeOver whether to take it from another holder, or in place of one that cannot be read
     * @throws BucketException of kind HELD if another holds it; of kind UNSUPPORTED if this program must not write here
     * @throws CorruptObjectException if the lease is damaged, and {@code takeOver} was not asked for
     */
    public static Lease take(Bucket bucket, Holder holder, boolean takeOver, Clock clock)
            throws ObjectStoreException, BucketException, CorruptObjectException {
        bucket.format().features().checkWritable(bucket.store().describe());
        Optional<LeaseObject> before = readBefore(bucket, takeOver);
        if (before.isPresent() && !takeOver && !isFree(before.get(), holder)) {
            throw held(bucket, before.get());
        }
        long incarnation = before.map(
                        lease -> Math.addExact(lease.incarnation(), isFree(lease, holder) ? 1 : UNKNOWN_STARTS))
                .orElse(1L);
        Instant now = clock.instant();
        LeaseObject lease =
                new LeaseObject(holder.stateDirectory(), incarnation, holder.host(), holder.pid(), now, now, false);
        write(bucket, lease);
        Optional<LeaseObject> after = read(bucket);
        if (after.isEmpty()) {
            throw new ObjectMissingException(BucketLayout.LEASE, bucket.store().describe());
        }
        Lease taken = new Lease(bucket, clock, lease);
        taken.confirm(after.get());
        return taken;
    }

    /** The lease as it lies in the bucket, if there is one. */
    public static Optional<LeaseObject> read(Bucket bucket) throws ObjectStoreException, CorruptObjectException {
        String key = BucketLayout.LEASE;
        byte[] object;
        try {
            object = bucket.store().get(key, LeaseObject.MAX_LENGTH);
        } catch (ObjectMissingException e) {
            return Optional.empty();
        }
        try {
            return Optional.of(LeaseObject.decode(bucket.sealer().open(ObjectKind.LEASE, key, object)));
        } catch (MalformedException e) {
            throw new CorruptObjectException(key, -1, e.getMessage(), e);
        }
    }

    /** The incarnation that it was taken with. */
    public synchronized long incarnation() {
        return current.incarnation();
    }

    /** Raises the incarnation, if it is lower: the lease before was lost, or did not know of all starts. */
    public synchronized void raise(long incarnation)
            throws ObjectStoreException, BucketException, CorruptObjectException {
        if (current.incarnation() < incarnation) {
            check();
            LeaseObject raised = current.withIncarnation(incarnation);
            write(bucket, raised);
            current = raised;
        }
    }

    /**
     * Checks that it is still ours. All that was put before this call is seen by whoever takes the lease after it. Writes nothing, but
     * where an earlier write of ours took effect late.
     *
     * @throws BucketException of kind HELD if it is not: nothing may be written from now on, nor believed to be written
     */
    public synchronized void check() throws ObjectStoreException, BucketException, CorruptObjectException {
        Optional<LeaseObject> found = read(bucket);
        if (found.isPresent()) {
            confirm(found.get());
        }
    }

    private synchronized void confirm(LeaseObject found) throws ObjectStoreException, BucketException {
        if (found.isBefore(current)) {
            LOG.warn(
                    "an old lease of ours is in the bucket again, as a write of it took effect late; the present one is put");
            write(bucket, current);
        } else if (!found.isSameStart(current)) {
            throw held(bucket, found);
        }
    }

    /**
     * Checks that it is still ours, and says in the bucket that we live.
     *
     * @throws BucketException of kind HELD if it is not ours any more: nothing may be written from now on
     */
    public synchronized void refresh() throws ObjectStoreException, BucketException, CorruptObjectException {
        renew(false);
    }

    /** Gives it back, if it is still ours. */
    public synchronized void release() throws ObjectStoreException, BucketException, CorruptObjectException {
        renew(true);
    }

    @GuardedBy("this")
    private void renew(boolean released) throws ObjectStoreException, BucketException, CorruptObjectException {
        check();
        LeaseObject renewed = current.refreshed(clock.instant(), released);
        write(bucket, renewed);
        current = renewed;
    }

    private static Optional<LeaseObject> readBefore(Bucket bucket, boolean takeOver)
            throws ObjectStoreException, CorruptObjectException {
        try {
            return read(bucket);
        } catch (CorruptObjectException e) {
            if (takeOver) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static boolean isFree(LeaseObject lease, Holder holder) {
        return lease.released() || lease.stateDirectory().equals(holder.stateDirectory());
    }

    private static void write(Bucket bucket, LeaseObject lease) throws ObjectStoreException {
        String key = BucketLayout.LEASE;
        ObjectStore store = bucket.store();
        store.put(key, ByteBuffer.wrap(bucket.sealer().seal(ObjectKind.LEASE, key, lease.encode())));
    }

    private static BucketException held(Bucket bucket, LeaseObject lease) {
        return new BucketException(
                Kind.HELD,
                bucket.store().describe() + " is in use by the server on " + lease.host() + " (process " + lease.pid()
                        + ") since " + lease.since() + ", last seen " + lease.refreshed());
    }
}
