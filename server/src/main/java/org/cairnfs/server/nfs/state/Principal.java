package org.cairnfs.server.nfs.state;

/**
 * Who authenticated a request, as far as RPC can tell: RFC 7530 and RFC 8881 compare it where client records change hands.
 *
 * @param flavor RPC authentication flavour (1 is AUTH_SYS, 6 is RPCSEC_GSS)
 * @param name what the flavour proves or claims: the uid, or the GSS principal; at most {@value #MAX_NAME} characters
 */
public record Principal(int flavor, String name) {
    /** The longest name; what is longer is to be hashed. */
    public static final int MAX_NAME = 1024;

    public Principal {
        if (name.length() > MAX_NAME) {
            throw new IllegalArgumentException("a principal's name of " + name.length() + " characters");
        }
    }
}
