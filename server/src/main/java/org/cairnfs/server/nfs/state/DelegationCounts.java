package org.cairnfs.server.nfs.state;

/**
 * What became of delegations.
 *
 * @param held given, and neither returned nor revoked yet
 * @param granted since the start, reclaimed ones included
 * @param recalled of them, since the start: somebody wanted to change the file
 * @param revoked of those, since the start: the client did not return it within its lease
 */
public record DelegationCounts(int held, long granted, long recalled, long revoked) {}
