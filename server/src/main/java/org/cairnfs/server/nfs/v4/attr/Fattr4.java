package org.cairnfs.server.nfs.v4.attr;

import java.nio.ByteBuffer;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/**
 * Attributes as a client sent them, their values not looked at yet (fattr4, RFC 8881 section 3.3.8).
 *
 * @param mask which
 * @param values attrlist4, in the record that they came in
 */
public record Fattr4(Bitmap4 mask, ByteBuffer values) {
    /** No client has reason to send more: all values that can be set or compared, with an owner's and a group's names. */
    private static final int MAX_BYTES = 8192;

    public static Fattr4 decode(XdrReader in) throws XdrException {
        return new Fattr4(Bitmap4.decode(in), in.readOpaqueSlice(MAX_BYTES));
    }
}
