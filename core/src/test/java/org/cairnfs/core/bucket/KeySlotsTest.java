package org.cairnfs.core.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.cairnfs.core.crypto.Argon2Cost;
import org.cairnfs.core.crypto.KeySlot;
import org.cairnfs.core.crypto.KeysObject;
import org.cairnfs.core.crypto.ObjectKind;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.crypto.RecoveryKey;
import org.cairnfs.core.crypto.Secret;
import org.cairnfs.core.crypto.WrongSecretException;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.testkit.MemoryObjectStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeySlotsTest {
    private static final Instant MADE = Instant.ofEpochMilli(1_700_000_000_123L);
    private static final Instant LATER = MADE.plusSeconds(60);
    private static final Clock CLOCK = Clock.fixed(MADE, ZoneOffset.UTC);
    private static final Argon2Cost LIGHT = new Argon2Cost(64, 1, 1);

    private final MemoryObjectStore store = new MemoryObjectStore();
    private final SecureRandom random = new SecureRandom();

    private static Passphrase passphrase(String text) {
        return Passphrase.of(text.toCharArray());
    }

    private static KeySlots.Named named(Secret secret, String label) {
        return new KeySlots.Named(secret, label);
    }

    @BeforeEach
    void make() throws Exception {
        BucketOptions options = new BucketOptions("", ChunkSizes.ofAverage(1 << 16), Compression.parse("none"), LIGHT);
        Buckets.create(store, options, List.of(passphrase("first")), CLOCK).close();
    }

    private KeySlots open(String secret) throws Exception {
        return KeySlots.open(store, passphrase(secret));
    }

    private void assertOpens(Secret secret) throws Exception {
        Buckets.open(store, Optional.of(secret)).close();
    }

    private void assertDoesNotOpen(Secret secret) {
        assertThatThrownBy(() -> Buckets.open(store, Optional.of(secret))).isInstanceOf(WrongSecretException.class);
    }

    @Test
    void secretsAreAddedAndRemoved() throws Exception {
        RecoveryKey recovery = RecoveryKey.generate(random);
        try (KeySlots slots = open("first")) {
            slots.add(named(passphrase("second"), "laptop"), LIGHT, LATER);
            slots.add(named(recovery, "drawer"), LIGHT, LATER);
        }
        assertOpens(passphrase("first"));
        assertOpens(passphrase("second"));
        assertOpens(recovery);
        try (KeySlots slots = open("second")) {
            assertThat(slots.slots()).extracting(KeySlot::label).containsExactly("", "laptop", "drawer");
            assertThat(slots.slots())
                    .extracting(KeySlot::kind)
                    .containsExactly(KeySlot.Kind.PASSPHRASE, KeySlot.Kind.PASSPHRASE, KeySlot.Kind.RECOVERY_KEY);
            assertThat(slots.opened()).isEqualTo(slots.slots().get(1).id());
            assertThat(slots.remove(UUID.randomUUID())).isFalse();
            assertThat(slots.remove(slots.slots().get(0).id())).isTrue();
        }
        assertDoesNotOpen(passphrase("first"));
        assertOpens(passphrase("second"));
        assertOpens(recovery);
    }

    @Test
    void oneStays() throws Exception {
        try (KeySlots slots = open("first")) {
            UUID last = slots.slots().get(0).id();
            assertThatThrownBy(() -> slots.remove(last)).hasMessageContaining("the last key slot");
        }
        assertOpens(passphrase("first"));
    }

    @Test
    void thereIsABound() throws Exception {
        try (KeySlots slots = open("first")) {
            while (slots.slots().size() < KeysObject.MAX_SLOTS) {
                slots.add(named(RecoveryKey.generate(random), ""), LIGHT, LATER);
            }
            assertThatThrownBy(() -> slots.add(named(RecoveryKey.generate(random), ""), LIGHT, LATER))
                    .hasMessageContaining("32 key slots");
        }
        assertOpens(passphrase("first"));
    }

    @Test
    void whoChangesThemAtTheSameTimeIsTold() throws Exception {
        try (KeySlots one = open("first");
                KeySlots other = open("first")) {
            one.add(named(passphrase("one"), ""), LIGHT, LATER);
            assertThatThrownBy(() -> other.add(named(passphrase("other"), ""), LIGHT, LATER))
                    .isInstanceOf(BucketException.class)
                    .hasMessageContaining("nothing was changed");
        }
        assertOpens(passphrase("one"));
        assertDoesNotOpen(passphrase("other"));
    }

    @Test
    void rotationLeavesOnlyWhatIsPresented() throws Exception {
        byte[] oldKeys = store.objects().get(BucketLayout.KEYS).clone();
        byte[] sealedBefore;
        try (Bucket bucket = Buckets.open(store, Optional.of(passphrase("first")))) {
            sealedBefore = bucket.sealer().seal(ObjectKind.LEASE, "lease", new byte[] {1, 2, 3});
        }
        RecoveryKey recovery = RecoveryKey.generate(random);
        try (KeySlots slots = open("first")) {
            slots.add(named(passphrase("lost laptop"), "laptop"), LIGHT, LATER);
            slots.rotate(List.of(named(passphrase("fresh"), "desk"), named(recovery, "")), LIGHT, LATER);
            assertThat(slots.generation()).isEqualTo(2);
            slots.add(named(passphrase("another"), ""), LIGHT, LATER);
        }
        assertDoesNotOpen(passphrase("first"));
        assertDoesNotOpen(passphrase("lost laptop"));
        assertOpens(passphrase("another"));
        byte[] sealedAfter;
        try (Bucket bucket = Buckets.open(store, Optional.of(recovery))) {
            assertThat(bucket.sealer().open(ObjectKind.LEASE, "lease", sealedBefore))
                    .as("what is there stays readable")
                    .containsExactly(1, 2, 3);
            sealedAfter = bucket.sealer().seal(ObjectKind.LEASE, "lease", new byte[] {4, 5, 6});
        }
        // Who copied the keys before, and knows a passphrase of then, reads nothing that is stored from now on.
        store.objects().put(BucketLayout.KEYS, oldKeys);
        try (Bucket thief = Buckets.open(store, Optional.of(passphrase("first")))) {
            assertThatThrownBy(() -> thief.sealer().open(ObjectKind.LEASE, "lease", sealedAfter))
                    .hasMessageContaining("generation");
        }
    }

    @Test
    void aFileSystemWithoutEncryptionHasNone() throws Exception {
        MemoryObjectStore plain = new MemoryObjectStore();
        BucketOptions options = new BucketOptions("", ChunkSizes.ofAverage(1 << 16), Compression.parse("none"), LIGHT);
        Buckets.create(plain, options, List.of(), CLOCK).close();
        assertThatThrownBy(() -> KeySlots.open(plain, passphrase("first")))
                .isInstanceOfSatisfying(
                        BucketException.class, e -> assertThat(e.kind()).isEqualTo(BucketException.Kind.NOT_ENCRYPTED));
        assertThatThrownBy(() -> KeySlots.open(new MemoryObjectStore(), passphrase("first")))
                .isInstanceOfSatisfying(
                        BucketException.class,
                        e -> assertThat(e.kind()).isEqualTo(BucketException.Kind.NO_FILE_SYSTEM));
    }
}
