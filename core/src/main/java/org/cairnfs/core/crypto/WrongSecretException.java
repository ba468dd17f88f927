package org.cairnfs.core.crypto;

import java.io.IOException;
import java.io.Serial;

/** No key slot opens with the passphrase or recovery key that was given. */
public final class WrongSecretException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    public WrongSecretException(String message) {
        super(message);
    }
}
