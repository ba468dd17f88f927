package org.cairnfs.server.nfs.state;

/**
 * An open that was granted.
 *
 * @param stateid of the open
 * @param confirm whether a 4.0 client has to OPEN_CONFIRM (OPEN4_RESULT_CONFIRM)
 * @param newModes whether it added access or deny bits to what the owner had: for {@link FileStates#undo}
 */
public record OpenGrant(Stateid stateid, boolean confirm, boolean newModes) {}
