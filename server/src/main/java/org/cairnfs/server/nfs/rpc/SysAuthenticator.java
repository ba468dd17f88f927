package org.cairnfs.server.nfs.rpc;

import com.google.common.primitives.ImmutableIntArray;
import java.nio.charset.StandardCharsets;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/** AUTH_NONE and AUTH_SYS (RFC 5531 section 10.1 and appendix A): takes what the client says as it is. Stateless. */
final class SysAuthenticator implements RpcAuthenticator {
    @Override
    public Outcome authenticate(CallHeader header, XdrReader record, RpcConnection connection) throws AuthException {
        OpaqueAuth verifier = header.verifier();
        if (verifier.flavor() != OpaqueAuth.AUTH_NONE || verifier.body().hasRemaining()) {
            throw new AuthException(AuthStat.AUTH_BADVERF, "verifier of flavour " + verifier.flavor());
        }
        return new Authenticated(credential(header.credential()), record, ReplyProtection.NONE);
    }

    private static RpcCredential credential(OpaqueAuth credential) throws AuthException {
        if (credential.flavor() == OpaqueAuth.AUTH_NONE) {
            return RpcCredential.NONE;
        }
        try {
            return readSys(new XdrReader(credential.body()));
        } catch (XdrException e) {
            throw new AuthException(AuthStat.AUTH_BADCRED, "AUTH_SYS: " + e.getMessage());
        }
    }

    private static RpcCredential.AuthSys readSys(XdrReader in) throws XdrException {
        in.readInt(); // The stamp, an arbitrary number.
        byte[] machineName = in.readString(RpcCredential.AuthSys.MAX_MACHINE_NAME_BYTES);
        int uid = in.readInt();
        int gid = in.readInt();
        int[] groups = in.readInts(RpcCredential.AuthSys.MAX_GROUPS);
        if (in.remaining() > 0) {
            throw new XdrException(in.remaining() + " bytes too many");
        }
        return new RpcCredential.AuthSys(
                new String(machineName, StandardCharsets.UTF_8),
                new Credentials(uid, gid, ImmutableIntArray.copyOf(groups)));
    }
}
