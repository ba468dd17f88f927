package org.cairnfs.server.nfs.rpc;

import java.nio.ByteBuffer;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/**
 * A credential or verifier as it is on the wire (opaque_auth, RFC 5531 section 8.2).
 *
 * @param flavor the flavour of authentication
 * @param body a read-only slice of the record, of at most {@value #MAX_BODY_BYTES} bytes
 */
public record OpaqueAuth(int flavor, ByteBuffer body) {
    public static final int MAX_BODY_BYTES = 400;

    public static final int AUTH_NONE = 0;
    public static final int AUTH_SYS = 1;
    public static final int RPCSEC_GSS = 6;
    public static final int AUTH_TLS = 7;

    static OpaqueAuth read(XdrReader in) throws XdrException {
        return new OpaqueAuth(in.readInt(), in.readOpaqueSlice(MAX_BODY_BYTES));
    }

    /** Whether it is of a flavour, and says nothing more. */
    boolean isEmpty(int wanted) {
        return flavor == wanted && !body.hasRemaining();
    }
}
