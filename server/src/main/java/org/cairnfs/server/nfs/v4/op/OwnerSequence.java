package org.cairnfs.server.nfs.v4.op;

import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.state.OwnerReply;
import org.cairnfs.server.nfs.state.OwnerTurn;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.ErrorMapping;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * Runs an operation of a 4.0 open or lock owner in the owner's order (RFC 7530 section 9.1.7): a resend gets the kept reply, anything
 * else is done and its reply kept.
 */
final class OwnerSequence {
    private OwnerSequence() {}

    /** Takes an owner's turn. */
    @FunctionalInterface
    interface Take {
        OwnerTurn turn() throws NfsException;
    }

    /**
     * Carries out {@code operation} in its turn.
     *
     * @param result where the body of its result goes, the kept one as well
     */
    static NfsStatus run(Compound compound, XdrWriter result, Take take, Operation operation)
            throws NfsException, XdrException {
        try (OwnerTurn turn = take.turn()) {
            OwnerReply reply = turn.replay().orElse(null);
            if (reply == null) {
                reply = perform(compound, operation);
                turn.complete(reply);
            } else if (reply.current().isPresent()) {
                compound.moveTo(reply.current().get());
            }
            result.writeFixedOpaque(reply.result().toArray());
            return reply.status();
        }
    }

    private static OwnerReply perform(Compound compound, Operation operation) throws NfsException, XdrException {
        FileHandle before = compound.current();
        XdrWriter body = new XdrWriter(OwnerReply.MAX_BYTES);
        NfsStatus status;
        try {
            status = operation.execute(compound, body);
        } catch (NfsException e) {
            body.truncate(0);
            status = e.status();
        } catch (FsException e) {
            body.truncate(0);
            status = ErrorMapping.statusOf(e.errno());
        }
        FileHandle after = compound.current();
        return new OwnerReply(
                status,
                Bytes.ofTrusted(body.toByteArray()),
                after.equals(before) ? Optional.empty() : Optional.of(after));
    }
}
