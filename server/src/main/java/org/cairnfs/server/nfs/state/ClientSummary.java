package org.cairnfs.server.nfs.state;

import org.cairnfs.core.fs.Bytes;

/**
 * A confirmed client, for people.
 *
 * @param minorVersion of NFSv4
 * @param owner the string that it names itself by
 * @param leaseMillis left of its lease, 0 if it lapsed
 * @param opens open states that it holds
 * @param locks lock states that it holds
 * @param delegations that it holds
 */
public record ClientSummary(int minorVersion, Bytes owner, long leaseMillis, int opens, int locks, int delegations) {}
