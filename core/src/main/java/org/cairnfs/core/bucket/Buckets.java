package org.cairnfs.core.bucket;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.cairnfs.core.bucket.BucketException.Kind;
import org.cairnfs.core.bytes.MalformedException;
import org.cairnfs.core.crypto.AesGcmSealer;
import org.cairnfs.core.crypto.KeyRing;
import org.cairnfs.core.crypto.KeySlot;
import org.cairnfs.core.crypto.KeysObject;
import org.cairnfs.core.crypto.PlainSealer;
import org.cairnfs.core.crypto.Sealer;
import org.cairnfs.core.crypto.Secret;
import org.cairnfs.core.crypto.Suite;
import org.cairnfs.core.crypto.WrongSecretException;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.objectstore.ObjectMissingException;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStore.Capability;
import org.cairnfs.core.objectstore.ObjectStoreException;

/** Makes file systems in empty buckets, and opens those that are there. */
public final class Buckets {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Buckets() {}

    /**
     * Makes a file system, and opens it.
     *
     * <p>The object {@code format} is put first, and only where there is none, so that of two that make one at the same time
     * one fails and harms nothing; then {@code keys}.
     *
     * @param secrets that will open it, one key slot each; empty for a file system without encryption
     * @throws BucketException of kind EXISTS if there is one already, or anything that looks like it
     */
    public static Bucket create(ObjectStore store, BucketOptions options, List<? extends Secret> secrets, Clock clock)
            throws ObjectStoreException, BucketException {
        refuseIfUsed(store);
        UUID id = new UUID(RANDOM.nextLong(), RANDOM.nextLong());
        Instant now = clock.instant();
        boolean plain = secrets.isEmpty();
        FormatObject format = new FormatObject(
                id,
                plain ? Suite.PLAIN : Suite.AES_256_GCM,
                Features.NONE,
                now,
                options.chunkSizes(),
                options.compression(),
                options.label(),
                plain ? HandleKey.random(RANDOM) : new TreeMap<>());
        KeyRing keys = plain ? null : KeyRing.generate(id, RANDOM);
        Sealer sealer = plain ? new PlainSealer(id, RANDOM) : new AesGcmSealer(keys, RANDOM);
        FormatSecrets formatSecrets = plain ? FormatSecrets.none() : FormatSecrets.random(RANDOM);
        List<KeySlot> slots = new ArrayList<>();
        for (Secret secret : secrets) {
            slots.add(KeySlot.wrap(keys, secret, options.passphraseCost(), "", now, RANDOM));
        }
        putFormat(store, format.encode(sealer, formatSecrets));
        if (!plain) {
            store.put(BucketLayout.KEYS, ByteBuffer.wrap(KeysObject.encode(keys, 1, slots, RANDOM)));
        }
        return new Bucket(store, format, keys, plain ? 0 : 1, sealer, formatSecrets, RANDOM);
    }

    /**
     * Opens a file system.
     *
     * @param secret a passphrase or recovery key; nothing for a file system without encryption
     * @throws BucketException if there is none, a newer Cairn is needed, or a secret is given and not needed or the reverse
     * @throws WrongSecretException if the secret opens no slot
     * @throws CorruptObjectException if {@code format} or {@code keys} are damaged or altered
     */
    public static Bucket open(ObjectStore store, Optional<? extends Secret> secret)
            throws ObjectStoreException, BucketException, WrongSecretException, CorruptObjectException {
        byte[] object = getFormat(store);
        FormatHead head = head(store, object);
        if (head.suite() == Suite.PLAIN) {
            if (secret.isPresent()) {
                throw new BucketException(
                        Kind.NOT_ENCRYPTED,
                        "a secret was given, but the file system in " + store.describe() + " is not encrypted");
            }
            Sealer sealer = new PlainSealer(head.fileSystem(), RANDOM);
            FormatObject.Opened opened = FormatObject.open(head, sealer, object);
            return new Bucket(store, opened.format(), null, 0, sealer, opened.secrets(), RANDOM);
        }
        KeysObject.Unlocked unlocked = unlock(store, head, secret);
        try {
            Sealer sealer = new AesGcmSealer(unlocked.keys(), RANDOM);
            FormatObject.Opened opened = FormatObject.open(head, sealer, object);
            return new Bucket(
                    store, opened.format(), unlocked.keys(), unlocked.revision(), sealer, opened.secrets(), RANDOM);
        } catch (CorruptObjectException e) {
            unlocked.keys().close();
            throw e;
        }
    }

