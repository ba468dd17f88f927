package org.cairnfs.server.nfs.v4.compound;

import java.util.Optional;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.watch.OperationWatch;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the operations of one COMPOUND in order, up to the first that fails.
 *
 * <p>Each is decoded only when the one before it has succeeded: a length that lies costs nothing before that, and the
 * operations before it are done. Used by one thread.
 */
final class CompoundRunner {
    private static final Logger log = LoggerFactory.getLogger(CompoundRunner.class);

    private final OperationDecoder decoder;
    private final Compound compound;
    private final XdrReader in;
    private final CompoundReply reply;
    private final NfsStatus tooBig;
    private final OperationWatch watch;
    private Operation latest;
    private Unstable firstUnstable;
    private boolean once;
    private boolean changed;
    private NfsStatus status = NfsStatus.OK;
    private int untried;

    /** An operation that was done, but would be lost in a power failure now. */
    private record Unstable(Operation operation, CompoundReply.Mark result) {}

    /** @param tooBig what to answer when a result does not fit into the reply */
    CompoundRunner(OperationDecoder decoder, Compound compound, CompoundReply reply, NfsStatus tooBig) {
        this.decoder = decoder;
        this.compound = compound;
        this.in = compound.call().arguments();
        this.watch = compound.services().watch();
        this.reply = reply;
        this.tooBig = tooBig;
    }

    /** Carries out this many operations, or fewer if one fails. */
    void run(int operations) throws XdrException {
        for (untried = operations; untried != 0 && status == NfsStatus.OK; ) {
            if (in.remaining() < Integer.BYTES) {
                status = NfsStatus.BADXDR;
                reply.failWhole(status);
                untried = 0;
            } else {
                untried--;
                status = runOne(in.readInt(), untried == 0);
            }
        }
        awaitStable();
    }

    /** Carries out an operation whose number has been read already, and which is the only one. */
    void runAlone(int number) throws XdrException {
        runOne(number, true);
        awaitStable();
    }

    /**
     * Whether one of the operations must not be done twice, be it one that was not reached: if the same COMPOUND came again later, it
     * might be. Not so where the client was only asked to wait, and nothing was done before. To be asked after {@link #run}.
     */
    boolean isOnce() {
        if (!changed && (status == NfsStatus.DELAY || status == NfsStatus.GRACE)) {
            return false;
        }
        for (; untried != 0 && !once; untried--) {
            try {
                OpCode code = OpCode.of(in.readInt(), compound.minorVersion()).orElse(null);
                if (refusal(code) != null) {
                    break;
                }
                once = decoder.decode(code, compound.minorVersion(), in).isOnce();
            } catch (XdrException | NfsException e) {
                log.debug("what follows the operation that failed is not valid either: {}", e.getMessage());
                break;
            }
        }
        return once;
    }

    private NfsStatus runOne(int number, boolean last) throws XdrException {
        OpCode code = OpCode.of(number, compound.minorVersion()).orElse(null);
        boolean detailed = watch.wantsDetails();
        Optional<FileHandle> at = detailed ? compound.standsAt() : Optional.empty();
        latest = null;
        long begun = System.nanoTime();
        NfsStatus ended = runOne(code, number, last);
        long nanos = System.nanoTime() - begun;
        String name = code == null ? "ILLEGAL" : code.name();
        watch.ended(name, ended != NfsStatus.OK, nanos);
        if (detailed) {
            watch.detailed(new OperationWatch.Detail(
                    compound.call(),
                    "4." + compound.minorVersion(),
                    name,
                    at.isEmpty() || code == OpCode.PUTFH ? compound.standsAt() : at,
                    latest,
                    ended.name(),
                    nanos));
        }
        return ended;
    }

    /** @param code null if there is none of that number */
    private NfsStatus runOne(OpCode code, int number, boolean last) throws XdrException {
        XdrWriter result = reply.begin(code == null ? OpCode.ILLEGAL : number);
        NfsStatus refusal = refusal(code);
        if (refusal != null) {
            untried = 0;
            return fail(null, refusal);
        }
        Operation operation = null;
        try {
            int from = in.position();
            operation = decoder.decode(code, compound.minorVersion(), in);
            latest = operation;
            compound.begin(code, in.slice(from, in.position()));
        } catch (XdrException e) {
            log.debug("{} is not valid XDR: {}", code, e.getMessage());
            untried = 0;
            return fail(null, NfsStatus.BADXDR);
        } catch (NfsException e) {
            untried = 0;
            return fail(null, e.status());
        }
        return execute(operation, result, last);
    }

    private NfsStatus execute(Operation operation, XdrWriter result, boolean last) throws XdrException {
        once |= operation.isOnce();
        if (operation.changes() && !reply.hasRoomForChange()) {
            return fail(operation, tooBig);
        }
        try {
            NfsStatus ended = operation.execute(compound, result);
            changed |= operation.isOnce() && ended == NfsStatus.OK;
            if (!last && !reply.hasRoomForMore()) {
                return fail(operation, tooBig);
            }
            reply.end(ended);
            return ended;
        } catch (NfsException e) {
            log.debug("{}: {}", operation, e.getMessage());
            return fail(operation, e.status());
        } catch (FsException e) {
            return fail(operation, ErrorMapping.statusOf(e.errno()));
        } catch (XdrException e) {
            return fail(operation, tooBig);
        } catch (RuntimeException e) {
            log.error("{} failed: the client gets SERVERFAULT", operation, e);
            return fail(operation, NfsStatus.SERVERFAULT);
        } finally {
            if (firstUnstable == null && compound.stableSequence() != 0) {
                firstUnstable = new Unstable(operation, reply.mark());
            }
        }
    }

    private NfsStatus refusal(OpCode code) {
        if (code == null) {
            return NfsStatus.OP_ILLEGAL;
        }
        if (!code.isIn(compound.minorVersion())) {
            return NfsStatus.NOTSUPP;
        }
        return switch (code) {
            case SEQUENCE -> NfsStatus.SEQUENCE_POS;
            // May only come alone (RFC 8881 section 18.34.3), and alone it has no SEQUENCE before it.
            case BIND_CONN_TO_SESSION -> compound.turn().isPresent() ? NfsStatus.NOT_ONLY_OP : null;
            default -> null;
        };
    }

    private NfsStatus fail(Operation operation, NfsStatus status) throws XdrException {
        XdrWriter result = reply.fail(status);
        if (operation != null) {
            operation.encodeFailure(result);
        }
        return status;
    }

    /**
     * What was journaled has to survive power loss before it is answered. If it cannot, the first operation that changed
     * something has failed, and the client hears of none after it: some clients believe the results before an error.
     */
    private void awaitStable() throws XdrException {
        if (firstUnstable == null) {
            return;
        }
        try {
            compound.fileSystem().awaitStable(compound.stableSequence());
        } catch (FsException e) {
            log.error("{} cannot be made stable: the client gets an error", firstUnstable.operation, e);
            XdrWriter result = reply.failAt(firstUnstable.result, ErrorMapping.statusOf(e.errno()));
            firstUnstable.operation.encodeFailure(result);
        }
    }
}
