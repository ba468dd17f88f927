package org.cairnfs.server.nfs.state;

/**
 * A connection that requests come in on, by identity. The RPC layer implements it, and says
 * {@link NfsState#connectionClosed} when it ends.
 */
public interface Connection {}
