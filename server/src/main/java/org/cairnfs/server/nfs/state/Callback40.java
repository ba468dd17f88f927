package org.cairnfs.server.nfs.state;

/**
 * Where a 4.0 client wants callbacks: cb_client4 of RFC 7530 with the callback_ident.
 *
 * @param program RPC program number
 * @param netid {@code tcp} or {@code tcp6}; at most 64 characters
 * @param address universal address; at most 256 characters
 * @param ident callback_ident
 */
public record Callback40(int program, String netid, String address, int ident) {}
