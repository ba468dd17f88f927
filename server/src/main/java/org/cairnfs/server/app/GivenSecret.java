package org.cairnfs.server.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.crypto.RecoveryKey;
import org.cairnfs.core.crypto.Secret;
import org.cairnfs.core.crypto.WrongSecretException;

/** What a person gave to open a file system with: a passphrase or, when that opens nothing and looks like one, a printed recovery key. */
final class GivenSecret {
    private GivenSecret() {}

    /** Opens something with a secret, which is its own if it succeeds. */
    @FunctionalInterface
    interface Opener<T> {
        T open(Secret secret) throws IOException;
    }

    /**
     * Tries it as a passphrase, then as a recovery key.
     *
     * @param given not closed
     * @throws WrongSecretException if it is neither
     */
    static <T> T open(Passphrase given, Opener<T> opener) throws IOException {
        try {
            return openOrWipe(given.copy(), opener);
        } catch (WrongSecretException e) {
            byte[] text = given.copyBytes();
            try {
                return openOrWipe(RecoveryKey.parse(new String(text, StandardCharsets.UTF_8)), opener);
            } catch (IllegalArgumentException notOne) {
                throw e;
            } finally {
                Arrays.fill(text, (byte) 0);
            }
        }
    }

    private static <T> T openOrWipe(Secret secret, Opener<T> opener) throws IOException {
        boolean opened = false;
        try {
            T result = opener.open(secret);
            opened = true;
            return result;
        } finally {
            if (!opened) {
                secret.close();
            }
        }
    }
}
