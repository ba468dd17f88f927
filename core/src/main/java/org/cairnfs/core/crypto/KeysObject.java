package org.cairnfs.core.crypto;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.spec.SecretKeySpec;
import org.cairnfs.core.bytes.FieldReader;
import org.cairnfs.core.bytes.FieldWriter;
import org.cairnfs.core.bytes.MalformedException;
import org.cairnfs.core.objectstore.CorruptObjectException;

/**
 * The object {@code keys}: who can open the file system. Every slot wraps the newest master key; this one seals the older
 * ones. The seal covers every byte before it, so that no slot can be added, dropped or altered without the key; that an
 * older version as a whole was put back shows in the revision. Immutable.
 *
 * <pre>
 *  0   8  magic "CAIRNKEY"
 *  8   2  version, 1
 * 10  16  id of the file system
 * 26   8  revision, 1 or more, one more each time that the object is written
 * 34   4  newest generation g, 1 or more
 * 38   2  number s of slots, 1 to 32
 * 40 149s the slots ({@link KeySlot})
 *     32  salt
 *      4  length n of the sealed part, with its tag
 *      n  the sealed part: AES-256-GCM, nonce zero, under HKDF(salt, subkey "keys" of generation g)
 *
 * sealed part
 *      1  version, 1
 *         for each slot its label: 2 bytes of length, UTF-8
 *      4  number of older generations; for each, ascending: 4 generation, 32 master key
 * </pre>
 */
public final class KeysObject {
    /** The longest that the object can be, in bytes. */
    public static final int MAX_LENGTH = 1 << 20;

    /** The longest label of a slot, in bytes of UTF-8. */
    static final int MAX_LABEL = 255;

    /** The most slots that there can be. */
    public static final int MAX_SLOTS = 32;

    private static final byte[] MAGIC = "CAIRNKEY".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final String PURPOSE = "keys";
    private static final String CONTEXT = "cairn/1/keys";
    private static final int MAX_GENERATION = 10_000;

    private final String objectKey;
    private final UUID fileSystem;
    private final long revision;
    private final int generation;
    private final List<KeySlot> slots;
    private final byte[] salt;
    private final byte[] authenticated;
    private final byte[] sealed;

    private KeysObject(
            String objectKey,
            UUID fileSystem,
            long revision,
            int generation,
            List<KeySlot> slots,
            byte[] salt,
            byte[] authenticated,
            byte[] sealed) {
        this.objectKey = objectKey;
        this.fileSystem = fileSystem;
        this.revision = revision;
        this.generation = generation;
        this.slots = slots;
        this.salt = salt;
        this.authenticated = authenticated;
        this.sealed = sealed;
    }

    /**
     * What a secret opened.
     *
     * @param keys to be closed by the caller
     * @param slots with their labels
     * @param opened the id of the slot that the secret is of
     */
    public record Unlocked(KeyRing keys, long revision, List<KeySlot> slots, UUID opened) {
        /** Copies the list. */
        public Unlocked {
            slots = List.copyOf(slots);
        }
    }

    /**
     * The object with these slots.
     *
     * @param revision one more than that of the object which it replaces; 1 for the first
     * @param slots all wrap the newest key of the ring
     */
    public static byte[] encode(KeyRing keys, long revision, List<KeySlot> slots, SecureRandom random) {
        if (slots.isEmpty() || slots.size() > MAX_SLOTS || revision < 1) {
            throw new IllegalArgumentException("there must be 1 to 32 key slots, and a revision of 1 or more");
        }
        int current = keys.currentGeneration();
        FieldWriter out = new FieldWriter()
                .bytes(MAGIC)
                .u16(VERSION)
                .uuid(keys.fileSystem())
                .i64(revision)
                .u32(current)
                .u16(slots.size());
        slots.forEach(slot -> slot.writeTo(out));
        byte[] salt = new byte[Salt.LENGTH];
        random.nextBytes(salt);
        out.bytes(salt);
        byte[] body = body(keys, slots);
        out.u32(body.length + AesGcm.TAG_LENGTH);
        byte[] head = out.toBytes();
        byte[] object = Arrays.copyOf(head, head.length + body.length + AesGcm.TAG_LENGTH);
        SecretKeySpec key = sealKey(keys, current, salt);
        AesGcm.seal(key, new byte[AesGcm.NONCE_LENGTH], head, body, 0, body.length, object, head.length);
        Arrays.fill(body, (byte) 0);
        return object;
    }

