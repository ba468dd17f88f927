package org.cairnfs.core.bucket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Computes links: HMAC-SHA-256, under the link key, of the link before, the length of the object's key in two bytes, the
 * object's key in ASCII, and the object's plaintext. Thread-safe.
 */
public final class LinkChain {
    private static final String HMAC = "HmacSHA256";

    private final SecretKeySpec key;

    /** @param linkKey 32 bytes, copied */
    LinkChain(byte[] linkKey) {
        this.key = new SecretKeySpec(linkKey, HMAC);
    }

    /**
     * The link of an object.
     *
     * @param before that of the object before it in the chain, or {@link Link#START}
     */
    public Link next(Link before, String objectKey, byte[] plain) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            mac.update(before.toBytes());
            byte[] name = objectKey.getBytes(StandardCharsets.US_ASCII);
            mac.update(ByteBuffer.allocate(Short.BYTES)
                    .putShort((short) name.length)
                    .array());
            mac.update(name);
            return Link.of(mac.doFinal(plain));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + HMAC, e);
        }
    }
}
