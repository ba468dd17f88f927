package org.cairnfs.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.testkit.Damage;
import org.junit.jupiter.api.Test;

class KeysObjectTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Argon2Cost LIGHT = new Argon2Cost(64, 1, 1);
    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_123L);

    private final KeyRing ring = KeyRing.generate(UUID.randomUUID(), RANDOM);
    private final RecoveryKey recovery = RecoveryKey.generate(RANDOM);

    private static Passphrase passphrase(String text) {
        return Passphrase.of(text.toCharArray());
    }

    private KeySlot slot(KeyRing keys, Secret secret, String label) {
        return KeySlot.wrap(keys, secret, LIGHT, label, NOW, RANDOM);
    }

    private byte[] object(KeyRing keys) {
        return KeysObject.encode(
                keys,
                7,
                List.of(slot(keys, passphrase("open sesame"), "laptop"), slot(keys, recovery, "drawer")),
                RANDOM);
    }

    private static KeysObject.Unlocked unlock(byte[] object, Secret secret) throws Exception {
        return KeysObject.parse("keys", object).unlock(secret);
    }

    @Test
    void eachSecretOpensTheSameKeys() throws Exception {
        byte[] object = object(ring);
        for (Secret secret : List.of(passphrase("open sesame"), RecoveryKey.parse(recovery.print()))) {
            KeysObject.Unlocked unlocked = unlock(object, secret);
            assertThat(unlocked.keys().subkey("root", 1)).isEqualTo(ring.subkey("root", 1));
            assertThat(unlocked.keys().fileSystem()).isEqualTo(ring.fileSystem());
            assertThat(unlocked.revision()).isEqualTo(7);
            assertThat(unlocked.slots()).extracting(KeySlot::label).containsExactly("laptop", "drawer");
            assertThat(unlocked.slots()).extracting(KeySlot::created).containsOnly(NOW);
        }
    }

    @Test
    void theSlotThatOpenedIsNamed() throws Exception {
        KeysObject.Unlocked unlocked = unlock(object(ring), recovery);
        assertThat(unlocked.opened()).isEqualTo(unlocked.slots().get(1).id());
    }

    @Test
    void aWrongSecretIsToldAsSuch() {
        byte[] object = object(ring);
        assertThatThrownBy(() -> unlock(object, passphrase("open sesamE")))
                .isInstanceOf(WrongSecretException.class)
                .hasMessageContaining("passphrase")
                .hasMessageNotContaining("sesam");
        assertThatThrownBy(() -> unlock(object, RecoveryKey.generate(RANDOM)))
                .isInstanceOf(WrongSecretException.class)
                .hasMessageContaining("recovery key");
    }

    @Test
    void rotationKeepsTheOldGenerations() throws Exception {
        KeyRing rotated = ring.rotated(RANDOM).rotated(RANDOM);
        KeyRing opened = unlock(object(rotated), recovery).keys();
        assertThat(opened.currentGeneration()).isEqualTo(3);
        for (int generation = 1; generation <= 3; generation++) {
            assertThat(opened.subkey("root", generation)).isEqualTo(rotated.subkey("root", generation));
        }
        assertThat(opened.subkey("root", 1)).isEqualTo(ring.subkey("root", 1)).isNotEqualTo(opened.subkey("root", 2));
    }

    @Test
    void allDamageIsNoticedAndOnlyTypedExceptionsComeOut() {
        byte[] object = object(ring);
        Damage.all(object).forEach(damaged -> {
            Throwable thrown = catchThrowable(() -> unlock(damaged.bytes().array(), recovery));
            assertThat(thrown)
                    .as(damaged.what())
                    .isInstanceOfAny(CorruptObjectException.class, WrongSecretException.class);
        });
    }

    @Test
    void aSlotCannotBeDroppedOrMoved() {
        byte[] object = object(ring);
        ByteBuffer without = ByteBuffer.allocate(object.length - KeySlot.LENGTH);
        without.put(object, 0, 38)
                .putShort((short) 1)
                .put(object, 40 + KeySlot.LENGTH, object.length - 40 - KeySlot.LENGTH);
        assertThatThrownBy(() -> unlock(without.array(), recovery)).isInstanceOf(CorruptObjectException.class);
        byte[] swapped = object.clone();
        System.arraycopy(object, 40, swapped, 40 + KeySlot.LENGTH, KeySlot.LENGTH);
        System.arraycopy(object, 40 + KeySlot.LENGTH, swapped, 40, KeySlot.LENGTH);
        assertThatThrownBy(() -> unlock(swapped, recovery)).isInstanceOf(CorruptObjectException.class);
    }

    @Test
    void costsOutOfBoundsAreRefusedBeforeAnythingIsAllocated() {
        byte[] object = object(ring);
        int cost = 40 + 25;
        for (int[] bomb : new int[][] {
            {Integer.MAX_VALUE, 1, 1}, {(1 << 20) + 1, 1, 1}, {64, 17, 1}, {64, 1, 17}, {64, 0, 1}, {7, 1, 1}
        }) {
            byte[] forged = object.clone();
            ByteBuffer.wrap(forged)
                    .putInt(cost, bomb[0])
                    .putInt(cost + 4, bomb[1])
                    .putInt(cost + 8, bomb[2]);
            assertThatThrownBy(() -> KeysObject.parse("keys", forged)).isInstanceOf(CorruptObjectException.class);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new Argon2Cost((1 << 20) + 1, 1, 1));
    }

    @Test
    void theDefaultCostIsWhatTheDocumentsSay() throws Exception {
        assertThat(Argon2Cost.DEFAULT).isEqualTo(new Argon2Cost(65_536, 3, 4));
        KeySlot slot = KeySlot.wrap(ring, passphrase("x"), Argon2Cost.DEFAULT, "", NOW, RANDOM);
        assertThat(unlock(KeysObject.encode(ring, 1, List.of(slot), RANDOM), passphrase("x")))
                .isNotNull();
    }

    @Test
    void thereAreBoundsOnSlotsAndLabels() {
        KeySlot slot = slot(ring, recovery, "");
        assertThatIllegalArgumentException().isThrownBy(() -> KeysObject.encode(ring, 1, List.of(), RANDOM));
        List<KeySlot> many = new ArrayList<>(Collections.nCopies(33, slot));
        assertThatIllegalArgumentException().isThrownBy(() -> KeysObject.encode(ring, 1, many, RANDOM));
        assertThatIllegalArgumentException().isThrownBy(() -> slot(ring, recovery, "ä".repeat(128)));
    }

    @Test
    void secretsDoNotShow() throws Exception {
        Passphrase passphrase = passphrase("open sesame");
        KeysObject.Unlocked unlocked = unlock(object(ring), passphrase);
        assertThat(passphrase + " " + recovery + " " + unlocked.keys() + " " + unlocked)
                .doesNotContain("sesame")
                .doesNotContain(recovery.print());
        assertThat(new String(object(ring), StandardCharsets.ISO_8859_1))
                .doesNotContain("laptop")
                .doesNotContain("drawer");
    }

    @Test
    void aClosedRingIsEmpty() {
        ring.close();
        assertThat(ring.has(1)).isFalse();
        assertThatThrownBy(() -> ring.subkey("root", 1)).isInstanceOf(IllegalStateException.class);
    }
}
