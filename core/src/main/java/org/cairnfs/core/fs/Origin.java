package org.cairnfs.core.fs;

/**
 * Who asked for a non-idempotent operation, so that a resend of it after a crash is answered from the journal and not
 * done twice (or refused with EEXIST or ENOENT).
 *
 * <p>Two requests are the same when {@code client} and {@code arguments} are equal; of one {@code client} and
 * {@code slot} only the newest {@code sequence} can still be unanswered, older ones are not matched. As a client may also ask for
 * the same anew, a request is answered from the journal only while its effect is the newest on the names that it changed, and if
 * it was not {@linkplain FileSystem#answered known to be answered}.
 *
 * @param client stable name of the client across its reconnection: hash of the NFSv4.1 client owner, or of address and
 *     credential flavour where the protocol has no owner
 * @param slot session and slot, or 0
 * @param sequence sequence of the slot, or the RPC xid
 * @param arguments hash of operation and arguments
 */
public record Origin(long client, long slot, long sequence, long arguments) {}
