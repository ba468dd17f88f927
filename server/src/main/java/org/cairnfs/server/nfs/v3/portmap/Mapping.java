package org.cairnfs.server.nfs.v3.portmap;

/**
 * That a version of a program is served at a port (mapping, RFC 1833 section 3.1).
 *
 * @param protocol of IP: {@link #TCP} or {@link #UDP}
 */
public record Mapping(int program, int version, int protocol, int port) {
    public static final int TCP = 6;
    public static final int UDP = 17;

    /** The network id of rpcbind (RFC 5665 section 5.1), of IP version 4. */
    String netId() {
        return protocol == UDP ? "udp" : "tcp";
    }

    /** Whether a network id means this protocol, over either version of IP. */
    boolean isOf(String netId) {
        return netId.equals(netId()) || netId.equals(netId() + "6");
    }
}
