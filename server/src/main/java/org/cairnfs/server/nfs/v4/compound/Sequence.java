package org.cairnfs.server.nfs.v4.compound;

import org.cairnfs.server.nfs.state.SequenceReply;
import org.cairnfs.server.nfs.state.SessionId;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * The arguments of SEQUENCE (RFC 8881 section 18.46), which stands first in every COMPOUND of a session.
 *
 * @param slot unsigned 32 bits
 * @param highestSlot unsigned 32 bits
 */
record Sequence(SessionId session, int sequence, long slot, long highestSlot, boolean cacheThis) {
    /** Operation, status, and the body. */
    static final int RESULT_BYTES = 8 + 16 + 5 * Integer.BYTES;

    static Sequence decode(XdrReader in) throws XdrException {
        return new Sequence(
                Wire.readSessionId(in), in.readInt(), in.readUnsignedInt(), in.readUnsignedInt(), in.readBoolean());
    }

    static void encodeResult(XdrWriter out, SequenceReply reply) throws XdrException {
        Wire.writeSessionId(out, reply.session());
        out.writeInt(reply.sequence());
        out.writeUnsignedInt(reply.slot());
        out.writeUnsignedInt(reply.highestSlot());
        out.writeUnsignedInt(reply.targetHighestSlot());
        out.writeInt(reply.statusFlags());
    }
}