    /** Whether there is a file system, and whether it wants a secret: nothing if there is none. */
    public static Optional<Suite> probe(ObjectStore store)
            throws ObjectStoreException, BucketException, CorruptObjectException {
        try {
            return Optional.of(head(store, store.get(BucketLayout.FORMAT, FormatObject.MAX_LENGTH))
                    .suite());
        } catch (ObjectMissingException e) {
            return Optional.empty();
        }
    }

    private static FormatHead head(ObjectStore store, byte[] object) throws BucketException, CorruptObjectException {
        try {
            return FormatHead.decode(object, store.describe());
        } catch (MalformedException e) {
            throw new CorruptObjectException(BucketLayout.FORMAT, -1, e.getMessage(), e);
        }
    }

    private static KeysObject.Unlocked unlock(ObjectStore store, FormatHead head, Optional<? extends Secret> secret)
            throws ObjectStoreException, BucketException, WrongSecretException, CorruptObjectException {
        if (secret.isEmpty()) {
            throw new BucketException(
                    Kind.SECRET_NEEDED,
                    "the file system in " + store.describe() + " is encrypted: a passphrase or recovery key is needed");
        }
        KeysObject keys = KeysObject.parse(BucketLayout.KEYS, getKeys(store));
        if (!keys.fileSystem().equals(head.fileSystem())) {
            throw new CorruptObjectException(BucketLayout.KEYS, 10, "is of another file system than the object format");
        }
        return keys.unlock(secret.get());
    }

    /** The object {@code keys} of a file system that is encrypted. */
    static byte[] keysObject(ObjectStore store) throws ObjectStoreException, BucketException, CorruptObjectException {
        if (head(store, getFormat(store)).suite() == Suite.PLAIN) {
            throw new BucketException(
                    Kind.NOT_ENCRYPTED, "the file system in " + store.describe() + " is not encrypted: it has no keys");
        }
        return getKeys(store);
    }

    private static byte[] getKeys(ObjectStore store) throws ObjectStoreException, CorruptObjectException {
        try {
            return store.get(BucketLayout.KEYS, KeysObject.MAX_LENGTH);
        } catch (ObjectMissingException e) {
            throw new CorruptObjectException(
                    BucketLayout.KEYS, -1, "is missing: it was deleted, or making the file system was broken off", e);
        }
    }

    private static byte[] getFormat(ObjectStore store) throws ObjectStoreException, BucketException {
        try {
            return store.get(BucketLayout.FORMAT, FormatObject.MAX_LENGTH);
        } catch (ObjectMissingException e) {
            throw new BucketException(
                    Kind.NO_FILE_SYSTEM,
                    "there is no Cairn file system in " + store.describe() + " (no object format)");
        }
    }

    private static void refuseIfUsed(ObjectStore store) throws ObjectStoreException, BucketException {
        for (String prefix : List.of(
                BucketLayout.FORMAT,
                BucketLayout.KEYS,
                BucketLayout.LEASE,
                BucketLayout.ROOTS,
                BucketLayout.LOGS,
                BucketLayout.PACKS)) {
            if (!store.list(prefix, "", 1).isEmpty()) {
                throw exists(store);
            }
        }
    }

    private static void putFormat(ObjectStore store, byte[] format) throws ObjectStoreException, BucketException {
        ByteBuffer body = ByteBuffer.wrap(format);
        if (!store.capabilities().contains(Capability.PUT_IF_ABSENT)) {
            store.put(BucketLayout.FORMAT, body);
        } else if (!store.putIfAbsent(BucketLayout.FORMAT, body)) {
            throw exists(store);
        }
    }

    private static BucketException exists(ObjectStore store) {
        return new BucketException(
                Kind.EXISTS,
                "there is a Cairn file system in " + store.describe()
                        + " already, or what was left of one: nothing was changed");
    }
}
