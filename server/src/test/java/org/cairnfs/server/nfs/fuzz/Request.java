package org.cairnfs.server.nfs.fuzz;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.compound.NfsProgram;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.op.OperationTable;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * A request that a client has sent.
 *
 * @param message the RPC message, not to be changed
 * @param arguments where in it the arguments begin
 * @param operations where the operations of a COMPOUND begin, and where the last one ends; empty for anything else
 */
record Request(byte[] message, int arguments, List<Integer> operations) {
    private static final int LARGEST = 4 << 20;
    private static final int SEQUENCE_BYTES = 32;
    private static final int MAX_TAG_BYTES = 1024;
    private static final OperationTable TABLE = new OperationTable();

    /** A call of root, by AUTH_SYS. */
    static Request of(int xid, int program, int version, int procedure, byte[] arguments) {
        try {
            byte[] credential = new XdrWriter(400)
                    .writeInt(1)
                    .writeUtf8("fuzz")
                    .writeHyper(0)
                    .writeInts(0, 4, 24)
                    .toByteArray();
            XdrWriter out = new XdrWriter(LARGEST);
            out.writeInt(xid).writeInt(0).writeInt(2);
            out.writeInt(program).writeInt(version).writeInt(procedure);
            out.writeInt(1).writeOpaque(credential).writeInt(0).writeInt(0);
            int start = out.position();
            byte[] message = out.writeFixedOpaque(arguments).toByteArray();
            boolean isCompound = program == NfsProgram.PROGRAM && version == NfsProgram.VERSION && procedure == 1;
            return new Request(message, start, isCompound ? operations(message, start) : List.of());
        } catch (XdrException | NfsException e) {
            throw new IllegalArgumentException("the test's own client sends what cannot be decoded", e);
        }
    }

    private static List<Integer> operations(byte[] message, int start) throws XdrException, NfsException {
        XdrReader in = new XdrReader(
                ByteBuffer.wrap(message, start, message.length - start).slice());
        in.skipOpaque(MAX_TAG_BYTES);
        int minorVersion = in.readInt();
        int count = in.readInt();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            places.add(message.length - in.remaining());
            OpCode code = OpCode.of(in.readInt(), minorVersion).orElseThrow();
            if (code == OpCode.SEQUENCE) {
                in.readFixedOpaque(SEQUENCE_BYTES);
            } else {
                TABLE.decode(code, minorVersion, in);
            }
        }
        places.add(message.length - in.remaining());
        return places;
    }

    boolean isCompound() {
        return !operations.isEmpty();
    }

    /** Where a COMPOUND has its number of operations. */
    int countPlace() {
        return operations.get(0) - Integer.BYTES;
    }
}
