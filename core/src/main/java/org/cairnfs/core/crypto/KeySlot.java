package org.cairnfs.core.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.cairnfs.core.bytes.FieldReader;
import org.cairnfs.core.bytes.FieldWriter;
import org.cairnfs.core.bytes.MalformedException;

/**
 * The newest master key, wrapped by one secret.
 *
 * <p>From the secret and the slot's salt come 32 bytes, by Argon2id for a passphrase and as they are for a recovery key;
 * HKDF makes of these the key that wraps (AES-256-GCM, nonce zero, as each slot has a salt of its own) and a commitment,
 * by which a wrong secret is told from a damaged slot. The associated data are the file system, the generation, and all
 * else that the slot says. Immutable.
 *
 * <pre>
 *  0  16  id, random
 * 16   1  kind: 1 passphrase, 2 recovery key
 * 17   8  time of creation, milliseconds since 1970 UTC
 * 25   4  Argon2id: memory in KiB; zero for a recovery key
 * 29   4  Argon2id: passes; zero for a recovery key
 * 33   4  Argon2id: lanes; zero for a recovery key
 * 37  32  salt
 * 69  32  commitment to the wrapping key
 * 101 48  the wrapped key, and its tag
 * </pre>
 */
public final class KeySlot {
    /** What opens a slot. */
    public enum Kind {
        PASSPHRASE,
        RECOVERY_KEY
    }

    static final int LENGTH = 149;

    private static final int SALT_LENGTH = 32;
    private static final int COMMITMENT_LENGTH = 32;
    private static final int WRAPPED_LENGTH = KeyRing.KEY_LENGTH + AesGcm.TAG_LENGTH;
    private static final String CONTEXT = "cairn/1/slot";

    private final UUID id;
    private final Instant created;
    private final Argon2Cost cost;
    private final byte[] salt;
    private final byte[] commitment;
    private final byte[] wrapped;
    private final String label;

    /** @param cost null for a recovery key */
    private KeySlot(
            UUID id, Instant created, Argon2Cost cost, byte[] salt, byte[] commitment, byte[] wrapped, String label) {
        this.id = id;
        this.created = created;
        this.cost = cost;
        this.salt = salt;
        this.commitment = commitment;
        this.wrapped = wrapped;
        this.label = label;
    }

    /**
     * Wraps the newest key of a ring.
     *
     * @param cost for a passphrase; a recovery key does not need it
     * @param label what a person calls the slot, at most 255 bytes; it is hidden in the bucket
     */
    public static KeySlot wrap(
            KeyRing keys, Secret secret, Argon2Cost cost, String label, Instant now, SecureRandom random) {
        if (label.getBytes(StandardCharsets.UTF_8).length > KeysObject.MAX_LABEL) {
            throw new IllegalArgumentException("label of a key slot is longer than 255 bytes");
        }
        byte[] salt = new byte[SALT_LENGTH];
        random.nextBytes(salt);
        UUID id = new UUID(random.nextLong(), random.nextLong());
        Instant created = Instant.ofEpochMilli(now.toEpochMilli());
        KeySlot slot = new KeySlot(
                id,
                created,
                secret instanceof Passphrase ? cost : null,
                salt,
                new byte[COMMITMENT_LENGTH],
                new byte[WRAPPED_LENGTH],
                label);
        byte[] derived = slot.derive(secret);
        byte[] master = keys.masterKey(keys.currentGeneration());
        try {
            System.arraycopy(derived, AesGcm.KEY_LENGTH, slot.commitment, 0, COMMITMENT_LENGTH);
            AesGcm.seal(
                    AesGcm.key(Arrays.copyOf(derived, AesGcm.KEY_LENGTH)),
                    new byte[AesGcm.NONCE_LENGTH],
                    slot.associatedData(keys.fileSystem(), keys.currentGeneration()),
                    master,
                    0,
                    master.length,
                    slot.wrapped,
                    0);
            return slot;
        } finally {
            Arrays.fill(derived, (byte) 0);
            Arrays.fill(master, (byte) 0);
        }
    }

    /** A random name, by which it can be removed. */
    public UUID id() {
        return id;
    }

    public Kind kind() {
        return cost == null ? Kind.RECOVERY_KEY : Kind.PASSPHRASE;
    }

