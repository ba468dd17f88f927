package org.cairnfs.server.config;

/** What a server promises of an operation that it answered as stable. */
public enum Durability {
    /** It is on the disk of the server (in the journal, synced): survives power loss. */
    LOCAL,
    /** COMMIT and fsync: it is in the object store, data and metadata; survives the loss of the server. All else as LOCAL. */
    REMOTE
}
