package org.cairnfs.server.nfs.state;

/**
 * SEQUENCE (RFC 8881 section 18.46) and what of its COMPOUND the reply cache has to know.
 *
 * @param session sa_sessionid
 * @param sequence sa_sequenceid
 * @param slot sa_slotid, 0 to 2^32 - 1
 * @param highestSlot sa_highest_slotid, 0 to 2^32 - 1
 * @param cacheThis sa_cachethis
 * @param connection what the request came in on
 * @param requestBytes length of the request with RPC headers
 * @param operations operations in the COMPOUND, SEQUENCE included
 * @param fingerprint hash of credentials and COMPOUND arguments: a replay with another one is SEQ_FALSE_RETRY
 */
public record SequenceRequest(
        SessionId session,
        int sequence,
        long slot,
        long highestSlot,
        boolean cacheThis,
        Connection connection,
        long requestBytes,
        int operations,
        long fingerprint) {}
