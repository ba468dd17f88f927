package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.server.nfs.state.Client;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;

/** The client of an operation that there is only in sessions. */
final class SessionClient {
    private SessionClient() {}

    static Client of(Compound compound) throws NfsException {
        return compound.session().orElseThrow(() -> new NfsException(NfsStatus.OP_NOT_IN_SESSION, "no session"));
    }
}
