package org.cairnfs.core.bucket;

import java.io.IOException;
import java.io.Serial;

/** A bucket cannot be used as asked; nothing is damaged. The message is for a person. */
public final class BucketException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** What is in the way. */
    public enum Kind {
        /** There is no Cairn file system here. */
        NO_FILE_SYSTEM,
        /** There is one already, where one was to be made. */
        EXISTS,
        /** It needs a newer Cairn. */
        UNSUPPORTED,
        /** It is encrypted, and no secret was given. */
        SECRET_NEEDED,
        /** It is not encrypted, though a secret was given: someone may have put another in its place. */
        NOT_ENCRYPTED,
        /** Another server holds it. */
        HELD
    }

    private final Kind kind;

    public BucketException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