    /**
     * Reads the object, without trusting it yet.
     *
     * @param objectKey for messages
     * @param object untrusted
     */
    public static KeysObject parse(String objectKey, byte[] object) throws CorruptObjectException {
        FieldReader in = new FieldReader("keys", object);
        try {
            in.expect(MAGIC);
            int version = in.u16();
            if (version != VERSION) {
                throw in.malformed("version " + version + " is not known");
            }
            UUID fileSystem = in.uuid();
            long revision = in.i64(1);
            int generation = in.u32(1, MAX_GENERATION);
            int count = in.u16();
            if (count < 1 || count > MAX_SLOTS) {
                throw in.malformed(count + " key slots");
            }
            List<KeySlot> slots = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                slots.add(KeySlot.read(in));
            }
            byte[] salt = in.bytes(Salt.LENGTH);
            int length = in.u32(AesGcm.TAG_LENGTH, MAX_LENGTH);
            byte[] authenticated = Arrays.copyOf(object, in.position());
            byte[] sealed = in.bytes(length);
            in.expectEnd();
            return new KeysObject(
                    objectKey, fileSystem, revision, generation, List.copyOf(slots), salt, authenticated, sealed);
        } catch (MalformedException e) {
            throw new CorruptObjectException(objectKey, in.position(), e.getMessage(), e);
        }
    }

    /** The file system that it says to be of. */
    public UUID fileSystem() {
        return fileSystem;
    }

    /** The slots that it says to have; without labels. */
    public List<KeySlot> slots() {
        return slots;
    }

    /**
     * Opens the key ring.
     *
     * @throws WrongSecretException if no slot opens with the secret
     * @throws CorruptObjectException if one does, but the object was altered
     */
    public Unlocked unlock(Secret secret) throws WrongSecretException, CorruptObjectException {
        for (KeySlot slot : slots) {
            Optional<byte[]> master = unwrap(slot, secret);
            if (master.isPresent()) {
                return open(master.get(), slot);
            }
        }
        throw new WrongSecretException("none of the " + slots.size() + " key slots opens with this "
                + (secret instanceof Passphrase ? "passphrase" : "recovery key"));
    }

    private Optional<byte[]> unwrap(KeySlot slot, Secret secret) throws CorruptObjectException {
        try {
            return slot.unwrap(fileSystem, generation, secret);
        } catch (AEADBadTagException e) {
            throw new CorruptObjectException(objectKey, -1, "key slot " + slot.id() + " was altered", e);
        }
    }

    private Unlocked open(byte[] master, KeySlot opened) throws CorruptObjectException {
        NavigableMap<Integer, byte[]> masters = new TreeMap<>();
        masters.put(generation, master);
        byte[] body;
        try (KeyRing newest = new KeyRing(fileSystem, new TreeMap<>(Map.of(generation, master.clone())))) {
            SecretKeySpec key = sealKey(newest, generation, salt);
            body = AesGcm.open(key, new byte[AesGcm.NONCE_LENGTH], authenticated, sealed, 0, sealed.length);
        } catch (AEADBadTagException e) {
            throw new CorruptObjectException(objectKey, -1, "does not authenticate (damaged or altered)", e);
        }
        FieldReader in = new FieldReader("sealed part of keys", body);
        try {
            int version = in.u8();
            if (version != VERSION) {
                throw in.malformed("version " + version + " is not known");
            }
            List<KeySlot> labelled = new ArrayList<>();
            for (KeySlot slot : slots) {
                labelled.add(slot.withLabel(in.string(MAX_LABEL)));
            }
            int older = in.count(Integer.BYTES + KeyRing.KEY_LENGTH);
            for (int i = 0; i < older; i++) {
                masters.put(in.u32(1, generation - 1), in.bytes(KeyRing.KEY_LENGTH));
            }
            in.expectEnd();
            return new Unlocked(new KeyRing(fileSystem, masters), revision, labelled, opened.id());
        } catch (MalformedException e) {
            throw new CorruptObjectException(objectKey, -1, e.getMessage(), e);
        } finally {
            Arrays.fill(body, (byte) 0);
        }
    }

    private static byte[] body(KeyRing keys, List<KeySlot> slots) {
        FieldWriter out = new FieldWriter().u8(VERSION);
        slots.forEach(slot -> out.string(slot.label()));
        List<Integer> older = keys.generations().stream()
                .filter(generation -> generation != keys.currentGeneration())
                .sorted()
                .toList();
        out.u32(older.size());
        for (int generation : older) {
            byte[] master = keys.masterKey(generation);
            out.u32(generation).bytes(master);
            Arrays.fill(master, (byte) 0);
        }
        byte[] body = out.toBytes();
        out.wipe();
        return body;
    }

    private static SecretKeySpec sealKey(KeyRing keys, int generation, byte[] salt) {
        byte[] subkey = keys.subkey(PURPOSE, generation);
        byte[] derived = Hkdf.derive(salt, subkey, CONTEXT, AesGcm.KEY_LENGTH);
        try {
            return AesGcm.key(derived);
        } finally {
            Arrays.fill(subkey, (byte) 0);
            Arrays.fill(derived, (byte) 0);
        }
    }
}
