package org.cairnfs.server.nfs.rpc;

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
}
