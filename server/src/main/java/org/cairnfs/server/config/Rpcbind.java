package org.cairnfs.server.config;

/** What a server has to do with the rpcbind of its host. */
public enum Rpcbind {
    /** Nothing. */
    OFF,
    /** It registers what it serves, for as long as it runs. */
    REGISTER
}
