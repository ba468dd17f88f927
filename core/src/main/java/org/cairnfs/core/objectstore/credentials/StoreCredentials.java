package org.cairnfs.core.objectstore.credentials;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What a store wants to know us by. Never printed.
 *
 * @param login the public half: access key id, user, account; may be empty
 * @param password the secret half: secret key, password, shared key or signature
 * @param token of a temporary login
 * @param expires when the store will not accept them any more, if that is known
 */
public record StoreCredentials(String login, String password, Optional<String> token, Optional<Instant> expires) {
    /** The longest part, in characters: a private key in PEM fits. */
    public static final int MAX_LENGTH = 16_384;

    /** Checks lengths. */
    public StoreCredentials {
        Objects.requireNonNull(login);
        Objects.requireNonNull(token);
        Objects.requireNonNull(expires);
        if (password.isEmpty()
                || password.length() > MAX_LENGTH
                || login.length() > MAX_LENGTH
                || token.orElse("").length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a part of the credentials is empty or too long");
        }
    }

    /** Without a token, for ever. */
    public static StoreCredentials of(String login, String password) {
        return new StoreCredentials(login, password, Optional.empty(), Optional.empty());
    }

    @Override
    public String toString() {
        return "StoreCredentials";
    }
}
