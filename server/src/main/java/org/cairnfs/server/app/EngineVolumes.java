package org.cairnfs.server.app;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.BucketException;
import org.cairnfs.core.bucket.BucketOptions;
import org.cairnfs.core.bucket.Buckets;
import org.cairnfs.core.crypto.Argon2Cost;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.crypto.RecoveryKey;
import org.cairnfs.core.crypto.Secret;
import org.cairnfs.core.crypto.Suite;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.data.flush.FlushSettings;
import org.cairnfs.core.gc.GcPolicy;
import org.cairnfs.core.gc.Retention;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.StoreStack;
import org.cairnfs.core.objectstore.credentials.CredentialsSource;
import org.cairnfs.core.objectstore.factory.ObjectStores;
import org.cairnfs.core.view.FollowedBucket;
import org.cairnfs.core.volume.CairnVolume;
import org.cairnfs.core.volume.VolumeException;
import org.cairnfs.core.volume.VolumeOptions;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.Progress;
import org.cairnfs.server.config.Durability;
import org.cairnfs.server.config.ServerConfig;

/** Makes and opens file systems with the engine of {@code org.cairnfs.core}. */
final class EngineVolumes implements VolumeFactory {
    /** What lies in the state directory of a server that only reads. */
    private static final String VIEW = "view";

    private final SecureRandom random = new SecureRandom();
    private final Runnable warmUp;

    /** @param warmUp called when an encrypted file system is about to be opened; does not wait */
    EngineVolumes(Runnable warmUp) {
        this.warmUp = warmUp;
    }

    @Override
    public Presence probe(StorageUrl storage, CredentialsSource credentials) throws CairnException {
        try (ObjectStore store = ObjectStores.openToRead(storage, credentials)) {
            return Buckets.probe(store)
                    .map(suite -> suite == Suite.PLAIN ? Presence.PLAIN : Presence.ENCRYPTED)
                    .orElse(Presence.NO_FILE_SYSTEM);
        } catch (ObjectStoreException e) {
            if (e.kind() == Kind.MISSING) {
                return Presence.NO_STORAGE;
            }
            throw EngineFailures.of(e);
        } catch (BucketException | CorruptObjectException e) {
            throw EngineFailures.of(e);
        }
    }

    @Override
    public Made mkfs(MkfsOptions options, Progress progress) throws CairnException {
        BucketOptions bucketOptions = new BucketOptions(
                options.label(),
                ChunkSizes.ofAverage(options.averageChunkBytes()),
                options.compression(),
                Argon2Cost.DEFAULT);
        List<Secret> secrets = new ArrayList<>();
        Optional<RecoveryKey> recovery = options.passphrase().map(secret -> RecoveryKey.generate(random));
        options.passphrase().ifPresent(given -> secrets.add(given.copy()));
        recovery.ifPresent(secrets::add);
        try (ObjectStore store = ObjectStores.create(options.storage(), options.credentials());
                Bucket made = Buckets.create(store, bucketOptions, secrets, Clock.systemUTC())) {
            return new Made(made.format().fileSystem().toString(), recovery.map(RecoveryKey::print));
        } catch (ObjectStoreException | BucketException e) {
            throw EngineFailures.of(e);
        } finally {
            closeAll(secrets);
        }
    }

    @Override
    public Volume open(OpenOptions options, Progress progress) throws CairnException {
        if (options.passphrase().isPresent()) {
            warmUp.run();
        }
        try {
            StorageUrl storage = options.storage();
            StoreStack store = store(options);
            if (options.claim().isReadOnly()) {
                return follow(options, store, progress);
            }
            CairnVolume volume = CairnVolume.open(
                    unlock(store.store(), options.passphrase()),
                    options.stateDirectory(),
                    volumeOptions(options),
                    bytes -> progress.report("rebuilding the metadata", bytes, -1, Progress.Unit.BYTES));
            options.config().shipping().compression().ifPresent(volume::compression);
            return new EngineVolume(volume, store, storage, options.config());
        } catch (VolumeException e) {
            throw EngineFailures.of(e);
        } catch (IOException e) {
            throw EngineFailures.of(e);
        }
    }

