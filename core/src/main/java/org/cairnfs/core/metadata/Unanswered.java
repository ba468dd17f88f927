package org.cairnfs.core.metadata;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Origin;
import org.cairnfs.core.metadata.row.RowKey;

/**
 * Results of operations that were journaled before this start, for clients that send them again as they did not hear the answer.
 *
 * <p>The same client may as well ask for the same thing anew (mkdir, rmdir, mkdir), and its request then looks the same. So a result is
 * given only while it can still be what the client missed:
 *
 * <ul>
 *   <li>it is of the newest sequence of its slot: a client goes on in a slot only once it was answered;
 *   <li>it was journaled after the last moment of which the journal says that everyone had been answered;
 *   <li>its effect is the newest on all names that it changed, before and after the restart: anything later on one of them means
 *       that the request is carried out like any other;
 *   <li>it was journaled no longer than {@value #MAX_AGE_MINUTES} minutes before the journal's end;
 *   <li>it was not given before.
 * </ul>
 *
 * <p>A result that changed no name is of a request that may be repeated, and is not kept.
 *
 * <p>Threading: the monitor guards all; {@code empty} is for those who have nothing to look for.
 */
final class Unanswered {
    static final int MAX_AGE_MINUTES = 5;

    /** The counter that says up to which sequence everyone has been answered. */
    static final String ANSWERED = "answered";

    private final Map<Request, Answer> answers = new LinkedHashMap<>();
    private final Map<Slot, List<Answer>> slots = new HashMap<>();
    private final Map<RowKey, Answer> names = new HashMap<>();
    private volatile boolean empty = true;

    /** By what a request is known again: after a restart its client has other slots and sequences. */
    private record Request(long client, long arguments) {
        static Request of(Origin origin) {
            return new Request(origin.client(), origin.arguments());
        }
    }

    private record Slot(long client, long slot) {
        static Slot of(Origin origin) {
            return new Slot(origin.client(), origin.slot());
        }
    }

    /**
     * What was answered.
     *
     * @param sequence of its record
     * @param names rows of names ({@link #isName}) that it changed; this is the newest change of each
     */
    private record Answer(Origin origin, Bytes result, long sequence, long timeMillis, List<RowKey> names) {}

    /**
     * A record of the journal, in its order.
     *
     * @param timeMillis when it was journaled
     * @param changed the rows that it changed
     */
    synchronized void journaled(
            long sequence, Optional<Origin> origin, Bytes result, long timeMillis, Iterable<RowKey> changed) {
        changed(changed);
        if (origin.isEmpty()) {
            return;
        }
        leaveBehind(origin.get());
        List<RowKey> named = new ArrayList<>();
        changed.forEach(key -> {
            if (isName(key)) {
                named.add(key);
            }
        });
        if (!named.isEmpty()) {
            add(new Answer(origin.get(), result, sequence, timeMillis, named));
        }
    }

    /** Everyone who asked for what was journaled up to this sequence has been answered. */
    synchronized void answered(long through) {
        List.copyOf(answers.values()).stream()
                .filter(answer -> answer.sequence <= through)
                .forEach(this::drop);
    }

    /** The client goes on in a slot: what was there before is answered. One request may be of several operations. */
    private void leaveBehind(Origin origin) {
        List<Answer> before = slots.get(Slot.of(origin));
        if (before != null && before.get(0).origin.sequence() != origin.sequence()) {
            List.copyOf(before).forEach(this::drop);
        }
    }

    private void add(Answer answer) {
        Answer same = answers.get(Request.of(answer.origin));
        if (same != null) {
            drop(same);
        }
        answers.put(Request.of(answer.origin), answer);
        slots.computeIfAbsent(Slot.of(answer.origin), slot -> new ArrayList<>()).add(answer);
        answer.names.forEach(name -> names.put(name, answer));
        empty = false;
    }

    /** These rows have changed: what was answered about them is not the newest any more. */
    void changed(Iterable<RowKey> keys) {
        if (empty) {
            return;
        }
        synchronized (this) {
            for (RowKey key : keys) {
                Answer overtaken = isName(key) ? names.get(key) : null;
                if (overtaken != null) {
                    drop(overtaken);
                }
            }
        }
    }

    /** A directory entry, an attribute, or the names of the snapshots, which count as one. */
    private static boolean isName(RowKey key) {
        return key instanceof RowKey.Dirent
                || key instanceof RowKey.Xattr
                || key instanceof RowKey.Counter counter && counter.name().equals(Epochs.SNAPSHOTS_CHANGED);
    }

    private void drop(Answer answer) {
        answers.remove(Request.of(answer.origin));
        List<Answer> slot = slots.get(Slot.of(answer.origin));
        slot.remove(answer);
        if (slot.isEmpty()) {
            slots.remove(Slot.of(answer.origin));
        }
        answer.names.forEach(names::remove);
        empty = answers.isEmpty();
    }

    /** The journal ends at this time: what is much older was answered. */
    synchronized void endedAt(long timeMillis) {
        long oldest = timeMillis - TimeUnit.MINUTES.toMillis(MAX_AGE_MINUTES);
        List.copyOf(answers.values()).stream()
                .filter(answer -> answer.timeMillis < oldest)
                .forEach(this::drop);
    }

    /** The result of an operation of the same client with the same arguments; it is gone then. */
    synchronized Optional<Bytes> take(Origin origin) {
        Answer found = answers.get(Request.of(origin));
        if (found == null) {
            return Optional.empty();
        }
        drop(found);
        return Optional.of(found.result);
    }

    synchronized Map<Origin, Bytes> all() {
        Map<Origin, Bytes> copy = new LinkedHashMap<>();
        answers.values().forEach(answer -> copy.put(answer.origin, answer.result));
        return copy;
    }

    synchronized void forget() {
        answers.clear();
        slots.clear();
        names.clear();
        empty = true;
    }
}
