package org.cairnfs.server.nfs.fuzz;

import java.nio.ByteBuffer;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** What a sane client answers to CB_NULL and CB_COMPOUND: that every operation is done. Stateless. */
final class CallbackAnswers {
    private static final int CALL = 0;
    private static final int CB_SEQUENCE = 11;
    private static final int CB_RECALL = 4;
    private static final int MAX_BYTES = 1024;
    private static final int SESSION_ID_BYTES = 16;

    private CallbackAnswers() {}

    /** Whether a message is a call, and no reply. */
    static boolean isCall(byte[] message) throws XdrException {
        XdrReader in = new XdrReader(ByteBuffer.wrap(message));
        in.readInt();
        return in.readInt() == CALL;
    }

    /** The whole reply to a call. */
    static byte[] to(byte[] call) throws XdrException {
        XdrReader in = new XdrReader(ByteBuffer.wrap(call));
        XdrWriter out = new XdrWriter(MAX_BYTES);
        out.writeInt(in.readInt())
                .writeInt(1)
                .writeInt(0)
                .writeInt(0)
                .writeInt(0)
                .writeInt(0);
        in.readFixedOpaque(4 * Integer.BYTES);
        int procedure = in.readInt();
        for (int i = 0; i < 2; i++) {
            in.readInt();
            in.skipOpaque(MAX_BYTES);
        }
        if (procedure == 1) {
            compound(in, out);
        }
        return out.toByteArray();
    }

    private static void compound(XdrReader in, XdrWriter out) throws XdrException {
        in.skipOpaque(MAX_BYTES);
        in.readHyper();
        int operations = in.readInt();
        out.writeInt(0).writeUtf8("").writeInt(operations);
        for (int i = 0; i < operations; i++) {
            int operation = in.readInt();
            out.writeInt(operation).writeInt(0);
            switch (operation) {
                case CB_SEQUENCE -> {
                    out.writeFixedOpaque(in.readFixedOpaque(SESSION_ID_BYTES));
                    int sequence = in.readInt();
                    int slot = in.readInt();
                    int highest = in.readInt();
                    out.writeInt(sequence).writeInt(slot).writeInt(highest).writeInt(highest);
                    in.readHyper();
                }
                case CB_RECALL -> {
                    in.readFixedOpaque(SESSION_ID_BYTES + Integer.BYTES);
                    in.skipOpaque(MAX_BYTES);
                }
                default -> throw new XdrException("callback operation " + operation);
            }
        }
    }
}
