package org.cairnfs.core.objectstore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;

/**
 * Copies a file system from one store to another, object by object.
 *
 * <p>Objects are immutable, but for a few; so one that is there with the same size is not copied again, and a copy that was
 * broken off goes on where it ended. What makes the target a file system is copied last: before, nobody can open it. The
 * lease stays behind. The source must not be served meanwhile, or what is copied is of no one moment. For one thread.
 */
public final class StoreCopy {
    /** The longest object, in bytes: larger than any that Cairn makes. */
    static final int MAX_OBJECT = 512 << 20;

    private static final String LAST = "format";
    private static final Set<String> OVERWRITTEN = Set.of("keys");
    private static final Set<String> LEFT = Set.of("lease");
    private static final String PROBES = "probe/";

    private final ObjectStore source;
    private final ObjectStore target;
    private final Watcher watcher;

    /** Hears how far a copy is. */
    @FunctionalInterface
    public interface Watcher {
        /** @param bytes that are there of {@code total}, those that were there before included */
        void copied(long bytes, long total);
    }

    /**
     * What was done.
     *
     * @param objects that were copied now
     * @param bytes of those
     * @param skipped objects that were there already
     */
    public record Result(long objects, long bytes, long skipped) {}

    public StoreCopy(ObjectStore source, ObjectStore target, Watcher watcher) {
        this.source = source;
        this.target = target;
        this.watcher = watcher;
    }

    /**
     * Copies what is missing.
     *
     * @throws ObjectStoreException of kind PERMANENT if the target holds another file system
     */
    public Result run() throws IOException {
        refuseOther();
        Map<String, Long> there = new HashMap<>();
        target.forEach("", object -> there.put(object.key(), object.size()));
        List<ObjectInfo> wanted = new ArrayList<>();
        source.forEach("", object -> {
            if (!LEFT.contains(object.key()) && !object.key().startsWith(PROBES)) {
                wanted.add(object);
            }
        });
        wanted.sort((one, other) ->
                Boolean.compare(one.key().equals(LAST), other.key().equals(LAST)));
        long total = wanted.stream().mapToLong(ObjectInfo::size).sum();
        long done = 0;
        long objects = 0;
        long bytes = 0;
        for (ObjectInfo object : wanted) {
            boolean same = there.getOrDefault(object.key(), -1L) == object.size();
            if (!same || OVERWRITTEN.contains(object.key())) {
                copy(object);
                objects++;
                bytes += object.size();
            }
            done += object.size();
            watcher.copied(done, total);
        }
        return new Result(objects, bytes, wanted.size() - objects);
    }

    private void copy(ObjectInfo object) throws ObjectStoreException {
        byte[] body = source.get(object.key(), MAX_OBJECT);
        if (body.length != object.size()) {
            throw new ObjectStoreException(
                    Kind.TRANSIENT,
                    "object " + object.key() + " in " + source.describe() + " changed while it was copied");
        }
        target.put(object.key(), ByteBuffer.wrap(body));
    }

    /** A target may hold nothing, a part of this copy, or all of it. */
    private void refuseOther() throws IOException {
        if (source.head(LAST).isEmpty()) {
            throw new ObjectStoreException(Kind.MISSING, "there is no file system in " + source.describe());
        }
        if (target.head(LAST).isPresent()
                && !ByteBuffer.wrap(target.get(LAST, MAX_OBJECT))
                        .equals(ByteBuffer.wrap(source.get(LAST, MAX_OBJECT)))) {
            throw new ObjectStoreException(Kind.PERMANENT, target.describe() + " holds another file system");
        }
    }
}
