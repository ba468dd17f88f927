package org.cairnfs.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.testkit.Damage;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Both sealers notice whatever was done to an object. */
class SealerTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final UUID ID = UUID.fromString("11111111-2222-3333-4444-555555555555");
    private static final KeyRing KEYS = KeyRing.generate(ID, RANDOM);
    private static final String KEY = "log/0000000000000001/0000000000000001";

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Nested
    class Plain extends Contract {
        @Override
        Sealer sealer(UUID fileSystem) {
            return new PlainSealer(fileSystem, RANDOM);
        }

        @Test
        void foreignGenerationIsRefused() {
            ObjectSeal seal = new ObjectSeal(1, Salt.random(RANDOM));
            assertThatThrownBy(() -> sealer.resume(ObjectKind.LOG, KEY, seal))
                    .isInstanceOf(CorruptObjectException.class);
        }
    }

    @Nested
    class Encrypted extends Contract {
        @Override
        Sealer sealer(UUID fileSystem) {
            return new AesGcmSealer(KEYS, RANDOM);
        }

        @Test
        void nothingOfThePlaintextShows() {
            byte[] text = "attack at dawn, attack at dawn, attack at dawn".getBytes(StandardCharsets.US_ASCII);
            String object = new String(sealer.seal(ObjectKind.LOG, KEY, text), StandardCharsets.ISO_8859_1);
            assertThat(object).doesNotContain("attack").doesNotContain("dawn");
        }

        @Test
        void anotherKeyRingDoesNotOpenIt() {
            byte[] object = sealer.seal(ObjectKind.LOG, KEY, random(100));
            Sealer other = new AesGcmSealer(KeyRing.generate(ID, RANDOM), RANDOM);
            assertThatThrownBy(() -> other.open(ObjectKind.LOG, KEY, object))
                    .isInstanceOf(CorruptObjectException.class)
                    .hasMessageContaining("does not commit to our key");
        }

        @Test
        void sameKeysOfAnotherFileSystemDoNotOpenIt() throws Exception {
            byte[] object = sealer.seal(ObjectKind.LOG, KEY, random(100));
            TreeMap<Integer, byte[]> same = new TreeMap<>();
            same.put(1, KEYS.masterKey(1));
            Sealer other = new AesGcmSealer(new KeyRing(UUID.randomUUID(), same), RANDOM);
            assertThatThrownBy(() -> other.open(ObjectKind.LOG, KEY, object))
                    .isInstanceOf(CorruptObjectException.class);
        }

        @Test
        void oldObjectsOpenAfterARotationAndNewOnesNeedIt() throws Exception {
            byte[] old = sealer.seal(ObjectKind.LOG, KEY, random(100));
            Sealer rotated = new AesGcmSealer(KEYS.rotated(RANDOM), RANDOM);
            assertThat(rotated.open(ObjectKind.LOG, KEY, old)).isEqualTo(random(100));
            byte[] young = rotated.seal(ObjectKind.LOG, KEY, random(100));
            assertThatThrownBy(() -> sealer.open(ObjectKind.LOG, KEY, young))
                    .isInstanceOf(CorruptObjectException.class)
                    .hasMessageContaining("generation 2");
        }
    }

    /** What both do. */
    abstract static class Contract {
        final Sealer sealer = sealer(ID);

        abstract Sealer sealer(UUID fileSystem);

        @Test
        void whatWasSealedOpens() throws Exception {
            for (int length :
                    new int[] {0, 1, 4095, 4096, 4097, 100_000, Sealer.WHOLE_FRAME, 2 * Sealer.WHOLE_FRAME + 5}) {
                byte[] object = sealer.seal(ObjectKind.LOG, KEY, random(length));
                assertThat(sealer.open(ObjectKind.LOG, KEY, object)).isEqualTo(random(length));
            }
        }

        @Test
        void noTwoObjectsAreEqual() {
            assertThat(sealer.seal(ObjectKind.LOG, KEY, random(100)))
                    .isNotEqualTo(sealer.seal(ObjectKind.LOG, KEY, random(100)));
        }

        @Test
        void allDamageIsNoticed() {
            for (int length : new int[] {0, 1, 300}) {
                byte[] object = sealer.seal(ObjectKind.LOG, KEY, random(length));
                Damage.all(object)
                        .forEach(damaged -> assertThatThrownBy(() -> sealer.open(
                                        ObjectKind.LOG, KEY, damaged.bytes().array()))
                                .as(damaged.what())
                                .isInstanceOf(CorruptObjectException.class)
                                .hasMessageContaining(KEY));
            }
        }

        @Test
        void anObjectOpensOnlyUnderItsOwnKeyAndAsItsOwnKind() {
            byte[] object = sealer.seal(ObjectKind.LOG, KEY, random(100));
            assertThatThrownBy(() -> sealer.open(ObjectKind.LOG, KEY.replace('1', '2'), object))
                    .isInstanceOf(CorruptObjectException.class);
            assertThatThrownBy(() -> sealer.open(ObjectKind.ROOT, KEY, object))
                    .isInstanceOf(CorruptObjectException.class)
                    .hasMessageContaining("kind");
            byte[] renamed = object.clone();
            renamed[10] = (byte) ObjectKind.ROOT.id();
            assertThatThrownBy(() -> sealer.open(ObjectKind.ROOT, KEY, renamed))
                    .isInstanceOf(CorruptObjectException.class);
        }

        @Test
        void framesCannotBeSwappedDroppedOrTakenFromElsewhere() throws Exception {
            byte[] one = twoFrames(100);
            byte[] two = twoFrames(100);
            assertThat(sealer.open(ObjectKind.LOG, KEY, one)).hasSize(200);
            int first = FrameCipher.HEADER_LENGTH;
            int length = 100 + FrameCipher.OVERHEAD;

            byte[] swapped = one.clone();
            System.arraycopy(one, first, swapped, first + length, length);
            System.arraycopy(one, first + length, swapped, first, length);
            byte[] firstOnly = Arrays.copyOf(one, first + length);
            byte[] lastOnly = Arrays.copyOf(one, first + length);
            System.arraycopy(one, first + length, lastOnly, first, length);
            byte[] firstTwice = one.clone();
            System.arraycopy(one, first, firstTwice, first + length, length);
            byte[] ofAnother = one.clone();
            System.arraycopy(two, first, ofAnother, first, length);
            byte[] longer = Arrays.copyOf(one, one.length + length);
            System.arraycopy(one, first + length, longer, one.length, length);
            for (byte[] forged : new byte[][] {swapped, firstOnly, lastOnly, firstTwice, ofAnother, longer}) {
                assertThatThrownBy(() -> sealer.open(ObjectKind.LOG, KEY, forged))
                        .isInstanceOf(CorruptObjectException.class);
            }
        }

        private byte[] twoFrames(int length) {
            FrameCipher cipher = sealer.begin(ObjectKind.LOG, KEY);
            byte[] object =
                    Arrays.copyOf(cipher.header(), FrameCipher.HEADER_LENGTH + 2 * (length + FrameCipher.OVERHEAD));
            int position = FrameCipher.HEADER_LENGTH;
            position += cipher.seal(position, false, random(length), 0, length, object, position);
            cipher.seal(position, true, random(length), 0, length, object, position);
            return object;
        }

        @Test
        void oneFrameOpensWithTheSealAlone() throws Exception {
            FrameCipher cipher = sealer.begin(ObjectKind.DATA_PACK, KEY);
            byte[] frame = new byte[50 + FrameCipher.OVERHEAD];
            cipher.seal(12345, false, random(50), 0, 50, frame, 0);
            FrameCipher later = sealer.resume(ObjectKind.DATA_PACK, KEY, cipher.seal());
            assertThat(later.open(12345, false, frame, 0, frame.length)).isEqualTo(random(50));
            assertThatThrownBy(() -> later.open(12346, false, frame, 0, frame.length))
                    .isInstanceOfSatisfying(
                            CorruptObjectException.class,
                            e -> assertThat(e.offset()).isEqualTo(12346));
            assertThatThrownBy(() -> later.open(12345, true, frame, 0, frame.length))
                    .isInstanceOf(CorruptObjectException.class);
        }

        @Test
        void aHeadThatClaimsTooMuchIsRefusedWithoutAllocating() {
            byte[] object = sealer.seal(ObjectKind.LOG, KEY, random(10));
            ByteBuffer.wrap(object).putInt(FrameCipher.HEADER_LENGTH, 0xffff_ffff);
            assertThatThrownBy(() -> sealer.open(ObjectKind.LOG, KEY, object))
                    .isInstanceOf(CorruptObjectException.class)
                    .hasMessageContaining("beyond the end");
        }

        @Test
        void framesOutOfBoundsAreRefused() {
            FrameCipher cipher = sealer.begin(ObjectKind.LOG, KEY);
            byte[] target = new byte[100];
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> cipher.seal(79, false, target, 0, 1, new byte[100], 0));
            assertThatThrownBy(() -> cipher.open(80, false, target, 0, 19)).isInstanceOf(CorruptObjectException.class);
        }
    }
}
