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
     * Whether a request is a resend of the last one: then its result, or its error as exception.
     *
     * @throws NfsException SEQ_MISORDERED if it is neither that nor the next one
     */
    Optional<CreateSessionResult> replayOf(int requested) throws NfsException {
        if (requested == next()) {
            return Optional.empty();
        }
        if (requested == sequence && error.isPresent()) {
            throw new NfsException(error.get());
        }
        if (requested == sequence && result.isPresent()) {
            return result;
        }
        throw new NfsException(NfsStatus.SEQ_MISORDERED);
    }

    void succeeded(CreateSessionResult created) {
        sequence++;
        result = Optional.of(created);
        error = Optional.empty();
    }

    /** Counts a refusal, but for those after which clients send the same sequence again. */
    void failed(NfsStatus status) {
        if (status != NfsStatus.DELAY && status != NfsStatus.STALE_CLIENTID) {
            sequence++;
            result = Optional.empty();
            error = Optional.of(status);
        }
    }
}
