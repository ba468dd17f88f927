package org.cairnfs.server.nfs.state;

/**
 * The 16 bytes of a session's id, big-endian: its client id and a random number.
 *
 * @param clientId the client
 * @param number random, so that nobody sends requests in another's session by counting
 */
public record SessionId(long clientId, long number) {}
