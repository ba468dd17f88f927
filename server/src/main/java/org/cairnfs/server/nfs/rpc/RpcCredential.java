package org.cairnfs.server.nfs.rpc;

import java.util.Optional;
import org.cairnfs.core.fs.Credentials;

/** Who makes a call, by the flavour of authentication (RFC 5531 section 8). Immutable. */
public sealed interface RpcCredential {
    /** Nobody in particular (AUTH_NONE). */
    RpcCredential NONE = new None();

    /** AUTH_NONE: no identity. */
    record None() implements RpcCredential {}

    /**
     * AUTH_SYS (RFC 5531 appendix A): what the client's kernel claims, unproved.
     *
     * @param machineName the caller's machine, of at most {@value #MAX_MACHINE_NAME_BYTES} bytes; not to be trusted
     * @param ids user, group, and at most {@value #MAX_GROUPS} supplementary groups
     */
    record AuthSys(String machineName, Credentials ids) implements RpcCredential {
        public static final int MAX_MACHINE_NAME_BYTES = 255;
        public static final int MAX_GROUPS = 16;
    }

    /**
     * RPCSEC_GSS (RFC 2203): who has proved it to be so, by Kerberos.
     *
     * @param principal {@code user@REALM} or {@code service/host@REALM}
     * @param service what was done for this call beyond that
     * @param ids who that is on this server, all supplementary groups included; empty for somebody who is not known here
     */
    record Gss(String principal, Service service, Optional<Credentials> ids) implements RpcCredential {
        /** How much of a call is protected (rpc_gss_service_t, RFC 2203 section 5.3.1); in the order of its numbers, from 1 on. */
        public enum Service {
            /** The header, and so the caller. */
            NONE,
            /** The arguments and results cannot be changed. */
            INTEGRITY,
            /** They cannot be read either. */
            PRIVACY
        }
    }
}
