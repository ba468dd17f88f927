package org.cairnfs.server.config;

/** What a server promises of an operation that it answered as stable. */
public enum Durability {
    /** It is on the disk of the server (in the journal, synced): survives power loss. */
    LOCAL,
    /** COMMIT and fsync also wait until data and metadata are in the object store: survives the loss of the server. */
    REMOTE
}
