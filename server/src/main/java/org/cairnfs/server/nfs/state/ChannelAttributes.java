package org.cairnfs.server.nfs.state;

/**
 * What a channel of a session can carry: channel_attrs4 of RFC 8881 section 18.36, all unsigned 32-bit.
 *
 * @param headerPad padding of WRITE requests in bytes; always 0 from this server
 * @param maxRequest longest request in bytes, with RPC headers
 * @param maxResponse longest reply in bytes, with RPC headers
 * @param maxResponseCached longest reply that the reply cache keeps, in bytes
 * @param maxOperations most operations in a COMPOUND
 * @param maxRequests slots
 */
public record ChannelAttributes(
        long headerPad,
        long maxRequest,
        long maxResponse,
        long maxResponseCached,
        long maxOperations,
        long maxRequests) {
    /** The same with another number of slots. */
    ChannelAttributes withMaxRequests(long slots) {
        return new ChannelAttributes(headerPad, maxRequest, maxResponse, maxResponseCached, maxOperations, slots);
    }
}
