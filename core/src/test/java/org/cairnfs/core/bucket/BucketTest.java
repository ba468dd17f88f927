package org.cairnfs.core.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cairnfs.core.bucket.BucketException.Kind;
import org.cairnfs.core.crypto.Argon2Cost;
import org.cairnfs.core.crypto.ObjectKind;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.crypto.RecoveryKey;
import org.cairnfs.core.crypto.Secret;
import org.cairnfs.core.crypto.Suite;
import org.cairnfs.core.crypto.WrongSecretException;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.testkit.Damage;
import org.cairnfs.core.testkit.MemoryObjectStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Making and opening file systems, and what is done to their buckets in between. */
class BucketTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_700_000_000_123L), ZoneOffset.UTC);
    private static final BucketOptions LIGHT = new BucketOptions(
            "my files", ChunkSizes.ofAverage(1 << 16), Compression.parse("lz4"), new Argon2Cost(64, 1, 1));

    private final MemoryObjectStore store = new MemoryObjectStore();
    private final RecoveryKey recovery = RecoveryKey.generate(new SecureRandom());

    private static Passphrase passphrase(String text) {
        return Passphrase.of(text.toCharArray());
    }

    private Bucket create(boolean encrypted) throws Exception {
        List<Secret> secrets = encrypted ? List.of(passphrase("open sesame"), recovery) : List.of();
        return Buckets.create(store, LIGHT, secrets, CLOCK);
    }

    private Bucket open(boolean encrypted) throws Exception {
        return Buckets.open(store, encrypted ? Optional.of(recovery) : Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatWasMadeOpensAlike(boolean encrypted) throws Exception {
        try (Bucket made = create(encrypted);
                Bucket opened = open(encrypted)) {
            assertThat(opened.format()).isEqualTo(made.format());
            assertThat(opened.format().label()).isEqualTo("my files");
            assertThat(opened.format().created()).isEqualTo(CLOCK.instant());
            assertThat(opened.format().chunkSizes()).isEqualTo(LIGHT.chunkSizes());
            assertThat(opened.codec().compression()).hasToString("lz4");
            assertThat(opened.keysRevision()).isEqualTo(encrypted ? 1 : 0);
            byte[] data = new byte[1 << 20];
            new Random(1).nextBytes(data);
            assertThat(opened.hasher().hash(data, 0, 100))
                    .isEqualTo(made.hasher().hash(data, 0, 100));
            assertThat(opened.chunker().cut(data, 0, data.length))
                    .isEqualTo(made.chunker().cut(data, 0, data.length));
            assertThat(opened.links().next(Link.START, "root/1", data))
                    .isEqualTo(made.links().next(Link.START, "root/1", data));
        }
        assertThat(Buckets.probe(store)).contains(encrypted ? Suite.AES_256_GCM : Suite.PLAIN);
    }

    @Test
    void everySecretOpensIt() throws Exception {
        create(true).close();
        Buckets.open(store, Optional.of(passphrase("open sesame"))).close();
        Buckets.open(store, Optional.of(recovery)).close();
        assertThatThrownBy(() -> Buckets.open(store, Optional.of(passphrase("close sesame"))))
                .isInstanceOf(WrongSecretException.class);
    }

    @Test
    void aSecretIsNeededOrRefused() throws Exception {
        create(true).close();
        assertKind(Kind.SECRET_NEEDED, () -> open(false));
        store.objects().clear();
        create(false).close();
        assertKind(Kind.NOT_ENCRYPTED, () -> open(true));
    }

    @Test
    void anEmptyBucketIsToldAsSuch() throws Exception {
        assertThat(Buckets.probe(store)).isEmpty();
        assertKind(Kind.NO_FILE_SYSTEM, () -> open(true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"format", "keys", "lease", "root/0000000000000001", "log/a/b", "pack/00"})
    void nothingIsMadeWhereSomethingIs(String key) {
        store.put(key, ByteBuffer.allocate(1));
        assertKind(Kind.EXISTS, () -> create(true));
        assertThat(store.objects()).containsOnlyKeys(key);
    }

    @Test
    void aStoreWithoutConditionalPutsWillDo() throws Exception {
        MemoryObjectStore simple = new MemoryObjectStore(Set.of());
        Buckets.create(simple, LIGHT, List.of(recovery), CLOCK).close();
        Buckets.open(simple, Optional.of(recovery)).close();
    }

    @Test
    void twoFileSystemsShareNothing() throws Exception {
        byte[] data = new byte[10_000];
        try (Bucket one = create(true)) {
            byte[] format = store.objects().get("format");
            byte[] keys = store.objects().get("keys");
            store.objects().clear();
            try (Bucket two = create(true)) {
                assertThat(store.objects().get("format")).isNotEqualTo(format);
                assertThat(store.objects().get("keys")).isNotEqualTo(keys);
                assertThat(two.hasher().hash(data, 0, 100))
                        .isNotEqualTo(one.hasher().hash(data, 0, 100));
                assertThat(two.links().next(Link.START, "root/1", data))
                        .isNotEqualTo(one.links().next(Link.START, "root/1", data));
                store.objects().put("format", format);
                assertThatThrownBy(() -> open(true)).isInstanceOf(CorruptObjectException.class);
            }
        }
    }

    @Test
    void nothingOfWhatWasGivenShows() throws Exception {
        create(true).close();
        store.objects()
                .forEach((key, object) -> assertThat(new String(object, StandardCharsets.ISO_8859_1))
                        .as(key)
                        .doesNotContain("my files")
                        .doesNotContain("sesame")
                        .doesNotContain("lz4"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void allDamageIsNoticedAndOnlyTypedExceptionsComeOut(boolean encrypted) throws Exception {
        create(encrypted).close();
        for (String key : List.copyOf(store.objects().keySet())) {
            byte[] original = store.objects().get(key);
            Damage.all(original).forEach(damaged -> {
                store.objects().put(key, damaged.bytes().array());
                assertThat(catchThrowable(() -> open(encrypted)))
                        .as("%s: %s", key, damaged.what())
                        .isInstanceOfAny(
                                CorruptObjectException.class, BucketException.class, WrongSecretException.class);
            });
            store.objects().put(key, original);
        }
        open(encrypted).close();
    }

    @Test
    void encryptionCannotBeTakenAway() throws Exception {
        create(true).close();
        byte[] real = store.objects().get("format");
        byte[] forged = real.clone();
        forged[10] = (byte) Suite.PLAIN.id();
        store.objects().put("format", forged);
        assertKind(Kind.NOT_ENCRYPTED, () -> open(true));
        assertThatThrownBy(() -> open(false)).isInstanceOf(CorruptObjectException.class);

        MemoryObjectStore other = new MemoryObjectStore();
        Buckets.create(other, LIGHT, List.of(), CLOCK).close();
        store.objects().put("format", other.objects().get("format"));
        assertKind(Kind.NOT_ENCRYPTED, () -> open(true));
    }

    @Test
    void aMissingKeysObjectIsToldAsSuch() throws Exception {
        create(true).close();
        store.objects().remove("keys");
        assertThatThrownBy(() -> open(true))
                .isInstanceOf(CorruptObjectException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void unknownFeaturesAreKeptOutOf() throws Exception {
        Features incompat = new Features(0, 0, 4);
        assertThatThrownBy(() -> incompat.checkReadable("here"))
                .isInstanceOf(BucketException.class)
                .hasMessageContaining("newer version")
                .hasMessageContaining("incompat 4");
        Features readOnly = new Features(1, 2, 0);
        readOnly.checkReadable("here");
        assertThat(readOnly.mayWrite()).isFalse();
        assertThatThrownBy(() -> readOnly.checkWritable("here")).hasMessageContaining("read only");
        Features compat = new Features(-1, 0, 0);
        compat.checkReadable("here");
        compat.checkWritable("here");
    }

    @Test
    void unknownIncompatFeaturesAndVersionsRefuseToOpen() throws Exception {
        create(true).close();
        byte[] newer = store.objects().get("format").clone();
        newer[51] = 1;
        store.objects().put("format", newer);
        assertKind(Kind.UNSUPPORTED, () -> open(true));
        assertKind(Kind.UNSUPPORTED, () -> Buckets.probe(store));
        newer[51] = 0;
        newer[9] = 2;
        assertKind(Kind.UNSUPPORTED, () -> open(true));
    }

    @Test
    void compatFeaturesCannotBeAlteredUnnoticed() throws Exception {
        create(true).close();
        byte[] altered = store.objects().get("format").clone();
        altered[35] = 1;
        store.objects().put("format", altered);
        assertThatThrownBy(() -> open(true))
                .isInstanceOf(CorruptObjectException.class)
                .hasMessageContaining("in clear");
    }

    @Test
    void aClosedBucketHasNoKeys() throws Exception {
        Bucket bucket = create(true);
        bucket.close();
        assertThatThrownBy(() -> bucket.sealer().begin(ObjectKind.LOG, "log/1"))
                .isInstanceOf(IllegalStateException.class);
        assertThat(bucket.toString()).contains(bucket.format().fileSystem().toString());
        assertThat(Arrays.asList(bucket.keys().get().generations())).containsExactly(Set.of());
    }

    private static void assertKind(Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BucketException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }
}
