package org.cairnfs.core.journal;

/** A record that was known to be on the disk is damaged: told to a person with segment and position, never skipped. */
public class JournalCorruptException extends Exception {
    private static final long serialVersionUID = 1L;

    public JournalCorruptException(String message) {
        super(message);
    }
}
