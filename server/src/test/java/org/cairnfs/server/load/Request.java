package org.cairnfs.server.load;

import java.nio.ByteBuffer;
import java.util.List;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * The operations of a COMPOUND, without its SEQUENCE.
 *
 * @param data an opaque that ends the last of them, by reference; null for none
 */
record Request(List<Op> operations, ByteBuffer data) {
    static Request of(Op... operations) {
        return new Request(List.of(operations), null);
    }

    static Request withData(ByteBuffer data, Op... operations) {
        return new Request(List.of(operations), data);
    }

    void write(XdrWriter out) throws XdrException {
        for (Op operation : operations) {
            out.writeInt(operation.number());
            out.writeFixedOpaque(operation.arguments());
        }
        if (data != null) {
            out.writeOpaqueReference(data);
        }
    }
}