    public Instant created() {
        return created;
    }

    /** The cost of a passphrase; nothing for a recovery key. */
    public Optional<Argon2Cost> cost() {
        return Optional.ofNullable(cost);
    }

    /** What a person calls it; empty before the keys are unlocked. */
    public String label() {
        return label;
    }

    KeySlot withLabel(String newLabel) {
        return new KeySlot(id, created, cost, salt, commitment, wrapped, newLabel);
    }

    /**
     * The master key, if the secret is the one of this slot.
     *
     * @throws AEADBadTagException if it is, but the slot was altered
     */
    Optional<byte[]> unwrap(UUID fileSystem, int generation, Secret secret) throws AEADBadTagException {
        if (secret instanceof Passphrase != (kind() == Kind.PASSPHRASE)) {
            return Optional.empty();
        }
        byte[] derived = derive(secret);
        try {
            if (!MessageDigest.isEqual(commitment, Arrays.copyOfRange(derived, AesGcm.KEY_LENGTH, derived.length))) {
                return Optional.empty();
            }
            return Optional.of(AesGcm.open(
                    AesGcm.key(Arrays.copyOf(derived, AesGcm.KEY_LENGTH)),
                    new byte[AesGcm.NONCE_LENGTH],
                    associatedData(fileSystem, generation),
                    wrapped,
                    0,
                    wrapped.length));
        } finally {
            Arrays.fill(derived, (byte) 0);
        }
    }

    void writeTo(FieldWriter out) {
        writeHeadTo(out);
        out.bytes(commitment).bytes(wrapped);
    }

    static KeySlot read(FieldReader in) throws MalformedException {
        UUID id = in.uuid();
        int kind = in.u8();
        if (kind != 1 && kind != 2) {
            throw in.malformed("key slot of unknown kind " + kind);
        }
        Instant created = Instant.ofEpochMilli(in.i64());
        int memoryKib = in.u32(0, Argon2Cost.MAX_MEMORY_KIB);
        int iterations = in.u32(0, Argon2Cost.MAX_ITERATIONS);
        int lanes = in.u32(0, Argon2Cost.MAX_LANES);
        boolean passphrase = kind == 1;
        if (passphrase ? !Argon2Cost.isAllowed(memoryKib, iterations, lanes) : (memoryKib | iterations | lanes) != 0) {
            throw in.malformed("key slot with a cost out of bounds");
        }
        return new KeySlot(
                id,
                created,
                passphrase ? new Argon2Cost(memoryKib, iterations, lanes) : null,
                in.bytes(SALT_LENGTH),
                in.bytes(COMMITMENT_LENGTH),
                in.bytes(WRAPPED_LENGTH),
                "");
    }

    private void writeHeadTo(FieldWriter out) {
        out.uuid(id).u8(cost == null ? 2 : 1).i64(created.toEpochMilli());
        out.u32(cost == null ? 0 : cost.memoryKib())
                .u32(cost == null ? 0 : cost.iterations())
                .u32(cost == null ? 0 : cost.lanes())
                .bytes(salt);
    }

    private byte[] associatedData(UUID fileSystem, int generation) {
        FieldWriter out = new FieldWriter()
                .bytes(CONTEXT.getBytes(StandardCharsets.US_ASCII))
                .uuid(fileSystem)
                .u32(generation);
        writeHeadTo(out);
        return out.toBytes();
    }

    private byte[] derive(Secret secret) {
        byte[] input = switch (kind()) {
            case PASSPHRASE -> argon2(((Passphrase) secret).bytes());
            case RECOVERY_KEY -> ((RecoveryKey) secret).bytes().clone();
        };
        try {
            return Hkdf.derive(salt, input, CONTEXT, AesGcm.KEY_LENGTH + COMMITMENT_LENGTH);
        } finally {
            Arrays.fill(input, (byte) 0);
        }
    }

    private byte[] argon2(byte[] passphrase) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(cost.memoryKib())
                .withIterations(cost.iterations())
                .withParallelism(cost.lanes())
                .withSalt(salt)
                .build());
        byte[] output = new byte[32];
        generator.generateBytes(passphrase, output);
        return output;
    }

    @Override
    public String toString() {
        return "KeySlot[" + id + ", " + kind() + ", created " + created + "]";
    }
}