    private static StoreStack store(OpenOptions options) throws CairnException, ObjectStoreException {
        StorageUrl storage = options.storage();
        CredentialsSource credentials = options.config().credentials(storage);
        ObjectStore bare = options.claim().isReadOnly()
                ? ObjectStores.openToRead(storage, credentials)
                : ObjectStores.open(storage, credentials);
        StoreStack store = StoreStack.over(bare, storage);
        store.up().rate(options.config().shipping().uploadLimit());
        store.down().rate(options.config().shipping().downloadLimit());
        return store;
    }

    private static Volume follow(OpenOptions options, StoreStack store, Progress progress)
            throws VolumeException, IOException {
        ServerConfig config = options.config();
        FollowedBucket followed = FollowedBucket.open(
                unlock(store.store(), options.passphrase()),
                options.stateDirectory().resolve(VIEW),
                new FollowedBucket.Options(
                        new VolumeOptions.Caches(config.bounds().heapCacheBytes(), diskCacheBytes(options)),
                        config.shipping().interval(),
                        options.claim().atLeast(),
                        Clock.systemUTC()),
                bytes -> progress.report("fetching the metadata", bytes, -1, Progress.Unit.BYTES));
        return new ReadOnlyVolume(followed, store, options.storage());
    }

    /** A local store is as near as a disk cache would be, so it gets none. */
    private static long diskCacheBytes(OpenOptions options) {
        return options.storage().isLocal() ? 0 : options.config().bounds().diskCacheBytes();
    }

    /** Opens with what the user gave; takes the store over. */
    static Bucket unlock(ObjectStore store, Optional<Passphrase> given) throws IOException {
        try {
            if (given.isEmpty()) {
                return Buckets.open(store, Optional.empty());
            }
            return GivenSecret.open(given.get(), secret -> {
                try (secret) {
                    return Buckets.open(store, Optional.of(secret));
                }
            });
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private static VolumeOptions volumeOptions(OpenOptions open) {
        ServerConfig config = open.config();
        FlushSettings usual = FlushSettings.defaults();
        FlushSettings flush = new FlushSettings(
                usual.idle(),
                usual.age(),
                config.bounds().dirtyBytes(),
                usual.dirtyHeap(),
                usual.encoderThreads(),
                usual.encodeMemory(),
                usual.packTarget(),
                usual.packBuffers());
        VolumeOptions options = VolumeOptions.defaults().withClaim(open.claim().ofEngine());
        long segment =
                Math.min(options.journal().segmentBytes(), config.bounds().journalBytes() / 8);
        return options.withCaches(new VolumeOptions.Caches(config.bounds().heapCacheBytes(), diskCacheBytes(open)))
                .withJournal(new VolumeOptions.JournalSize(config.bounds().journalBytes(), segment))
                .withFlush(flush)
                .withGarbage(garbage(config))
                .withTrashKeep(config.trashKeep())
                .withBarriers(new VolumeOptions.Barriers(
                        config.shipping().interval(), config.shipping().durability() == Durability.REMOTE));
    }

    private static VolumeOptions.Garbage garbage(ServerConfig config) {
        Retention retention = new Retention(
                config.garbage().window(),
                config.garbage().hourly(),
                config.garbage().daily(),
                config.garbage().weekly(),
                config.garbage().monthly());
        GcPolicy policy = GcPolicy.DEFAULT
                .withRetention(retention)
                .withBounds(config.garbage().limitBytes(), GcPolicy.DEFAULT.deletions());
        return new VolumeOptions.Garbage(policy, config.garbage().interval());
    }

    private static void closeAll(List<Secret> secrets) {
        for (Secret secret : secrets) {
            secret.close();
        }
    }
}
