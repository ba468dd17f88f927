package org.cairnfs.server.nfs.state;

import org.cairnfs.core.fs.Bytes;

/** A confirmed client, for as long as the caller's request lasts; later calls with one that is gone give its error. */
public interface Client {
    /** clientid4: the low 32 bits of the incarnation, then a number. */
    long id();

    /** 0 for SETCLIENTID's, 1 for EXCHANGE_ID's (4.1 and 4.2). */
    int minorVersion();

    /** The name that the client gave itself. */
    Bytes owner();

    /** A number that is the same for the same owner after a restart of server or client: {@link org.cairnfs.core.fs.Origin#client()}. */
    long originKey();
}
