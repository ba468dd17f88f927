package org.cairnfs.core.metadata;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Origin;

/**
 * Results of operations that were journaled before this start: of each client and slot the last one, as older ones were
 * answered, or the client would not have gone on. One lock guards all.
 */
final class Unanswered {
    private record Slot(long client, long slot) {}

    private record Result(Origin origin, Bytes result) {}

    private final Map<Slot, Result> results = new LinkedHashMap<>();

    /** A record of the journal, in its order. */
    synchronized void journaled(Origin origin, Bytes result) {
        results.put(new Slot(origin.client(), origin.slot()), new Result(origin, result));
    }

    /** The result of an operation of the same client with the same arguments; it is gone then. */
    synchronized Optional<Bytes> take(Origin origin) {
        Slot slot = new Slot(origin.client(), origin.slot());
        if (!isSame(results.get(slot), origin)) {
            // After a restart the client has another session, and so other slots.
            slot = results.entrySet().stream()
                    .filter(entry -> isSame(entry.getValue(), origin))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(null);
        }
        Result found = results.remove(slot);
        return found == null ? Optional.empty() : Optional.of(found.result);
    }

    private static boolean isSame(Result result, Origin origin) {
        return result != null
                && result.origin.client() == origin.client()
                && result.origin.arguments() == origin.arguments();
    }

    synchronized Map<Origin, Bytes> all() {
        Map<Origin, Bytes> copy = new LinkedHashMap<>();
        results.values().forEach(result -> copy.put(result.origin, result.result));
        return copy;
    }

    synchronized void forget() {
        results.clear();
    }
}
