package org.cairnfs.server.nfs.state;

/** What SETCLIENTID answers. */
public sealed interface SetClientIdResult {
    /** OK: the client id, and the verifier that SETCLIENTID_CONFIRM has to bring. */
    record Granted(long clientId, long confirm) implements SetClientIdResult {}

    /** CLID_INUSE: the owner is held by another principal; where its holder is. */
    record InUse(String netid, String address) implements SetClientIdResult {}
}
