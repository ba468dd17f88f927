package org.cairnfs.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The test vectors of RFC 5869, appendix A, for SHA-256. */
class HkdfTest {
    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static byte[] sequence(int from, int to) {
        byte[] bytes = new byte[to - from + 1];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (from + i);
        }
        return bytes;
    }

    @Test
    void case1() {
        byte[] extracted = Hkdf.extract(sequence(0x00, 0x0c), hex("0b".repeat(22)));
        assertThat(extracted).isEqualTo(hex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"));
        assertThat(Hkdf.expand(extracted, sequence(0xf0, 0xf9), 42))
                .isEqualTo(hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"));
    }

    @Test
    void case2() {
        byte[] extracted = Hkdf.extract(sequence(0x60, 0xaf), sequence(0x00, 0x4f));
        assertThat(Hkdf.expand(extracted, sequence(0xb0, 0xff), 82))
                .isEqualTo(hex(
                        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
                                + "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"));
    }

    @Test
    void case3() {
        byte[] extracted = Hkdf.extract(new byte[0], hex("0b".repeat(22)));
        assertThat(Hkdf.expand(extracted, new byte[0], 42))
                .isEqualTo(hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"));
    }

    @Test
    void anotherContextGivesAnotherKey() {
        byte[] salt = new byte[32];
        byte[] key = new byte[32];
        assertThat(Hkdf.derive(salt, key, "one", 32)).isNotEqualTo(Hkdf.derive(salt, key, "two", 32));
        assertThat(Hkdf.derive(salt, key, "one", new byte[1], 32)).isNotEqualTo(Hkdf.derive(salt, key, "one", 32));
    }

    @Test
    void lengthsOutOfRangeAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Hkdf.expand(new byte[32], new byte[0], 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Hkdf.expand(new byte[32], new byte[0], 255 * 32 + 1));
    }
}
