package org.cairnfs.core.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Random;
import org.cairnfs.core.journal.JournalSealer.SegmentSealer;
import org.junit.jupiter.api.Test;

/** What a seal is bound to. */
class AesGcmSealerTest {
    private final byte[] salt = new byte[16];
    private final byte[] context = {1, 2, 3};
    private final byte[] associated = {9};

    @Test
    void aPieceOpensOnlyWhereItWasSealed() throws Exception {
        SegmentSealer sealer = sealer(new byte[32], salt, context);
        byte[] plain = new byte[10_000];
        new Random(1).nextBytes(plain);
        ByteBuffer sealed = ByteBuffer.allocateDirect(plain.length + sealer.tagBytes());
        sealer.seal(77, associated, ByteBuffer.wrap(plain), sealed);
        sealed.flip();
        assertThat(sealer.open(77, associated, sealed)).isEqualTo(ByteBuffer.wrap(plain));
        assertThat(sealer.open(78, associated, sealed)).isNull();
        assertThat(sealer.open(77, new byte[] {8}, sealed)).isNull();
        assertThat(sealer.open(77, associated, sealed.slice(0, 9000))).isNull();
        assertThat(sealer.open(77, associated, ByteBuffer.allocate(3))).isNull();
        byte[] otherKey = new byte[32];
        otherKey[31] = 1;
        assertThat(sealer(otherKey, salt, context).open(77, associated, sealed)).isNull();
        assertThat(sealer(new byte[32], new byte[] {1}, context).open(77, associated, sealed))
                .isNull();
        assertThat(sealer(new byte[32], salt, new byte[] {1}).open(77, associated, sealed))
                .isNull();
        assertThat(sealer(otherKey, salt, context).keyCheck()).isNotEqualTo(sealer.keyCheck());
    }

    @Test
    void keysHave32Bytes() {
        assertThatThrownBy(() -> new AesGcmSealer(new byte[16], 1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static SegmentSealer sealer(byte[] key, byte[] salt, byte[] context) throws JournalCorruptException {
        return new AesGcmSealer(key, 1).forSegment(1, salt, context);
    }
}
