package org.cairnfs.server.app;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.Buckets;
import org.cairnfs.core.bucket.KeySlots;
import org.cairnfs.core.bucket.Lease;
import org.cairnfs.core.bucket.LeaseObject;
import org.cairnfs.core.crypto.Argon2Cost;
import org.cairnfs.core.crypto.KeySlot;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.crypto.RecoveryKey;
import org.cairnfs.core.crypto.Secret;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.StoreStack;
import org.cairnfs.core.objectstore.credentials.CredentialsSource;
import org.cairnfs.core.objectstore.factory.ObjectStores;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;

/** The key slots of a file system in a storage, for commands. For one thread. */
public final class StoreKeys implements AutoCloseable {
    private final ObjectStore store;
    private final Secret secret;
    private final KeySlots slots;

    private StoreKeys(ObjectStore store, Secret secret, KeySlots slots) {
        this.store = store;
        this.secret = secret;
        this.slots = slots;
    }

    /**
     * One slot.
     *
     * @param id random; commands take as much of its beginning as is needed
     * @param created milliseconds since 1970
     * @param opened whether the secret that was given is the one of this slot
     */
    public record Slot(String id, KeySlot.Kind kind, String label, long created, boolean opened) {}

    /**
     * Reads the slots.
     *
     * @param given a passphrase or, when that opens nothing and looks like one, a printed recovery key; not closed
     */
    public static StoreKeys open(StorageUrl storage, CredentialsSource login, Passphrase given) throws CairnException {
        ObjectStore store = null;
        try {
            store = StoreStack.over(ObjectStores.open(storage, login), storage).store();
            ObjectStore opened = store;
            return GivenSecret.open(given, secret -> new StoreKeys(opened, secret, KeySlots.open(opened, secret)));
        } catch (IOException e) {
            if (store != null) {
                store.close();
            }
            throw EngineFailures.of(e);
        }
    }

    /** All slots. */
    public List<Slot> slots() {
        return slots.slots().stream().map(this::slot).toList();
    }

    private Slot slot(KeySlot slot) {
        return new Slot(
                slot.id().toString(),
                slot.kind(),
                slot.label(),
                slot.created().toEpochMilli(),
                slot.id().equals(slots.opened()));
    }

    /** The generation of the keys, 1 or more. */
    public int generation() {
        return slots.generation();
    }

    /** Lets one more passphrase open the file system. */
    public Slot add(Passphrase passphrase, String label) throws CairnException {
        return addSecret(passphrase, label);
    }

    /** Makes a recovery key; gives it as it is printed. */
    public String addRecoveryKey(String label) throws CairnException {
        try (RecoveryKey key = RecoveryKey.generate(new SecureRandom())) {
            addSecret(key, label);
            return key.print();
        }
    }

    private Slot addSecret(Secret fresh, String label) throws CairnException {
        try {
            return slot(slots.add(
                    new KeySlots.Named(fresh, label),
                    Argon2Cost.DEFAULT,
                    Clock.systemUTC().instant()));
        } catch (IOException e) {
            throw EngineFailures.of(e);
        }
    }

    /** The slot whose id begins so; USAGE if there is none, or several. */
    public Slot find(String begin) throws CairnException {
        List<Slot> found =
                slots().stream().filter(slot -> slot.id().startsWith(begin)).toList();
        if (found.size() != 1) {
            throw new CairnException(
                    ExitCode.USAGE,
                    (found.isEmpty() ? "no key slot begins with '" : "several key slots begin with '") + begin + "'",
                    "see 'cairn key list'");
        }
        return found.get(0);
    }

    /** Removes a slot. */
    public void remove(Slot slot) throws CairnException {
        try {
            slots.remove(UUID.fromString(slot.id()));
        } catch (IOException e) {
            throw EngineFailures.of(e);
        }
    }

    /**
     * Makes new keys, for all that is stored from now on. The secret that opened these, those that are kept and a new recovery key open
     * the file system then; no other.
     *
     * @return the new recovery key, as it is printed
     */
    public String rotate(List<Passphrase> kept) throws CairnException {
        try (RecoveryKey recovery = RecoveryKey.generate(new SecureRandom())) {
            refuseWhileServed();
            List<KeySlots.Named> secrets = new ArrayList<>();
            secrets.add(new KeySlots.Named(recovery, "recovery key"));
            secrets.add(new KeySlots.Named(secret, labelOfOpened()));
            kept.forEach(passphrase -> secrets.add(new KeySlots.Named(passphrase, "")));
            slots.rotate(secrets, Argon2Cost.DEFAULT, Clock.systemUTC().instant());
            return recovery.print();
        } catch (IOException e) {
            throw EngineFailures.of(e);
        }
    }

    private String labelOfOpened() {
        return slots.slots().stream()
                .filter(slot -> slot.id().equals(slots.opened()))
                .map(KeySlot::label)
                .findFirst()
                .orElse("");
    }

    /** A server that runs would go on with the old keys. */
    private void refuseWhileServed() throws IOException, CairnException {
        try (Bucket bucket = Buckets.open(store, Optional.of(secret))) {
            Optional<LeaseObject> lease = Lease.read(bucket);
            if (lease.isPresent() && !lease.get().released()) {
                throw new CairnException(
                        ExitCode.BUCKET_IN_USE,
                        "the server on " + lease.get().host() + " holds the storage since "
                                + lease.get().since(),
                        "stop it; it takes the new keys when it starts again");
            }
        }
    }

    @Override
    public void close() {
        slots.close();
        secret.close();
        store.close();
    }
}
