package org.cairnfs.server.nfs.v4.callback;

import org.cairnfs.server.nfs.state.Callbacks;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** CB_COMPOUND with CB_RECALL on the wire, and what is answered. */
final class CallbackCodec {
    private static final int CB_RECALL = 4;
    private static final int CB_SEQUENCE = 11;
    private static final int MAX_BYTES = 512;
    private static final int MAX_TAG_BYTES = 1024;
    private static final int MAX_RESULTS = 2;

    private CallbackCodec() {}

    /** What writes arguments; they stay within {@link #MAX_BYTES}. */
    private interface Encoder {
        void encode(XdrWriter out) throws XdrException;
    }

    static XdrWriter recall40(int ident, Callbacks.Recall recall) {
        return encoded(out -> {
            out.writeUtf8("").writeInt(0).writeInt(ident).writeInt(1);
            encode(out, recall);
        });
    }

    /** From 4.1 on callback_ident means nothing, and CB_SEQUENCE goes first (RFC 8881 section 20.9). */
    static XdrWriter recallInSession(Callbacks.BackCall call, Callbacks.Recall recall) {
        return encoded(out -> {
            out.writeUtf8("").writeInt(call.minorVersion()).writeInt(0).writeInt(2);
            out.writeInt(CB_SEQUENCE);
            Wire.writeSessionId(out, call.session());
            out.writeInt(call.sequence()).writeInt(call.slot()).writeInt(call.highestSlot());
            out.writeBoolean(false).writeInt(0);
            encode(out, recall);
        });
    }

    private static void encode(XdrWriter out, Callbacks.Recall recall) throws XdrException {
        out.writeInt(CB_RECALL);
        Wire.writeStateid(out, recall.stateid());
        out.writeBoolean(false);
        out.writeOpaque(recall.handle().toArray());
    }

    private static XdrWriter encoded(Encoder encoder) {
        XdrWriter out = new XdrWriter(MAX_BYTES);
        try {
            encoder.encode(out);
            return out;
        } catch (XdrException e) {
            throw new IllegalStateException("a recall fits into " + MAX_BYTES + " bytes", e);
        }
    }

    /** How CB_RECALL ended for a 4.0 client. */
    static NfsStatus status40(XdrReader in) throws XdrException {
        NfsStatus status = readStatus(in);
        in.skipOpaque(MAX_TAG_BYTES);
        if (in.readCount(MAX_RESULTS, 2 * Integer.BYTES) == 0) {
            return failed(status);
        }
        in.readInt();
        return readStatus(in);
    }

    /** How CB_SEQUENCE and CB_RECALL ended. */
    static Callbacks.Answer answer(XdrReader in) throws XdrException {
        NfsStatus status = readStatus(in);
        in.skipOpaque(MAX_TAG_BYTES);
        int results = in.readCount(MAX_RESULTS, 2 * Integer.BYTES);
        if (results == 0) {
            return new Callbacks.Answer(failed(status), status);
        }
        in.readInt();
        NfsStatus sequence = readStatus(in);
        if (sequence != NfsStatus.OK) {
            return new Callbacks.Answer(sequence, sequence);
        }
        Wire.readSessionId(in);
        // The sequence, slot and highest slots say what the request said.
        for (int i = 0; i < 4; i++) {
            in.readInt();
        }
        if (results == 1) {
            return new Callbacks.Answer(NfsStatus.OK, failed(status));
        }
        in.readInt();
        return new Callbacks.Answer(NfsStatus.OK, readStatus(in));
    }

    /** OK without a result cannot be. */
    private static NfsStatus failed(NfsStatus status) throws XdrException {
        if (status == NfsStatus.OK) {
            throw new XdrException("OK, but a result is missing");
        }
        return status;
    }

    private static NfsStatus readStatus(XdrReader in) throws XdrException {
        int code = in.readInt();
        return NfsStatus.ofCode(code).orElseThrow(() -> new XdrException("nfsstat4 is " + code));
    }
}
