package org.cairnfs.server.nfs.xdr;

/**
 * Data that is not valid XDR for what was expected, or that would exceed a bound.
 *
 * <p>Thrown by {@link XdrReader} for what a peer sent (truncated, over a limit, a boolean that is neither 0 nor 1,
 * padding that is not zero), and by {@link XdrWriter} when its limit would be passed.
 */
public final class XdrException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message what was wrong, with the figures; goes to logs, so it holds no data of the peer */
    public XdrException(String message) {
        super(message);
    }
}
