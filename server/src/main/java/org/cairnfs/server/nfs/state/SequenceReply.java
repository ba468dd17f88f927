package org.cairnfs.server.nfs.state;

/**
 * What SEQUENCE answers with OK.
 *
 * @param session sr_sessionid
 * @param sequence sr_sequenceid
 * @param slot sr_slotid
 * @param highestSlot sr_highest_slotid
 * @param targetHighestSlot sr_target_highest_slotid
 * @param statusFlags sr_status_flags
 */
public record SequenceReply(
        SessionId session, int sequence, long slot, long highestSlot, long targetHighestSlot, int statusFlags) {}
