package org.cairnfs.core.testkit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.Origin;

/** What happens beside the verbs: restarts, disturbances, and requests that are sent again. */
final class Circumstances {
    private Circumstances() {}

    record Restart() implements Operation {
        @Override
        public String run(OpContext op, Side side) {
            side.restart();
            return "restarted";
        }

        @Override
        public List<Integer> labels() {
            return List.of();
        }
    }

    record EndGrace() implements Operation {
        @Override
        public String run(OpContext op, Side side) {
            side.fs().endGrace();
            return "grace is over";
        }

        @Override
        public List<Integer> labels() {
            return List.of();
        }
    }

    record Disturb(int choice) implements Operation {
        @Override
        public String run(OpContext op, Side side) {
            side.subject().disturb(choice);
            return "disturbed";
        }

        @Override
        public List<Integer> labels() {
            return List.of();
        }
    }

    /** Does an operation, and remembers what its labels stand for, so that it can be sent {@link Again}. */
    record Sent(Operation operation, Origin origin) implements Operation {
        @Override
        public String run(OpContext op, Side side) {
            side.sent(origin);
            return operation.outcome(new OpContext(op.credentials(), origin), side);
        }

        @Override
        public List<Integer> labels() {
            return operation.labels();
        }
    }

    /** Sends a request of before again, whatever has happened since: the client did not hear the answer, or wants it once more. */
    record Again(Operation operation, Origin origin) implements Operation {
        @Override
        public String run(OpContext op, Side side) {
            Optional<Map<Integer, FileHandle>> then = side.labelsWhenSent(origin);
            if (then.isEmpty()) {
                return "skipped";
            }
            Map<Integer, FileHandle> now = side.labels();
            side.relabel(then.get());
            String outcome = operation.outcome(new OpContext(op.credentials(), origin), side);
            side.relabel(now);
            return outcome;
        }

        @Override
        public List<Integer> labels() {
            return List.of();
        }
    }

    /** Restarts right after an operation, and sends it again: the answer must be the same, once. */
    record Resend(Operation operation) implements Operation {
        @Override
        public String run(OpContext op, Side side) {
            Map<Integer, FileHandle> labels = side.labels();
            String first = operation.outcome(op, side);
            side.restart();
            OpContext again = new OpContext(op.credentials(), op.origin().orElseThrow());
            side.relabel(labels);
            String second = operation.outcome(again, side);
            side.relabel(labels);
            String third = operation.outcome(again, side);
            return first + " | " + second + " | " + third;
        }

        @Override
        public List<Integer> labels() {
            return operation.labels();
        }
    }
}
