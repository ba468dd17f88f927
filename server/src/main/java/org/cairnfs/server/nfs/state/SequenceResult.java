package org.cairnfs.server.nfs.state;

import org.cairnfs.core.fs.Bytes;

/** What to do with a COMPOUND after its SEQUENCE. */
public sealed interface SequenceResult {
    /** Do it: the first time that it comes. Close the turn in any case. */
    record Execute(SlotTurn turn) implements SequenceResult {}

    /** Done before: answer with these bytes, as {@link SlotTurn#complete} got them. */
    record Replay(Bytes reply) implements SequenceResult {}

    /**
     * Done before, but its reply was not kept: answer SEQUENCE with OK and {@code sequence}, and its next operation with
     * RETRY_UNCACHED_REP (RFC 8881 section 2.10.6.1.3).
     */
    record ReplayUncached(SequenceReply sequence) implements SequenceResult {}
}
