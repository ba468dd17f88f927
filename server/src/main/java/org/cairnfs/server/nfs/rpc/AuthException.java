package org.cairnfs.server.nfs.rpc;

/** A credential or verifier that is not accepted; answered with AUTH_ERROR (RFC 5531 section 9). */
public final class AuthException extends Exception {
    private static final long serialVersionUID = 1L;

    private final AuthStat status;

    public AuthException(AuthStat status, String message) {
        super(message);
        this.status = status;
    }

    public AuthStat status() {
        return status;
    }
}
