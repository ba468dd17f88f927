package org.cairnfs.core.testkit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Origin;
import org.cairnfs.core.metadata.Epochs;
import org.cairnfs.core.metadata.row.RowKey;

/**
 * Which answers of before a restart may be given again, by looking through all that was ever done: slow, and plainly what
 * {@link Origin} says. Not thread-safe.
 */
public final class JournaledAnswers {
    private final List<Done> done = new ArrayList<>();
    private final Set<Integer> given = new HashSet<>();
    private int restartedAt;
    private long answered = -1;

    /** One mutation, and the names that it changed. */
    private record Done(long sequence, Optional<Origin> origin, Bytes result, Set<RowKey> names) {}

    /** Notes a mutation. */
    public void add(long sequence, Optional<Origin> origin, Bytes result, Set<RowKey> changed) {
        Set<RowKey> names = new HashSet<>(changed);
        RowKey snapshots = new RowKey.Counter(Epochs.SNAPSHOTS_CHANGED);
        names.removeIf(key -> !(key instanceof RowKey.Dirent || key instanceof RowKey.Xattr || key.equals(snapshots)));
        done.add(new Done(sequence, origin, result, names));
    }

    /** Everyone who asked for what has a sequence up to this one was answered. */
    public void answered(long through) {
        answered = Math.max(answered, through);
    }

    /** All of before may be asked for again. */
    public void restart() {
        restartedAt = done.size();
        given.clear();
    }

    /** Grace is over: nothing of before will be asked for. */
    public void forget() {
        restartedAt = 0;
    }

    /** What can be given. */
    public Map<Origin, Bytes> all() {
        Map<Origin, Bytes> all = new LinkedHashMap<>();
        for (int i = 0; i < restartedAt; i++) {
            if (stands(i)) {
                all.put(done.get(i).origin.orElseThrow(), done.get(i).result);
            }
        }
        return all;
    }

    /** Gives the result of the same request, once. */
    public Optional<Bytes> take(Origin origin) {
        for (int i = 0; i < restartedAt; i++) {
            Optional<Origin> before = done.get(i).origin;
            if (before.isPresent()
                    && before.get().client() == origin.client()
                    && before.get().arguments() == origin.arguments()
                    && stands(i)) {
                given.add(i);
                return Optional.of(done.get(i).result);
            }
        }
        return Optional.empty();
    }

    private boolean stands(int index) {
        Done it = done.get(index);
        if (it.sequence <= answered || it.origin.isEmpty() || it.names.isEmpty() || given.contains(index)) {
            return false;
        }
        for (int i = index + 1; i < done.size(); i++) {
            Done later = done.get(i);
            boolean overtaken = later.names.stream().anyMatch(it.names::contains);
            boolean slotWentOn =
                    i < restartedAt && later.origin.isPresent() && isNextOfSlot(it.origin.get(), later.origin.get());
            if (overtaken || slotWentOn) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNextOfSlot(Origin origin, Origin later) {
        return origin.client() == later.client()
                && origin.slot() == later.slot()
                && origin.sequence() != later.sequence();
    }
}
