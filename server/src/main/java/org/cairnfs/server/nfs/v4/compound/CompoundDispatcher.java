package org.cairnfs.server.nfs.v4.compound;

import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.server.nfs.rpc.ReplyCache;
import org.cairnfs.server.nfs.rpc.RpcCall;
import org.cairnfs.server.nfs.state.SequenceRequest;
import org.cairnfs.server.nfs.state.SequenceResult;
import org.cairnfs.server.nfs.state.SlotTurn;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * Answers COMPOUND calls: by minor version, within the slot of a session or without, from the reply cache or by carrying it
 * out.
 *
 * <p>Safe for use by any number of threads.
 */
public final class CompoundDispatcher {
    /** The newest minor version that is spoken. */
    private static final int NEWEST_MINOR_VERSION = 2;

    /** More operations than any client sends in one COMPOUND of 4.0, which has no way to say how many it takes. */
    private static final int MAX_OPERATIONS_40 = 128;

    /** RPC headers of a call and of a reply, with empty credentials and verifiers (RFC 5531 section 9). */
    private static final int CALL_HEADER_BYTES = 40;

    private static final int REPLY_HEADER_BYTES = 24;

    /** How much of the arguments is compared to tell a resend from another request in the same slot. */
    private static final int FINGERPRINTED_BYTES = 1024;

    /** The reply cache keeps replies up to this length even if it was not asked to. */
    private static final int ALWAYS_CACHED_BYTES = 512;

    private final NfsServices services;
    private final OperationDecoder decoder;
    private final ReplyCache replies;

    /** @param replies of 4.0; each session of 4.1 has its own */
    public CompoundDispatcher(NfsServices services, OperationDecoder decoder, ReplyCache replies) {
        this.services = services;
        this.decoder = decoder;
        this.replies = replies;
    }

    /**
     * Answers one call.
     *
     * @throws XdrException if not even what stands before the operations can be decoded
     */
    public void dispatch(RpcCall call) throws XdrException {
        XdrReader in = call.arguments();
        int from = in.position();
        ByteBuffer arguments = in.slice(from, from + in.remaining());
        CompoundHeader header = CompoundHeader.decode(in);
        if (Integer.compareUnsigned(header.minorVersion(), NEWEST_MINOR_VERSION) > 0) {
            call.reply(refused(header, NfsStatus.MINOR_VERS_MISMATCH));
        } else if (header.minorVersion() == 0) {
            minor0(call, header, arguments);
        } else if (header.operations() == 0) {
            call.reply(refused(header, NfsStatus.OK));
        } else {
            minor1(call, header, arguments);
        }
    }

    private static boolean tooMany(CompoundHeader header) {
        return Integer.compareUnsigned(header.operations(), MAX_OPERATIONS_40) > 0;
    }

    private void minor0(RpcCall call, CompoundHeader header, ByteBuffer arguments) throws XdrException {
        if (tooMany(header)) {
            call.reply(refused(header, NfsStatus.RESOURCE));
        } else {
            replies.answer(call, arguments, () -> runMinor0(call, header));
        }
    }

    private ReplyCache.Outcome runMinor0(RpcCall call, CompoundHeader header) throws XdrException {
        CompoundReply reply = new CompoundReply(header, call.newResults().limit());
        Compound compound = new Compound(services, call, 0, Requester.ofCall(call), null);
        CompoundRunner runner = new CompoundRunner(decoder, compound, reply, NfsStatus.RESOURCE);
        runner.run(header.operations());
        return new ReplyCache.Outcome(reply.encoded(), runner.isOnce());
    }

    /** From minor version 1 on, the first operation is SEQUENCE, or one of those that need none, and then alone. */
    private void minor1(RpcCall call, CompoundHeader header, ByteBuffer arguments) throws XdrException {
        if (call.arguments().remaining() < Integer.BYTES) {
            call.reply(refused(header, NfsStatus.BADXDR));
            return;
        }
        int number = call.arguments().readInt();
        OpCode first = OpCode.of(number, header.minorVersion()).orElse(null);
        if (first == OpCode.SEQUENCE) {
            sequence(call, header, arguments);
        } else if (first == null) {
            call.reply(refused(header, OpCode.ILLEGAL, NfsStatus.OP_ILLEGAL));
        } else if (!first.isIn(header.minorVersion())) {
            call.reply(refused(header, number, NfsStatus.NOTSUPP));
        } else if (!first.needsNoSession()) {
            call.reply(refused(header, number, NfsStatus.OP_NOT_IN_SESSION));
        } else if (header.operations() != 1) {
            call.reply(refused(header, number, NfsStatus.NOT_ONLY_OP));
        } else {
            CompoundReply reply = new CompoundReply(header, call.newResults().limit());
            Compound compound = new Compound(services, call, header.minorVersion(), Requester.ofCall(call), null);
            new CompoundRunner(decoder, compound, reply, NfsStatus.REP_TOO_BIG).runAlone(number);
            call.reply(reply.encoded());
        }
    }

