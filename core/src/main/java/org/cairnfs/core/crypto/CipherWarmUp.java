package org.cairnfs.core.crypto;

import java.security.SecureRandom;
import java.util.UUID;
import org.cairnfs.core.objectstore.CorruptObjectException;

/**
 * Gets the JDK's AES-GCM compiled before it is needed: until then it seals and opens some forty times slower, and the calls
 * that a server makes, few and long ones, take many seconds to get it there.
 *
 * <p>What is compiled follows the calls that were seen: many short frames bring up the count, and a long one now and then,
 * of no round length, keeps the compiler from leaving out the branches that long frames take. Costs one to two seconds of
 * one core, once per process.
 */
public final class CipherWarmUp {
    private static final int FRAMES = 8000;
    private static final int SHORT = 5000;
    private static final int LONG = 131_077;
    private static final int LONG_EVERY = 400;
    private static final String OBJECT = "warm-up";

    /** Of the background; guarded by the class. */
    private static Thread started;

    private CipherWarmUp() {}

    /** Warms up in the background, unless that was begun before; the thread is a daemon and ends by itself. */
    public static synchronized Thread start() {
        if (started == null) {
            started = new Thread(CipherWarmUp::run, "cipher-warm-up");
            started.setDaemon(true);
            started.start();
        }
        return started;
    }

    /** Warms up, and returns when it is done. */
    public static void run() {
        SecureRandom random = new SecureRandom();
        try (KeyRing keys = KeyRing.generate(new UUID(0, 0), random)) {
            FrameCipher cipher = new AesGcmSealer(keys, random).begin(ObjectKind.DATA_PACK, OBJECT);
            byte[] plain = new byte[LONG];
            byte[] sealed = new byte[LONG + FrameCipher.OVERHEAD];
            long position = FrameCipher.HEADER_LENGTH;
            for (int frame = 0; frame < FRAMES; frame++) {
                int length = frame % LONG_EVERY == 0 ? LONG : SHORT - frame % 3;
                int stored = cipher.seal(position, false, plain, 0, length, sealed, 0);
                if (cipher.open(position, false, sealed, 0, stored).length != length) {
                    throw new IllegalStateException("the cipher lost bytes");
                }
                position += stored;
            }
        } catch (CorruptObjectException e) {
            throw new IllegalStateException("the cipher does not open what it sealed", e);
        }
    }
}
