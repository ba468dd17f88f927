package org.cairnfs.core.record;

/** Bytes that are no record (or row) of a version that this program knows; the message says what was found. */
public final class RecordFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    public RecordFormatException(String message) {
        super(message);
    }

    public RecordFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
