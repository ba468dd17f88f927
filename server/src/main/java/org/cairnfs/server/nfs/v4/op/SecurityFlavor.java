package org.cairnfs.server.nfs.v4.op;

import com.google.common.primitives.ImmutableIntArray;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.server.nfs.state.CallbackCredential;
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
     * Reads the array of callback_sec_parms4 (section 18.36.1): what callbacks may be authenticated with.
     *
     * @return the first that this server can do, AUTH_NONE if the client says nothing; empty if there is only RPCSEC_GSS
     */
    static Optional<CallbackCredential> readCallbackCredential(XdrReader in) throws XdrException {
        int count = in.readCount(MAX_PARAMETERS, Integer.BYTES);
        List<CallbackCredential> usable = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int flavor = in.readInt();
            switch (flavor) {
                case AUTH_NONE -> usable.add(CallbackCredential.NONE);
                case AUTH_SYS -> {
                    in.readInt();
                    byte[] machine = in.readOpaque(MAX_MACHINE_NAME_BYTES);
                    int uid = in.readInt();
                    int gid = in.readInt();
                    ImmutableIntArray groups = ImmutableIntArray.copyOf(in.readInts(MAX_GROUPS));
                    usable.add(CallbackCredential.sys(
                            new String(machine, StandardCharsets.US_ASCII), new Credentials(uid, gid, groups)));
                }
                case RPCSEC_GSS -> {
                    in.readInt();
                    in.skipOpaque(MAX_HANDLE_BYTES);
                    in.skipOpaque(MAX_HANDLE_BYTES);
                }
                default -> throw new XdrException("flavor " + flavor + " of a callback");
            }
        }
        return count == 0
                ? Optional.of(CallbackCredential.NONE)
                : usable.stream().findFirst();
    }
}
