package org.cairnfs.core.journal;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.cairnfs.core.crypto.Hkdf;

/**
 * Seals with AES-256-GCM: every segment has a key of its own, HKDF-SHA-256 (RFC 5869) of the journal's key with the
 * segment's salt and header; the nonce of a piece is its position in the segment, and so counts up.
 *
 * <p>The cipher is fed in steps of {@value #STEP} bytes: the JDK's loop is compiled after so many calls, not after so many
 * bytes, and is some forty times slower before. Immutable and thread-safe; each thread has its own cipher.
 */
public final class AesGcmSealer implements JournalSealer {
    private static final int KEY_BYTES = 32;
    private static final int TAG_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int STEP = 4096;

    private static final ThreadLocal<Workspace> WORKSPACE = ThreadLocal.withInitial(Workspace::new);

    private final NavigableMap<Integer, byte[]> keys = new TreeMap<>();

    /**
     * @param key of the journal, 32 random bytes; copied
     * @param generation that segments sealed with it name in their headers
     */
    public AesGcmSealer(byte[] key, int generation) {
        this(Map.of(generation, key));
    }

    /** @param keys of the journal by generation, 32 random bytes each; copied. New segments are sealed with the newest. */
    public AesGcmSealer(Map<Integer, byte[]> keys) {
        keys.forEach((generation, key) -> {
            if (key.length != KEY_BYTES) {
                throw new IllegalArgumentException("an AES-256 key has 32 bytes, not " + key.length);
            }
            this.keys.put(generation, key.clone());
        });
    }

    @Override
    public int method() {
        return 1;
    }

    @Override
    public int generation() {
        return keys.lastKey();
    }

    @Override
    public SegmentSealer forSegment(int wanted, byte[] salt, byte[] context) throws JournalCorruptException {
        byte[] key = keys.get(wanted);
        if (key == null) {
            throw new JournalCorruptException(
                    "sealed with key generation " + wanted + "; there are only " + keys.keySet());
        }
        byte[] derived = Hkdf.derive(salt, key, context, KEY_BYTES + Long.BYTES);
        try {
            return new Segment(
                    new SecretKeySpec(derived, 0, KEY_BYTES, "AES"),
                    ByteBuffer.wrap(derived).getLong(KEY_BYTES));
        } finally {
            Arrays.fill(derived, (byte) 0);
        }
    }

    @Override
    public String toString() {
        return "AES-256-GCM";
    }

    private record Segment(SecretKeySpec key, long keyCheck) implements SegmentSealer {
        @Override
        public int tagBytes() {
            return TAG_BYTES;
        }

        @Override
        public boolean isTransparent() {
            return false;
        }

        @Override
        public void seal(long position, byte[] associated, ByteBuffer plain, ByteBuffer target) {
            WORKSPACE.get().seal(key, position, associated, plain, target);
        }

        @Override
        public void tag(long position, byte[] associated, ByteBuffer plain, ByteBuffer target) {
            throw new UnsupportedOperationException("encryption changes the piece itself");
        }

        @Override
        public ByteBuffer open(long position, byte[] associated, ByteBuffer sealed) {
            return WORKSPACE.get().open(key, position, associated, sealed);
        }

        @Override
        public String toString() {
            return "AES-256-GCM";
        }
    }

    /** The cipher and the small arrays of one thread. */
    private static final class Workspace {
        private final Cipher cipher;
        private final byte[] nonce = new byte[NONCE_BYTES];
        private final byte[] in = new byte[STEP];
        private final byte[] out = new byte[STEP + TAG_BYTES];

        Workspace() {
            try {
                cipher = Cipher.getInstance("AES/GCM/NoPadding");
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this Java has no AES/GCM/NoPadding", e);
            }
        }

        void seal(SecretKeySpec key, long position, byte[] associated, ByteBuffer plain, ByteBuffer target) {
            try {
                begin(Cipher.ENCRYPT_MODE, key, position, associated);
                while (plain.hasRemaining()) {
                    int step = Math.min(STEP, plain.remaining());
                    plain.get(in, 0, step);
                    target.put(out, 0, cipher.update(in, 0, step, out, 0));
                }
                target.put(out, 0, cipher.doFinal(out, 0));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("AES-GCM failed to encrypt", e);
            }
        }

        ByteBuffer open(SecretKeySpec key, long position, byte[] associated, ByteBuffer sealed) {
            if (sealed.remaining() < TAG_BYTES) {
                return null;
            }
            try {
                begin(Cipher.DECRYPT_MODE, key, position, associated);
                // One call: the JDK keeps back all plain bytes until the tag is checked, so steps would only copy. And
                // between
                // arrays: that way is compiled (see CipherWarmUp), the one between buffers takes a minute of work to
                // get there.
                byte[] plain = new byte[sealed.remaining() - TAG_BYTES];
                byte[] source;
                int offset;
                if (sealed.hasArray()) {
                    source = sealed.array();
                    offset = sealed.arrayOffset() + sealed.position();
                } else {
                    source = new byte[sealed.remaining()];
                    offset = 0;
                    sealed.duplicate().get(source);
                }
                cipher.doFinal(source, offset, sealed.remaining(), plain, 0);
                return ByteBuffer.wrap(plain);
            } catch (AEADBadTagException e) {
                return null;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("AES-GCM failed to decrypt", e);
            }
        }

        private void begin(int mode, SecretKeySpec key, long position, byte[] associated)
                throws GeneralSecurityException {
            ByteBuffer.wrap(nonce).putLong(NONCE_BYTES - Long.BYTES, position);
            cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
            cipher.updateAAD(associated);
        }
    }
}
