package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/** Flavours of RPC authentication on the wire (RFC 5531 section 8.2), as SECINFO and CREATE_SESSION name them. */
final class SecurityFlavor {
    static final int AUTH_NONE = 0;
    static final int AUTH_SYS = 1;
    static final int RPCSEC_GSS = 6;

    private static final int MAX_MACHINE_NAME_BYTES = 255;
    private static final int MAX_GROUPS = 16;
    private static final int MAX_HANDLE_BYTES = 1024;
    private static final int MAX_PARAMETERS = 16;

    private SecurityFlavor() {}

    /**
     * Reads past the array of callback_sec_parms4 (section 18.36.1): what callbacks may be authenticated with. Callbacks are sent with
     * AUTH_NONE, which every client takes in the sessions that it makes.
     */
    static void skipCallbackParameters(XdrReader in) throws XdrException {
        int count = in.readCount(MAX_PARAMETERS, Integer.BYTES);
        for (int i = 0; i < count; i++) {
            int flavor = in.readInt();
            switch (flavor) {
                case AUTH_NONE -> {}
                case AUTH_SYS -> {
                    in.readInt();
                    in.skipOpaque(MAX_MACHINE_NAME_BYTES);
                    in.readInt();
                    in.readInt();
                    in.readInts(MAX_GROUPS);
                }
                case RPCSEC_GSS -> {
                    in.readInt();
                    in.skipOpaque(MAX_HANDLE_BYTES);
                    in.skipOpaque(MAX_HANDLE_BYTES);
                }
                default -> throw new XdrException("flavor " + flavor + " of a callback");
            }
        }
    }
}
