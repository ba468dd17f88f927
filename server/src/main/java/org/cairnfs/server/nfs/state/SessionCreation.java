package org.cairnfs.server.nfs.state;

import java.util.Optional;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;

/**
 * The slot of a client's CREATE_SESSIONs, with the result of the last one (RFC 8881 section 18.36.4). Guarded by the
 * registration lock.
 */
final class SessionCreation {
    private int sequence;
    private Optional<CreateSessionResult> result = Optional.empty();
    private Optional<NfsStatus> error = Optional.empty();

    /** What the next CREATE_SESSION has to bring: eir_sequenceid. */
    int next() {
        return sequence + 1;
    }

    /**
     * Whether a request is a resend of the last one that was answered: then its result, or its error as exception.
     *
     * <p>A request whose arguments were refused changed nothing, and would be refused again: it is not kept, so that a client which did
     * not count it can come with better ones under the same number (clients do either; section 18.36.4 leaves it open).
     *
     * @throws NfsException SEQ_MISORDERED if it is neither that nor the next one
     */
    Optional<CreateSessionResult> replayOf(int requested) throws NfsException {
        if (requested == next()) {
            return Optional.empty();
        }
        if (requested != sequence || (result.isEmpty() && error.isEmpty())) {
            throw new NfsException(NfsStatus.SEQ_MISORDERED);
        }
        if (error.isPresent() && !isOfArguments(error.get())) {
            throw new NfsException(error.get());
        }
        return result;
    }

    void succeeded(int requested, CreateSessionResult created) {
        sequence = requested;
        result = Optional.of(created);
        error = Optional.empty();
    }

    /** Counts a refusal, but for those after which clients send the same sequence again. */
    void failed(int requested, NfsStatus status) {
        if (status != NfsStatus.DELAY && status != NfsStatus.STALE_CLIENTID) {
            sequence = requested;
            result = Optional.empty();
            error = Optional.of(status);
        }
    }

    private static boolean isOfArguments(NfsStatus status) {
        return status == NfsStatus.TOOSMALL || status == NfsStatus.INVAL;
    }
}
