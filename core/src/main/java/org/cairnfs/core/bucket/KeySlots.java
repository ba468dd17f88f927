package org.cairnfs.core.bucket;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.cairnfs.core.crypto.Argon2Cost;
import org.cairnfs.core.crypto.KeyRing;
import org.cairnfs.core.crypto.KeySlot;
import org.cairnfs.core.crypto.KeysObject;
import org.cairnfs.core.crypto.Secret;
import org.cairnfs.core.crypto.WrongSecretException;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;

/**
 * Who can open a file system: reads and changes the object {@code keys}. A server that runs meanwhile does not notice, as it has
 * its keys; so slots may be added and removed at any time, but keys are rotated while none runs.
 *
 * <p>Invariant: at least one slot stays, and every change is written whole, over exactly the object that was read; of two that change
 * it at the same moment, one may win unnoticed by the other, which then finds its slot missing.
 *
 * <p>For one thread.
 */
public final class KeySlots implements AutoCloseable {
    private final ObjectStore store;
    private final SecureRandom random = new SecureRandom();
    private final UUID opened;
    private KeyRing keys;
    private byte[] object;
    private long revision;
    private List<KeySlot> slots;

    private KeySlots(ObjectStore store, byte[] object, KeysObject.Unlocked unlocked) {
        this.store = store;
        this.object = object;
        this.keys = unlocked.keys();
        this.revision = unlocked.revision();
        this.slots = unlocked.slots();
        this.opened = unlocked.opened();
    }

    /**
     * Reads them.
     *
     * @param secret opens one of them
     * @throws BucketException of kind NOT_ENCRYPTED if the file system has no keys, of NO_FILE_SYSTEM if there is none
     */
    public static KeySlots open(ObjectStore store, Secret secret)
            throws ObjectStoreException, BucketException, WrongSecretException, CorruptObjectException {
        byte[] object = Buckets.keysObject(store);
        return new KeySlots(
                store, object, KeysObject.parse(BucketLayout.KEYS, object).unlock(secret));
    }

    /** All of them, with their labels. */
    public List<KeySlot> slots() {
        return slots;
    }

    /** The one that the secret was of. */
    public UUID opened() {
        return opened;
    }

    /** The newest generation of the master key. */
    public int generation() {
        return keys.currentGeneration();
    }

    /** A new secret, and what to call its slot. */
    public record Named(Secret secret, String label) {}

    /**
     * Lets one more secret open the file system.
     *
     * @param cost of a passphrase
     * @throws BucketException of kind UNSUPPORTED if there are as many as there can be
     */
    public KeySlot add(Named secret, Argon2Cost cost, Instant now) throws ObjectStoreException, BucketException {
        if (slots.size() == KeysObject.MAX_SLOTS) {
            throw new BucketException(
                    BucketException.Kind.UNSUPPORTED,
                    "there are " + slots.size() + " key slots already, no more are possible; remove one");
        }
        KeySlot slot = KeySlot.wrap(keys, secret.secret(), cost, secret.label(), now, random);
        List<KeySlot> more = new ArrayList<>(slots);
        more.add(slot);
        put(keys, more);
        return slot;
    }

    /**
     * Removes a slot: its secret does not open the file system any more. That takes back nothing: who has used it, or copied the object,
     * may have the key itself.
     *
     * @return false if there is none of this id
     * @throws BucketException of kind UNSUPPORTED if it is the last
     */
    public boolean remove(UUID id) throws ObjectStoreException, BucketException {
        List<KeySlot> left =
                slots.stream().filter(slot -> !slot.id().equals(id)).toList();
        if (left.size() == slots.size()) {
            return false;
        }
        if (left.isEmpty()) {
            throw new BucketException(
                    BucketException.Kind.UNSUPPORTED,
                    "this is the last key slot: without one, nobody reads the file system again");
        }
        put(keys, left);
        return true;
    }

    /**
     * Makes a new generation of the master key, under which everything is sealed that is stored from now on; what is there stays
     * readable. All slots go but those that are made now.
     *
     * @param secrets that open the file system from now on; at least one
     * @param cost of passphrases
     */
    public void rotate(List<Named> secrets, Argon2Cost cost, Instant now) throws ObjectStoreException, BucketException {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("somebody must be able to open the file system");
        }
        KeyRing rotated = keys.rotated(random);
        try {
            List<KeySlot> fresh = new ArrayList<>();
            for (Named secret : secrets) {
                fresh.add(KeySlot.wrap(rotated, secret.secret(), cost, secret.label(), now, random));
            }
            put(rotated, fresh);
        } catch (ObjectStoreException | BucketException | RuntimeException e) {
            rotated.close();
            throw e;
        }
        keys.close();
        keys = rotated;
    }

    private void put(KeyRing ring, List<KeySlot> newSlots) throws ObjectStoreException, BucketException {
        if (!Arrays.equals(object, store.get(BucketLayout.KEYS, KeysObject.MAX_LENGTH))) {
            throw new BucketException(
                    BucketException.Kind.HELD, "somebody else changed the keys at the same time: nothing was changed");
        }
        byte[] changed = KeysObject.encode(ring, revision + 1, newSlots, random);
        store.put(BucketLayout.KEYS, ByteBuffer.wrap(changed));
        object = changed;
        revision++;
        slots = List.copyOf(newSlots);
    }

    /** Overwrites the keys. */
    @Override
    public void close() {
        keys.close();
    }
}
