package org.cairnfs.server.nfs.v4.compound;

import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * The reply of a COMPOUND as it grows (COMPOUND4res, RFC 8881 section 16.2.2): a result for each operation that was tried,
 * within a limit that the reply never passes.
 *
 * <p>Invariant: after each result but the last, there is room for one more that says just an error.
 */
final class CompoundReply {
    /** Operation, status, and the empty set of attributes that SETATTR's error has. */
    private static final int ERROR_BYTES = 12;

    /** Enough for the results of all operations that change something: none may be done whose answer does not fit. */
    private static final int RESERVED_FOR_CHANGES = 256;

    private final XdrWriter out;
    private final int statusAt;
    private final int countAt;
    private int results;
    private int resultAt;

    /** @param limit of the whole reply in bytes; what even the shortest reply needs is taken all the same */
    CompoundReply(CompoundHeader header, int limit) throws XdrException {
        out = new XdrWriter(Math.max(limit, shortest(header)));
        statusAt = out.position();
        out.writeInt(NfsStatus.OK.code()).writeOpaque(header.tag().toArray());
        countAt = out.position();
        out.writeInt(0);
    }

    /** Status, tag, count, and SEQUENCE's result with room for an error after it. */
    private static int shortest(CompoundHeader header) {
        return 3 * Integer.BYTES + header.tag().length() + 3 + Integer.BYTES + Sequence.RESULT_BYTES + ERROR_BYTES;
    }

    /** Starts the result of an operation and returns where its body goes. */
    XdrWriter begin(int operation) throws XdrException {
        resultAt = out.position();
        out.writeInt(operation).writeInt(NfsStatus.OK.code());
        results++;
        out.setInt(countAt, results);
        return out;
    }

    /** Whether the result of any operation that changes something would fit. */
    boolean hasRoomForChange() {
        return out.remaining() >= RESERVED_FOR_CHANGES;
    }

    /** Whether another result can follow. */
    boolean hasRoomForMore() {
        return out.remaining() >= ERROR_BYTES;
    }

    /** Ends the result that was begun, with its body as it was written. */
    void end(NfsStatus status) {
        out.setInt(resultAt + Integer.BYTES, status.code());
        out.setInt(statusAt, status.code());
    }

    /** Ends the result that was begun with an error, taking back its body. */
    XdrWriter fail(NfsStatus status) {
        out.truncate(resultAt + 2 * Integer.BYTES);
        end(status);
        return out;
    }

    /** A result, to come back to. */
    record Mark(int at, int count) {}

    /** The result that was begun last. */
    Mark mark() {
        return new Mark(resultAt, results);
    }

    /** Ends an earlier result with an error after all, taking back its body and all results after it. */
    XdrWriter failAt(Mark mark, NfsStatus status) {
        resultAt = mark.at;
        results = mark.count;
        out.setInt(countAt, results);
        return fail(status);
    }

    /** Ends the whole with an error that is no operation's. */
    CompoundReply failWhole(NfsStatus status) {
        out.setInt(statusAt, status.code());
        return this;
    }

    XdrWriter encoded() {
        return out;
    }
}
