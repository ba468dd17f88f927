package org.cairnfs.server.nfs.v4.op;

import java.util.HexFormat;
import java.util.List;
import org.cairnfs.server.exports.SecurityFlavor;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** SECINFO4resok (RFC 8881 section 18.29.2), which SECINFO and SECINFO_NO_NAME have in common. */
final class SecInfoResult {
    private static final int AUTH_SYS = 1;
    private static final int RPCSEC_GSS = 6;

    /** Kerberos V5, 1.2.840.113554.1.2.2 (RFC 4121 section 1), by the contents of its DER encoding. */
    private static final byte[] KERBEROS = HexFormat.of().parseHex("2a864886f712010202");

    private static final int DEFAULT_QOP = 0;

    private SecInfoResult() {}

    static void write(XdrWriter result, List<SecurityFlavor> flavors) throws XdrException {
        result.writeInt(flavors.size());
        for (SecurityFlavor flavor : flavors) {
            switch (flavor) {
                case SYS -> result.writeInt(AUTH_SYS);
                case KRB5 -> writeKerberos(result, 1);
                case KRB5I -> writeKerberos(result, 2);
                case KRB5P -> writeKerberos(result, 3);
            }
        }
    }

    /** @param service rpc_gss_svc_t */
    private static void writeKerberos(XdrWriter result, int service) throws XdrException {
        result.writeInt(RPCSEC_GSS).writeOpaque(KERBEROS).writeInt(DEFAULT_QOP).writeInt(service);
    }
}
