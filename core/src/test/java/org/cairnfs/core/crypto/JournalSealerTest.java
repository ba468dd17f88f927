package org.cairnfs.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Random;
import java.util.UUID;
import org.cairnfs.core.testkit.Damage;
import org.junit.jupiter.api.Test;

class JournalSealerTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final KeyRing keys = KeyRing.generate(UUID.randomUUID(), RANDOM);
    private final UUID stateDirectory = UUID.randomUUID();
    private final Salt salt = Salt.random(RANDOM);
    private final JournalSealer sealer = JournalSealer.forFile(keys, stateDirectory, 1, salt);

    private static ByteBuffer random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private static ByteBuffer aad() {
        return ByteBuffer.wrap(new byte[] {1, 2, 3});
    }

    private ByteBuffer seal(long hi, int lo, ByteBuffer plain) {
        ByteBuffer sealed = ByteBuffer.allocate(plain.remaining() + JournalSealer.OVERHEAD);
        sealer.seal(hi, lo, aad(), plain, sealed);
        assertThat(sealed.hasRemaining()).isFalse();
        return sealed.flip();
    }

    private static boolean opens(JournalSealer sealer, long hi, int lo, ByteBuffer aad, ByteBuffer sealed) {
        return sealer.open(hi, lo, aad, sealed.duplicate(), ByteBuffer.allocate(sealed.remaining()));
    }

    @Test
    void whatWasSealedOpensOnHeapAndOff() {
        int position = 0;
        for (int length : new int[] {0, 1, 100, 4096, 4097, 65_536, 1_000_000}) {
            for (boolean direct : new boolean[] {false, true}) {
                ByteBuffer plain = direct
                        ? ByteBuffer.allocateDirect(length).put(random(length)).flip()
                        : random(length);
                ByteBuffer sealed = direct
                        ? ByteBuffer.allocateDirect(length + JournalSealer.OVERHEAD)
                        : ByteBuffer.allocate(length + JournalSealer.OVERHEAD);
                sealer.seal(5, ++position, aad(), plain, sealed);
                ByteBuffer opened = ByteBuffer.allocate(length);
                assertThat(sealer.open(5, position, aad(), sealed.flip(), opened))
                        .isTrue();
                assertThat(opened.flip()).isEqualTo(random(length));
            }
        }
    }

    @Test
    void itOpensOnlyWhereItWasSealed() {
        ByteBuffer sealed = seal(5, 6, random(100));
        assertThat(opens(sealer, 5, 6, aad(), sealed)).isTrue();
        assertThat(opens(sealer, 4, 6, aad(), sealed)).isFalse();
        assertThat(opens(sealer, 5, 7, aad(), sealed)).isFalse();
        assertThat(opens(sealer, 5, 6, ByteBuffer.wrap(new byte[] {1, 2, 4}), sealed))
                .isFalse();
        assertThat(opens(JournalSealer.forFile(keys, stateDirectory, 1, Salt.random(RANDOM)), 5, 6, aad(), sealed))
                .isFalse();
        assertThat(opens(JournalSealer.forFile(keys, UUID.randomUUID(), 1, salt), 5, 6, aad(), sealed))
                .isFalse();
        assertThat(opens(JournalSealer.forFile(keys, stateDirectory, 1, salt), 5, 6, aad(), sealed))
                .isTrue();
    }

    @Test
    void allDamageIsNoticed() {
        ByteBuffer sealed = seal(5, 6, random(100));
        byte[] bytes = new byte[sealed.remaining()];
        sealed.get(bytes);
        Damage.all(bytes)
                .forEach(damaged -> assertThat(opens(
                                sealer,
                                5,
                                6,
                                aad(),
                                ByteBuffer.wrap(damaged.bytes().array())))
                        .as(damaged.what())
                        .isFalse());
    }
}
