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
        SessionId session, int sequence, long slot, long highestSlot, long targetHighestSlot, int statusFlags) {
    /** SEQ4_STATUS_CB_PATH_DOWN: no session of the client has a back channel that works. */
    public static final int CB_PATH_DOWN = 0x0000_0001;

    /** SEQ4_STATUS_RECALLABLE_STATE_REVOKED: the client has delegations that were revoked, and has not freed them. */
    public static final int RECALLABLE_STATE_REVOKED = 0x0000_0040;

    /** SEQ4_STATUS_CB_PATH_DOWN_SESSION: this session has no back channel that works. */
    public static final int CB_PATH_DOWN_SESSION = 0x0000_0200;

    /** SEQ4_STATUS_BACKCHANNEL_FAULT: the client and the server do not agree on the back channel of this session. */
    public static final int BACKCHANNEL_FAULT = 0x0000_0400;
}
