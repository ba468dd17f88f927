package org.cairnfs.server.nfs.rpc.gss;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.server.nfs.rpc.AuthException;
import org.cairnfs.server.nfs.rpc.AuthStat;
import org.cairnfs.server.nfs.rpc.RpcCredential.Gss.Service;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/**
 * The credential of an RPCSEC_GSS call (rpc_gss_cred_vers_1_t, RFC 2203 section 5.3.1), before anything in it is believed.
 *
 * @param sequence unsigned
 * @param service empty for one that is none
 * @param handle of the context, as the server has given it out; empty for a context that is to be made
 */
record GssCredential(Procedure procedure, long sequence, Optional<Service> service, Bytes handle) {
    private static final int VERSION = 1;

    /** More than any handle that is given out. */
    private static final int MAX_HANDLE_BYTES = 64;

    /** What the call is to do (rpc_gss_proc_t). */
    enum Procedure {
        DATA,
        INIT,
        CONTINUE_INIT,
        DESTROY
    }

    static GssCredential read(ByteBuffer body) throws AuthException {
        try {
            XdrReader in = new XdrReader(body);
            int version = in.readInt();
            if (version != VERSION) {
                throw new AuthException(AuthStat.AUTH_BADCRED, "RPCSEC_GSS version " + version);
            }
            Procedure procedure = switch (in.readInt()) {
                case 0 -> Procedure.DATA;
                case 1 -> Procedure.INIT;
                case 2 -> Procedure.CONTINUE_INIT;
                case 3 -> Procedure.DESTROY;
                default -> throw new AuthException(AuthStat.AUTH_BADCRED, "no such procedure of RPCSEC_GSS");
            };
            long sequence = in.readUnsignedInt();
            Optional<Service> service = switch (in.readInt()) {
                case 1 -> Optional.of(Service.NONE);
                case 2 -> Optional.of(Service.INTEGRITY);
                case 3 -> Optional.of(Service.PRIVACY);
                default -> Optional.empty();
            };
            Bytes handle = Bytes.ofTrusted(in.readOpaque(MAX_HANDLE_BYTES));
            if (in.remaining() > 0) {
                throw new AuthException(AuthStat.AUTH_BADCRED, in.remaining() + " bytes too many");
            }
            return new GssCredential(procedure, sequence, service, handle);
        } catch (XdrException e) {
            throw new AuthException(AuthStat.AUTH_BADCRED, "RPCSEC_GSS: " + e.getMessage());
        }
    }
}
