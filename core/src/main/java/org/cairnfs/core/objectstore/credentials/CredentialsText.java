package org.cairnfs.core.objectstore.credentials;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;
import org.cairnfs.core.objectstore.StorageUrl;

/**
 * Credentials as people write them, in sections:
 *
 * <pre>
 * [name]
 * storage-url = s3://bucket
 * login = ...
 * password = ...
 * </pre>
 *
 * <p>Each section whose {@code storage-url} is the beginning of the URL (up to the end of one of its parts), or that has
 * none, applies; of what several say, the last is taken. {@code token} is for temporary logins, and {@code expires} says when
 * they end (ISO 8601, with an offset); {@code key-file} is for the JSON file of a Google service account. Lines that begin with #
 * are comments. What precedes the first section is a section, too.
 *
 * <p>What begins with a brace is the JSON that programs print for the {@code credential_process} of Amazon's tools: {@code
 * AccessKeyId}, {@code SecretAccessKey}, and where the login is temporary {@code SessionToken} and {@code Expiration}.
 */
final class CredentialsText {
    /** Far more than anyone has. */
    static final int MAX_BYTES = 65_536;

    private enum Key {
        STORAGE_URL,
        LOGIN,
        PASSWORD,
        TOKEN,
        EXPIRES,
        KEY_FILE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Optional<Key> of(String name) {
            return List.of(values()).stream()
                    .filter(key -> key.toString().equals(name))
                    .findFirst();
        }
    }

    private final String source;
    private final String place;
    private final Map<Key, String> found = new EnumMap<>(Key.class);

    private CredentialsText(String source, String place) {
        this.source = source;
        this.place = place;
    }

    /**
     * Finds what a text says for a URL.
     *
     * @param source of the text, for messages
     */
    static StoreCredentials parse(String source, String text, StorageUrl url) throws ObjectStoreException {
        if (text.stripLeading().startsWith("{")) {
            return ofAmazon(source, text);
        }
        CredentialsText parser = new CredentialsText(source, url.place());
        Map<Key, String> section = new EnumMap<>(Key.class);
        int number = 0;
        for (String raw : text.split("\n", -1)) {
            number++;
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("[") && line.endsWith("]")) {
                parser.take(section);
                section.clear();
            } else {
                parser.entry(section, line, number);
            }
        }
        parser.take(section);
        return parser.credentials();
    }

    private void entry(Map<Key, String> section, String line, int number) throws ObjectStoreException {
        int equals = line.indexOf('=');
        String name = equals < 0 ? "" : line.substring(0, equals).strip();
        Key key = Key.of(name)
                .orElseThrow(() -> wrong(source + ":" + number + ": want [NAME], or one of " + List.of(Key.values())
                        + " with = and a value"));
        if (section.put(key, line.substring(equals + 1).strip()) != null) {
            throw wrong(source + ":" + number + ": " + key + " is said twice in one section");
        }
    }

    private void take(Map<Key, String> section) {
        String prefix = section.getOrDefault(Key.STORAGE_URL, "");
        boolean applies = place.startsWith(prefix)
                && (prefix.isEmpty()
                        || prefix.endsWith("/")
                        || place.length() == prefix.length()
                        || place.charAt(prefix.length()) == '/');
        if (applies) {
            found.putAll(section);
        }
    }

    private StoreCredentials credentials() throws ObjectStoreException {
        if (found.containsKey(Key.KEY_FILE)) {
            return ofGoogle(Path.of(found.get(Key.KEY_FILE)));
        }
        if (!found.containsKey(Key.PASSWORD)) {
            throw wrong(source + " has no password for " + place);
        }
        return make(
                source,
                found.getOrDefault(Key.LOGIN, ""),
                found.get(Key.PASSWORD),
                Optional.ofNullable(found.get(Key.TOKEN)),
                instant(source, found.getOrDefault(Key.EXPIRES, "")));
    }

    private static StoreCredentials ofAmazon(String source, String text) throws ObjectStoreException {
        JsonNode json;
        try {
            json = new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new ObjectStoreException(
                    Kind.CREDENTIALS, source + " begins as JSON and is none", withoutContents(e));
        }
        if (!json.path("SecretAccessKey").isTextual()) {
            throw wrong(source + " is JSON without AccessKeyId and SecretAccessKey");
        }
        return make(
                source,
                json.path("AccessKeyId").asText(),
                json.path("SecretAccessKey").asText(),
                Optional.of(json.path("SessionToken").asText()).filter(token -> !token.isEmpty()),
                instant(source, json.path("Expiration").asText()));
    }

    /** @param time empty for none */
    private static Optional<Instant> instant(String source, String time) throws ObjectStoreException {
        try {
            return time.isEmpty()
                    ? Optional.empty()
                    : Optional.of(OffsetDateTime.parse(time).toInstant());
        } catch (DateTimeException e) {
            throw new ObjectStoreException(
                    Kind.CREDENTIALS,
                    source + ": the time of expiry is not as 2026-12-31T12:00:00Z",
                    withoutContents(e));
        }
    }

    /** Reads the key file of a service account of Google's: JSON with {@code client_email} and {@code private_key}. */
    static StoreCredentials ofGoogle(Path file) throws ObjectStoreException {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw wrong(file + " is too long to be a key file");
            }
            JsonNode key = new ObjectMapper().readTree(Files.readAllBytes(file));
            return make(
                    file.toString(),
                    key.path("client_email").asText(),
                    key.path("private_key").asText(),
                    Optional.empty(),
                    Optional.empty());
        } catch (ObjectStoreException e) {
            throw e;
        } catch (IOException e) {
            throw new ObjectStoreException(
                    Kind.CREDENTIALS, "the key file " + file + " cannot be read or is no JSON", withoutContents(e));
        }
    }

    /** Parsers quote what they do not understand, which may be a secret. */
    private static IOException withoutContents(Exception failure) {
        return new IOException(failure.getClass().getSimpleName());
    }

    static StoreCredentials make(
            String source, String login, String password, Optional<String> token, Optional<Instant> expires)
            throws ObjectStoreException {
        try {
            return new StoreCredentials(login, password, token, expires);
        } catch (IllegalArgumentException e) {
            throw new ObjectStoreException(Kind.CREDENTIALS, source + ": " + e.getMessage(), e);
        }
    }

    static ObjectStoreException wrong(String message) {
        return new ObjectStoreException(Kind.CREDENTIALS, message);
    }
}
