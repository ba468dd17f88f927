package org.cairnfs.core.shipping;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.ChainEnd;
import org.cairnfs.core.bucket.ChainObject;
import org.cairnfs.core.bucket.Link;
import org.cairnfs.core.bucket.LogObject;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.bucket.RootObject;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the chain of roots and log objects from its end backwards, object by object.
 *
 * <p>The end is the newest object of the newest incarnation: what a server that lost its lease still wrote is older than
 * that, and beside the chain. So is what was put by a call that seemed to fail and was made again. Such objects are passed over;
 * an object that another one names as the one before it, and that is not there, is damage.
 *
 * <p>Each object is fetched once, when it is reached. Not thread-safe.
 */
final class ChainWalk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChainWalk.class);

    private final Bucket bucket;
    private final Deque<Long> roots;
    private final LogReadAhead logs;
    private Optional<RootObject> root = Optional.empty();
    private Optional<LogObject> log = Optional.empty();
    private Optional<ChainObject> current = Optional.empty();
    private Optional<ChainEnd> at = Optional.empty();
    private final Optional<Logs.Position> last;
    private boolean begun;
    private ChainEnd end = ChainEnd.START;

    private ChainWalk(Bucket bucket, List<Long> roots, List<Logs.Position> logs, Optional<Logs.Position> last) {
        this.bucket = bucket;
        this.roots = new ArrayDeque<>(roots);
        this.logs = new LogReadAhead(bucket.logs(), logs);
        this.last = last;
    }

    /** A walk that stands behind the end. */
    static ChainWalk of(Bucket bucket) throws IOException {
        return new ChainWalk(bucket, bucket.roots().sequences(), bucket.logs().positions(), Optional.empty());
    }

    /** A walk that stands behind a log object of the chain, as if nothing had come after it: that is its end. */
    static ChainWalk through(Bucket bucket, Logs.Position last) throws IOException {
        List<Long> roots = bucket.roots().sequences().stream()
                .filter(sequence -> RootObject.incarnationOf(sequence) <= last.incarnation())
                .toList();
        List<Logs.Position> logs = bucket.logs().positions().stream()
                .filter(position -> position.compareTo(last) < 0)
                .toList();
        return new ChainWalk(bucket, roots, logs, Optional.of(last));
    }

    /**
     * A walk over what came behind a barrier: it stands behind the end, and may go back to the first object after that barrier,
     * but not to one of its log objects.
     */
    static ChainWalk behind(Bucket bucket, BarrierMark barrier) throws IOException {
        return new ChainWalk(
                bucket,
                bucket.roots().sequences(),
                bucket.logs().positionsAfter(barrier.standing().position()),
                Optional.empty());
    }

    /** Where the chain ends; known after the first step. */
    ChainEnd end() {
        return end;
    }

    /** The object of the last call, as an end of the chain up to it. */
    Optional<ChainEnd> at() {
        return at;
    }

    /**
     * The object before the one of the last call, or the end at the first call; empty before the first object of the chain.
     *
     * @throws CorruptObjectException if an object of the chain is missing or damaged
     */
    Optional<ChainObject> previous() throws IOException {
        if (!begun) {
            begun = true;
            current = last.isPresent() ? Optional.of(last(last.get())) : newest();
            at = current.map(object -> end(object, link(object)));
            end = at.orElse(ChainEnd.START);
        } else {
            Link expected = current.orElseThrow().previous();
            long height = current.orElseThrow().height() - 1;
            current = expected.equals(Link.START) ? Optional.empty() : Optional.of(find(expected, height));
            at = current.map(object -> end(object, expected));
        }
        current.ifPresent(this::take);
        return current;
    }

    private static ChainEnd end(ChainObject object, Link link) {
        return new ChainEnd(object.height(), link, object.objectKey());
    }

    /** Of what is at the front of both lists, the one with the higher incarnation; then height; then the log object. */
    private Optional<ChainObject> newest() throws IOException {
        fill();
        if (root.isEmpty() || log.isEmpty()) {
            return root.isPresent() ? root.map(ChainObject.class::cast) : log.map(ChainObject.class::cast);
        }
        int order = Long.compare(root.get().incarnation(), log.get().incarnation());
        if (order == 0) {
            order = Long.compare(root.get().height(), log.get().height());
        }
        return Optional.of(order > 0 ? root.get() : log.get());
    }

    /** The log object where a walk begins; roots that came after it are passed over. */
    private ChainObject last(Logs.Position position) throws IOException {
        LogObject found = bucket.logs().read(position);
        log = Optional.of(found);
        do {
            root = Optional.empty();
            fill();
        } while (root.isPresent() && root.get().height() > found.height());
        return found;
    }

    private ChainObject find(Link expected, long height) throws IOException {
        Predicate<ChainObject> passedOver =
                object -> object.height() >= height && !link(object).equals(expected);
        while (true) {
            fill();
            if (log.isPresent() && link(log.get()).equals(expected)) {
                return log.get();
            }
            if (root.isPresent() && link(root.get()).equals(expected)) {
                return root.get();
            }
            boolean dropped = false;
            if (log.filter(passedOver).isPresent()) {
                LOG.warn("{} is beside the chain and not used", log.get().objectKey());
                log = Optional.empty();
                dropped = true;
            }
            if (root.filter(passedOver).isPresent()) {
                LOG.warn("{} is beside the chain and not used", root.get().objectKey());
                root = Optional.empty();
                dropped = true;
            }
            if (!dropped) {
                String key = current.orElseThrow().objectKey();
                throw new CorruptObjectException(
                        key, -1, "the object before it in the chain, of height " + height + ", is not in the bucket");
            }
        }
    }

    private void fill() throws IOException {
        if (log.isEmpty() && !logs.isEmpty()) {
            log = Optional.of(logs.next());
        }
        if (root.isEmpty() && !roots.isEmpty()) {
            root = Optional.of(bucket.roots().read(roots.removeLast()));
        }
    }

    private void take(ChainObject object) {
        if (object instanceof RootObject) {
            root = Optional.empty();
        } else {
            log = Optional.empty();
        }
    }

    private Link link(ChainObject object) {
        return object instanceof RootObject found
                ? bucket.roots().link(found)
                : bucket.logs().link((LogObject) object);
    }

    @Override
    public void close() {
        logs.close();
    }
}
