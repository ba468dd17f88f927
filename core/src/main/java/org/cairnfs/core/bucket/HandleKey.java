package org.cairnfs.core.bucket;

import com.google.common.io.BaseEncoding;
import com.google.common.primitives.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.cairnfs.core.crypto.Hkdf;

/**
 * The key with which a server makes file handles that cannot be made up. It is the file system's, so that handles outlive the server and its
 * machine; rotations leave it alone.
 *
 * <p>HKDF-SHA-256 of the link key, salted with the id of the file system. Without encryption the link key is zeros; there, 32 random bytes in
 * the format's property {@value #PROPERTY} take its part, which file systems of before that was written do not have.
 */
final class HandleKey {
    static final String PROPERTY = "handle-key";

    private static final int LENGTH = 32;
    private static final byte[] CONTEXT = "cairn/1/handles".getBytes(StandardCharsets.US_ASCII);
    private static final BaseEncoding HEX = BaseEncoding.base16().lowerCase();

    private HandleKey() {}

    /** The properties of a file system without encryption. */
    static SortedMap<String, String> random(SecureRandom random) {
        byte[] key = new byte[LENGTH];
        random.nextBytes(key);
        return new TreeMap<>(Map.of(PROPERTY, HEX.encode(key)));
    }

    /** The key, 32 bytes. */
    static byte[] of(FormatObject format, byte[] linkKey) {
        byte[] id = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(format.fileSystem().getMostSignificantBits())
                .putLong(format.fileSystem().getLeastSignificantBits())
                .array();
        byte[] property = format.properties().getOrDefault(PROPERTY, "").getBytes(StandardCharsets.UTF_8);
        return Hkdf.derive(id, Bytes.concat(linkKey, property), CONTEXT, LENGTH);
    }
}
