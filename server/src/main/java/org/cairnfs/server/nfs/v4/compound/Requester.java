package org.cairnfs.server.nfs.v4.compound;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.Origin;
import org.cairnfs.server.nfs.rpc.RpcCall;
import org.cairnfs.server.nfs.rpc.RpcCredential;
import org.cairnfs.server.nfs.state.SequenceReply;
import org.cairnfs.server.nfs.state.SlotTurn;

/**
 * By what a request is known again if it is resent after a restart of the server: makes the {@link Origin}s of its
 * non-idempotent operations.
 *
 * <p>In 4.1 the client is its owner string, and the slot with its sequence says which request may be unanswered. The resend
 * comes in a new session with new numbers, so only the arguments, with the user, are compared. In 4.0 the resend is the same RPC
 * message, so its transaction id is compared with the arguments, which leaves no room for a mistake; clients count
 * it up, so at least the last {@value #KNOWN_XIDS} requests are known.
 *
 * @param client hash of the client's name
 * @param slot session and slot, or a slot for the transaction id
 * @param sequence of the slot, or the transaction id
 * @param salt goes into the hash of the arguments
 */
public record Requester(long client, long slot, long sequence, long salt) {
    private static final int KNOWN_XIDS = 1024;

    /** Of a request in a session, by one of the client's users: what another one asks for is another request. */
    static Requester ofSession(SlotTurn turn, RpcCall call) {
        SequenceReply at = turn.sequence();
        return new Requester(
                turn.client().originKey(),
                at.session().number() + at.slot(),
                Integer.toUnsignedLong(at.sequence()),
                putUser(Hashing.sha256().newHasher(), call).hash().asLong());
    }

    /** Of a request without a session, by the address that it came from, without its port, and its credential. */
    static Requester ofCall(RpcCall call) {
        Hasher hasher = putUser(
                Hashing.sha256()
                        .newHasher()
                        .putBytes(call.connection().remoteAddress().getAddress().getAddress()),
                call);
        long xid = Integer.toUnsignedLong(call.xid());
        return new Requester(hasher.hash().asLong(), slotOf(call.xid()), xid, xid);
    }

    /**
     * A slot that is another for each of the next {@value #KNOWN_XIDS} ids. Clients count in the byte order of their processors
     * (Linux on x86 with the first byte as the lowest), so both orders make the slot.
     */
    static long slotOf(int xid) {
        long last = Integer.toUnsignedLong(xid) % KNOWN_XIDS;
        long first = Integer.toUnsignedLong(Integer.reverseBytes(xid)) % KNOWN_XIDS;
        return first * KNOWN_XIDS + last;
    }

    private static Hasher putUser(Hasher hasher, RpcCall call) {
        if (call.credential() instanceof RpcCredential.AuthSys sys) {
            Credentials ids = sys.ids();
            hasher.putInt(ids.uid()).putInt(ids.gid());
        } else if (call.credential() instanceof RpcCredential.Gss gss) {
            hasher.putUnencodedChars(gss.principal());
        }
        return hasher;
    }

    /** The origin of one operation of this request. */
    Origin origin(OpCode operation, FileHandle current, FileHandle saved, ByteBuffer arguments) {
        Hasher hasher = Hashing.sha256().newHasher().putLong(salt).putInt(operation.number());
        hasher.putBytes(current.toBytes());
        if (saved != null) {
            hasher.putBytes(saved.toBytes());
        }
        return new Origin(
                client,
                slot,
                sequence,
                hasher.putBytes(arguments.duplicate()).hash().asLong());
    }
}