    private void sequence(RpcCall call, CompoundHeader header, ByteBuffer arguments) throws XdrException {
        SequenceResult result;
        try {
            Sequence sequence = Sequence.decode(call.arguments());
            result = services.state().clients().sequence(request(call, header, sequence, arguments));
        } catch (XdrException e) {
            call.reply(refused(header, OpCode.SEQUENCE.number(), NfsStatus.BADXDR));
            return;
        } catch (NfsException e) {
            call.reply(refused(header, OpCode.SEQUENCE.number(), e.status()));
            return;
        }
        if (result instanceof SequenceResult.Execute execute) {
            try (SlotTurn turn = execute.turn()) {
                inSession(call, header, turn);
            }
        } else if (result instanceof SequenceResult.Replay replay) {
            call.reply(replay.reply().asBuffer());
        } else if (result instanceof SequenceResult.ReplayUncached uncached) {
            call.reply(uncached(call, header, uncached));
        }
    }

    private void inSession(RpcCall call, CompoundHeader header, SlotTurn turn) throws XdrException {
        int limit = Math.min(call.newResults().limit(), turn.maxResponse() - REPLY_HEADER_BYTES);
        NfsStatus tooBig = NfsStatus.REP_TOO_BIG;
        if (turn.cacheThis() && turn.maxResponseCached() - REPLY_HEADER_BYTES < limit) {
            limit = turn.maxResponseCached() - REPLY_HEADER_BYTES;
            tooBig = NfsStatus.REP_TOO_BIG_TO_CACHE;
        }
        CompoundReply reply = new CompoundReply(header, limit);
        Sequence.encodeResult(reply.begin(OpCode.SEQUENCE.number()), turn.sequence());
        reply.end(NfsStatus.OK);
        Compound compound = new Compound(services, call, header.minorVersion(), Requester.ofSession(turn, call), turn);
        new CompoundRunner(decoder, compound, reply, tooBig).run(header.operations() - 1);
        XdrWriter encoded = reply.encoded();
        if (turn.cacheThis() || encoded.position() <= ALWAYS_CACHED_BYTES) {
            turn.complete(Bytes.ofTrusted(encoded.toByteArray()));
        } else {
            turn.close();
        }
        call.reply(encoded);
    }

    private SequenceRequest request(RpcCall call, CompoundHeader header, Sequence sequence, ByteBuffer arguments) {
        int compared = Math.min(arguments.remaining(), FINGERPRINTED_BYTES);
        long fingerprint =
                Hashing.murmur3_128().hashBytes(arguments.slice(0, compared)).asLong();
        return new SequenceRequest(
                sequence.session(),
                sequence.sequence(),
                sequence.slot(),
                sequence.highestSlot(),
                sequence.cacheThis(),
                StateConnection.of(call.connection(), services.state()),
                (long) CALL_HEADER_BYTES + arguments.remaining(),
                header.operations(),
                31 * fingerprint + call.credential().hashCode() + arguments.remaining());
    }

    private static XdrWriter uncached(RpcCall call, CompoundHeader header, SequenceResult.ReplayUncached uncached)
            throws XdrException {
        CompoundReply reply = new CompoundReply(header, 0);
        Sequence.encodeResult(reply.begin(OpCode.SEQUENCE.number()), uncached.sequence());
        reply.end(NfsStatus.OK);
        if (call.arguments().remaining() >= Integer.BYTES) {
            reply.begin(call.arguments().readInt());
            reply.end(NfsStatus.RETRY_UNCACHED_REP);
        }
        return reply.encoded();
    }

    /** The reply of a COMPOUND of which no operation was tried. */
    private static XdrWriter refused(CompoundHeader header, NfsStatus status) throws XdrException {
        return new CompoundReply(header, 0).failWhole(status).encoded();
    }

    /** The reply of a COMPOUND whose first operation is refused. */
    private static XdrWriter refused(CompoundHeader header, int operation, NfsStatus status) throws XdrException {
        CompoundReply reply = new CompoundReply(header, 0);
        reply.begin(operation);
        reply.end(status);
        return reply.encoded();
    }
}
