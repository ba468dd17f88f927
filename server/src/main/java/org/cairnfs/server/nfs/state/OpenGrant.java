package org.cairnfs.server.nfs.state;

/**
 * An open that was granted.
 *
 * @param stateid of the open
 * @param confirm whether a 4.0 client has to OPEN_CONFIRM (OPEN4_RESULT_CONFIRM)
 * @param undo what {@link FileStates#undo} needs
 */
public record OpenGrant(Stateid stateid, boolean confirm, Undo undo) {
    /**
     * What the open state was before.
     *
     * @param access access bits, 0 if it was not there
     * @param deny deny bits
     */
    public record Undo(int access, int deny) {}
}
