package org.cairnfs.server.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.Buckets;
import org.cairnfs.core.bucket.Destruction;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.crypto.Suite;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.StoreStack;
import org.cairnfs.core.objectstore.credentials.CredentialsSource;
import org.cairnfs.core.objectstore.factory.ObjectStores;
import org.cairnfs.core.restore.Moment;
import org.cairnfs.core.restore.Past;
import org.cairnfs.core.volume.MomentRestore;
import org.cairnfs.core.volume.VolumeException;
import org.cairnfs.core.volume.VolumeOptions;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;
import org.cairnfs.server.config.StateDirectory;

/** A file system in a storage, opened by a command that needs no server. For one thread. */
public final class StoredFileSystem implements AutoCloseable {
    private final Bucket bucket;

    private StoredFileSystem(Bucket bucket) {
        this.bucket = bucket;
    }

    /** Where a passphrase comes from, when one is needed. */
    @FunctionalInterface
    public interface Unlock {
        Passphrase passphrase() throws CairnException;
    }

    /** Opens what lies in a storage. */
    public static StoredFileSystem open(StorageUrl storage, CredentialsSource login, Unlock unlock)
            throws CairnException {
        return open(storage, () -> ObjectStores.open(storage, login), unlock);
    }

    /** The same, for who only reads: nothing is put into the storage, and credentials that may only read are enough. */
    public static StoredFileSystem openToRead(StorageUrl storage, CredentialsSource login, Unlock unlock)
            throws CairnException {
        return open(storage, () -> ObjectStores.openToRead(storage, login), unlock);
    }

    private interface Connection {
        ObjectStore open() throws ObjectStoreException;
    }

    private static StoredFileSystem open(StorageUrl storage, Connection connection, Unlock unlock)
            throws CairnException {
        try {
            return new StoredFileSystem(
                    open(StoreStack.over(connection.open(), storage).store(), unlock));
        } catch (IOException e) {
            throw EngineFailures.of(e);
        }
    }

    private static Bucket open(ObjectStore store, Unlock unlock) throws IOException, CairnException {
        boolean encrypted;
        Optional<Passphrase> passphrase;
        try {
            encrypted =
                    Buckets.probe(store).filter(suite -> suite != Suite.PLAIN).isPresent();
            passphrase = encrypted ? Optional.of(unlock.passphrase()) : Optional.empty();
        } catch (IOException | CairnException e) {
            store.close();
            throw e;
        }
        try {
            return EngineVolumes.unlock(store, passphrase);
        } finally {
            passphrase.ifPresent(Passphrase::close);
        }
    }

    /** What a person called it, or else its id. */
    public String name() {
        String label = bucket.format().label();
        return label.isEmpty() ? bucket.format().fileSystem().toString() : label;
    }

    /** Whether somebody means this one: by its label or by its id. */
    public boolean isCalled(String typed) {
        String text = typed.strip();
        return text.equals(name().strip())
                || text.equals(bucket.format().fileSystem().toString());
    }

    /**
     * A moment that can be restored.
     *
     * @param at milliseconds since 1970
     * @param sequence of the journal
     */
    public record Restorable(long at, long sequence) {
        static Restorable of(Moment moment) {
            return new Restorable(moment.at().toEpochMilli(), moment.sequence());
        }
    }

    /**
     * What can be restored.
     *
     * @param from the oldest moment of the window
     * @param through the newest
     * @param restorePoints the oldest first; those of the window too
     */
    public record Restorables(Restorable from, Restorable through, List<Restorable> restorePoints) {}

    static Past past(Bucket bucket, Progress progress) throws IOException, CairnException {
        return Past.of(bucket, bytes -> progress.report("reading", bytes, -1, Progress.Unit.BYTES))
                .orElseThrow(() -> new CairnException(
                        ExitCode.NO_FILE_SYSTEM,
                        "nothing is in " + bucket.store().describe() + " yet that could be restored",
                        "serve it until 'cairn status' tells of a barrier"));
    }

    static VolumeException notKept(Instant time) {
        return new VolumeException(VolumeException.Kind.NOT_KEPT, "nothing of " + time + " or before is kept");
    }

    /** Tells what can be restored. */
    public Restorables restorables(Progress progress) throws CairnException {
        try {
            Past past = past(bucket, progress);
            return new Restorables(
                    Restorable.of(past.windowBegins()),
                    Restorable.of(past.newest()),
                    past.points().stream().map(Restorable::of).toList());
        } catch (IOException e) {
            throw EngineFailures.of(e);
        }
    }

    /** Puts the file system back to the newest moment at a time or before it, in a new state directory. */
    public Restorable restore(Instant time, StateDirectory state, boolean takeOver, Progress progress)
            throws CairnException {
        VolumeOptions options = VolumeOptions.defaults();
        try {
            return Restorable.of(MomentRestore.run(
                    bucket,
                    state.path(),
                    past -> past.at(time, looked -> progress.report("searching", looked, -1, Progress.Unit.OBJECTS))
                            .orElseThrow(() -> notKept(time)),
                    takeOver ? options.withTakeOver() : options,
                    bytes -> progress.report("restoring", bytes, -1, Progress.Unit.BYTES)));
        } catch (VolumeException e) {
            throw EngineFailures.of(e);
        }
    }

    /**
     * Opens its files for reading.
     *
     * @param directory where metadata are kept from command to command
     * @param at as of the newest barrier of that time or before; empty for the newest
     */
    public StoredView view(Path directory, Optional<Instant> at, Progress progress) throws CairnException {
        return StoredView.open(bucket, directory, at, progress);
    }

    /**
     * Deletes the file system.
     *
     * @return how many objects
     */
    public long destroy(boolean takeOver, Progress progress) throws CairnException {
        try {
            return Destruction.run(
                    bucket,
                    takeOver,
                    Clock.systemUTC(),
                    objects -> progress.report("deleting", objects, -1, Progress.Unit.OBJECTS));
        } catch (IOException e) {
            throw EngineFailures.of(e);
        }
    }

    @Override
    public void close() {
        bucket.close();
        bucket.store().close();
    }
}
