package org.cairnfs.core.bucket;

import java.security.SecureRandom;
import java.util.Arrays;
import org.cairnfs.core.bytes.FieldReader;
import org.cairnfs.core.bytes.FieldWriter;
import org.cairnfs.core.bytes.MalformedException;

/**
 * The secrets of a file system that survive every rotation of its master key: with another chunk-id key or gear key nothing
 * would be found equal to what is there. All are zeros without encryption. Never printed; overwritten when closed.
 */
final class FormatSecrets implements AutoCloseable {
    private static final int KEY_LENGTH = 32;

    private final byte[] chunkIdKey;
    private final byte[] gearKey;
    private final byte[] linkKey;

    private FormatSecrets(byte[] chunkIdKey, byte[] gearKey, byte[] linkKey) {
        this.chunkIdKey = chunkIdKey;
        this.gearKey = gearKey;
        this.linkKey = linkKey;
    }

    static FormatSecrets random(SecureRandom random) {
        FormatSecrets secrets = none();
        random.nextBytes(secrets.chunkIdKey);
        random.nextBytes(secrets.gearKey);
        random.nextBytes(secrets.linkKey);
        return secrets;
    }

    static FormatSecrets none() {
        return new FormatSecrets(new byte[KEY_LENGTH], new byte[KEY_LENGTH], new byte[KEY_LENGTH]);
    }

    static FormatSecrets read(FieldReader in) throws MalformedException {
        return new FormatSecrets(in.bytes(KEY_LENGTH), in.bytes(KEY_LENGTH), in.bytes(KEY_LENGTH));
    }

    void writeTo(FieldWriter out) {
        out.bytes(chunkIdKey).bytes(gearKey).bytes(linkKey);
    }

    /** Not a copy. */
    byte[] chunkIdKey() {
        return chunkIdKey;
    }

    /** Not a copy. */
    byte[] gearKey() {
        return gearKey;
    }

    /** Not a copy. */
    byte[] linkKey() {
        return linkKey;
    }

    @Override
    public void close() {
        Arrays.fill(chunkIdKey, (byte) 0);
        Arrays.fill(gearKey, (byte) 0);
        Arrays.fill(linkKey, (byte) 0);
    }
}
