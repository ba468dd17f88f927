package org.cairnfs.core.testkit;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.Origin;

/**
 * What the reference model remembers of answers, for operations that are sent again after a restart: an answer stands as long as no
 * other operation touched one of the names that it was about. A resent operation is the same verb, so an answer is what that
 * verb returned. Guarded by the model.
 */
final class ModelAnswers {
    private final Map<Origin, Answer> answers = new LinkedHashMap<>();
    private final Map<Origin, Answer> unanswered = new LinkedHashMap<>();
    private final Map<Place, Long> lastTouch = new HashMap<>();
    private final Set<Place> touchedNow = new HashSet<>();
    private long touches;

    /** A name in a directory, or of an attribute. */
    private record Place(long inode, boolean xattr, Name name) {}

    /**
     * What was answered.
     *
     * @param touch number of the operation; it stands as long as no other touched one of the places
     */
    private record Answer(Object result, long touch, Set<Place> places) {}

    /** Nobody knows any more who got its answer. */
    void restart() {
        unanswered.clear();
        unanswered.putAll(answers);
    }

    /** Nothing is sent again any more. */
    void giveUp() {
        unanswered.clear();
    }

    /** Begins an operation, whose touches have a number of their own. */
    void begin() {
        touches++;
        touchedNow.clear();
    }

    void touch(ModelInode directory, Name name) {
        touch(new Place(directory.number, false, name));
    }

    void touchXattr(ModelInode inode, Name name) {
        touch(new Place(inode.number, true, name));
    }

    private void touch(Place place) {
        touchedNow.add(place);
        lastTouch.put(place, touches);
    }

    /** The answer of before the restart, if it still stands; begins the operation. */
    @SuppressWarnings("unchecked") // an origin holds a hash of the operation, so it names one verb and its result type
    <T> Optional<T> resent(OpContext op) {
        begin();
        return op.origin().flatMap(this::resent).map(origin -> (T) unanswered.remove(origin).result);
    }

    /** The same request before the restart: slots and sequences are other ones now (see {@link Origin}). */
    private Optional<Origin> resent(Origin origin) {
        return unanswered.keySet().stream()
                .filter(known -> known.client() == origin.client() && known.arguments() == origin.arguments())
                .filter(known -> stands(unanswered.get(known)))
                .findFirst();
    }

    private boolean stands(Answer answer) {
        return answer.places.stream().allMatch(place -> lastTouch.get(place) == answer.touch);
    }

    /** Ends an operation with its result. */
    <T> T answer(OpContext op, T result) {
        if (op.origin().isPresent()) {
            Origin origin = op.origin().get();
            answers.keySet()
                    .removeIf(before -> before.client() == origin.client()
                            && before.slot() == origin.slot()
                            && before.sequence() != origin.sequence());
            if (!touchedNow.isEmpty()) {
                answers.put(origin, new Answer(result, touches, Set.copyOf(touchedNow)));
            }
        }
        return result;
    }

    /** Those whose answers may be asked for again. */
    Set<Origin> unanswered() {
        return unanswered.keySet().stream()
                .filter(origin -> stands(unanswered.get(origin)))
                .collect(Collectors.toSet());
    }
}
