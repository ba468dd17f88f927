package org.cairnfs.server.nfs.rpc;

/** What a connection has proved and protects, whoever calls over it. */
public enum TransportSecurity {
    /** In the clear. */
    NONE,
    /** TLS (RFC 9289); the server has shown a certificate, the client none. */
    TLS,
    /** TLS; the client has shown a certificate that is trusted. */
    MUTUAL_TLS
}
