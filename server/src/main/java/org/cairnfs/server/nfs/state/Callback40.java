package org.cairnfs.server.nfs.state;

/**
 * Where a 4.0 client wants callbacks: cb_client4 of RFC 7530 with the callback_ident.
 *
 * @param program RPC program number
 * @param netid {@code tcp} or {@code tcp6}; at most 64 characters
 * @param address universal address; at most 256 characters
 * @param ident callback_ident
 * @param isCallers whether the address is that which the request came from: no other is called, so that nobody has this server
 *     connect to a third party
 */
public record Callback40(int program, String netid, String address, int ident, boolean isCallers) {
    /** One that is not the caller's. */
    public Callback40(int program, String netid, String address, int ident) {
        this(program, netid, address, ident, false);
    }
}
