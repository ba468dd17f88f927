package org.cairnfs.server.config;

/** Whose word on the groups of a user counts, where the client only says who the user is (AUTH_SYS); named as by rpc.mountd(8). */
public enum ManageGids {
    /** The client's, which can tell of sixteen. */
    OFF,
    /** This host's. */
    ON
}
