package org.cairnfs.server.nfs.state;

import org.cairnfs.core.fs.Credentials;

/**
 * How a client wants its callbacks authenticated: one of callback_sec_parms4 (RFC 8881 section 18.36.1) that this server can
 * do.
 *
 * @param flavor {@link #AUTH_NONE} or {@link #AUTH_SYS}
 * @param machineName of AUTH_SYS, at most 255 bytes
 * @param ids of AUTH_SYS
 */
public record CallbackCredential(int flavor, String machineName, Credentials ids) {
    public static final int AUTH_NONE = 0;
    public static final int AUTH_SYS = 1;

    /** Nobody in particular. */
    public static final CallbackCredential NONE = new CallbackCredential(AUTH_NONE, "", Credentials.ROOT);

    /** Of AUTH_SYS. */
    public static CallbackCredential sys(String machineName, Credentials ids) {
        return new CallbackCredential(AUTH_SYS, machineName, ids);
    }
}
