package org.cairnfs.core.volume;

import com.google.common.collect.Iterators;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.cairnfs.core.bucket.BucketOptions;
import org.cairnfs.core.bucket.Buckets;
import org.cairnfs.core.crypto.Argon2Cost;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.crypto.Secret;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.data.flush.FlushSettings;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.gc.GcPolicy;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.testkit.MemoryObjectStore;
import org.cairnfs.core.testkit.MutationSequence;
import org.cairnfs.core.testkit.PowerLossFiles;
import org.cairnfs.core.testkit.PowerLossFiles.Loss;
import org.cairnfs.core.testkit.PowerLossFiles.Survivor;
import org.cairnfs.core.testkit.Subject;

/**
 * One run of operations on a whole volume, whose journal's disk is {@link PowerLossFiles}, and what a crash would have left at
 * each step of that disk: journal, database file, bucket, and what had been promised by then.
 *
 * <p>Flushes, checkpoints and trims go on in between. The database file is copied at the same moments, while H2 writes it.
 */
final class CrashRun {
    private static final char[] PASSPHRASE = "correct horse".toCharArray();
    private static final int OPERATIONS_PER_FLUSH = 12;

    private final Path folder;
    private final boolean encrypted;
    private final Random random;
    private final MutationSequence operations;
    private final int stepsPerMoment;
    private final PowerLossFiles disk = new PowerLossFiles();
    private final MemoryObjectStore store = new MemoryObjectStore();
    private final Path state;
    private final Iterator<Loss> losses = Iterators.cycle(Loss.values());
    private final List<Moment> moments = new ArrayList<>();
    private final AtomicLong steps = new AtomicLong();

    // How many operations were begun, were answered, and were answered as stable; written by the client's thread.
    private volatile int begun;
    private volatile int answered;
    private volatile int stable;

    /**
     * What a crash at one step would leave.
     *
     * @param stable operations whose effect must be there after a power loss
     * @param answered operations whose effect must be there after the death of the process
     * @param begun operations whose effect may be there
     * @param database copy of the directory with the database
     */
    record Moment(
            long step,
            int stable,
            int answered,
            int begun,
            Loss loss,
            Survivor journal,
            MemoryObjectStore store,
            Path database) {
        /** Operations whose effect must be there. */
        int least() {
            return loss == Loss.NOTHING ? answered : stable;
        }

        @Override
        public String toString() {
            return "step " + step + " of the journal's disk, " + loss + " lost (" + journal.lost() + " pieces), "
                    + stable + " operations stable, " + answered + " answered, " + begun + " begun";
        }
    }

    /**
     * A run.
     *
     * @param stepsPerMoment a crash is tried at every so many steps of the journal's disk
     */
    CrashRun(Path folder, boolean encrypted, long seed, int operations, int stepsPerMoment) throws Exception {
        this.folder = folder;
        this.encrypted = encrypted;
        this.random = new Random(seed);
        this.operations = MutationSequence.random(seed, operations);
        this.stepsPerMoment = stepsPerMoment;
        this.state = Files.createDirectories(folder.resolve("state"));
        BucketOptions options = new BucketOptions(
                "crash", ChunkSizes.ofAverage(1 << 10), Compression.DEFAULT, new Argon2Cost(64, 1, 1));
        Buckets.create(store, options, secrets(), new FakeClock().asClock()).close();
    }

    MutationSequence operations() {
        return operations;
    }

    List<Moment> moments() {
        return moments;
    }

    /** How many steps the journal's disk made while the run was looked at. */
    long steps() {
        return steps.get();
    }

    /** Does all operations, with a look at each step; then ends without a flush. */
    void run() throws Exception {
        FakeClock clock = new FakeClock();
        CairnVolume volume = open(store, state, disk, clock);
        volume.fileSystem().endGrace(); // as the model is: in grace, what lost its last name can still be cloned from
        Subject subject = new Disturbed(volume);
        MutationSequence.Player player = operations.on(subject, clock);
        disk.beforeStep(this::look);
        while (player.done() < operations.length()) {
            int index = player.done();
            begun = index + 1;
            MutationSequence.Answer answer = player.next();
            boolean wait = random.nextInt(3) == 0;
            if (wait) {
                volume.fileSystem().awaitStable(answer.journaled());
            }
            answered = index + 1;
            if (wait && answer.journaled() > 0
                    || operations.isCommit(index) && answer.told().equals("done")) {
                stable = index + 1;
            }
            if (random.nextInt(OPERATIONS_PER_FLUSH) == 0) {
                volume.flush(left -> {});
            }
        }
        disk.beforeStep(() -> {});
        volume.abandon();
        look(losses.next());
        if (volume.failure().isDone()) {
            throw new AssertionError("the volume failed", volume.failure().getNow(null));
        }
    }

    /** The journal before the database before the bucket: the order in which a crash must find them, or a later one. */
    private void look() {
        if (steps.getAndIncrement() % stepsPerMoment == 0) {
            look(losses.next());
        }
    }

    private void look(Loss loss) {
        int wasStable = stable;
        int wasAnswered = answered;
        Survivor survivor = disk.survivor(loss, random.nextLong());
        Path copy = folder.resolve("moment" + moments.size());
        try {
            VolumeFixture.copyTree(state.resolve("metadata"), copy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        moments.add(new Moment(steps.get(), wasStable, wasAnswered, begun, loss, survivor, store.copy(), copy));
    }

    /** Opens what a crash left, with this database; null for none. */
    CairnVolume open(Moment moment, Path database, Path newState, FakeClock clock) throws Exception {
        Files.createDirectories(newState.resolve("journal"));
        Files.copy(state.resolve("identity"), newState.resolve("identity"));
        if (database != null) {
            VolumeFixture.copyTree(database, newState.resolve("metadata"));
        }
        return open(moment.store(), newState, moment.journal().files(), clock);
    }

    /** Opens a bucket with nothing local. */
    CairnVolume openElsewhere(MemoryObjectStore bucket, Path newState, FakeClock clock) throws Exception {
        return open(bucket, Files.createDirectories(newState), new PowerLossFiles(), clock);
    }

    private CairnVolume open(MemoryObjectStore objects, Path directory, PowerLossFiles journal, FakeClock clock)
            throws Exception {
        return CairnVolume.open(
                Buckets.open(objects, secrets().stream().findFirst()),
                directory,
                place -> {
                    Files.createDirectories(place);
                    return journal;
                },
                options(clock),
                bytes -> {});
    }

    /** Small bounds, and flushes all the time; barriers only with a flush that is asked for, as each one syncs the journal. */
    static VolumeOptions options(FakeClock clock) {
        FlushSettings flush =
                new FlushSettings(Duration.ZERO, Duration.ZERO, 64 << 20, 8 << 20, 1, 1 << 20, 64 << 10, 2);
        return new VolumeOptions(
                new VolumeOptions.Caches(4 << 20, 0),
                new VolumeOptions.JournalSize(1 << 20, 64 << 10),
                flush,
                Duration.ofHours(1),
                VolumeFixture.NO_BARRIERS,
                new VolumeOptions.Garbage(GcPolicy.DEFAULT, Duration.ZERO),
                VolumeOptions.Claim.USUAL,
                Duration.ZERO,
                clock.asClock());
    }

    private List<Secret> secrets() {
        return encrypted ? List.of(Passphrase.of(PASSPHRASE.clone())) : List.of();
    }

    /** Makes room when there is none. */
    private record Disturbed(CairnVolume volume) implements Subject {
        @Override
        public FileSystem fileSystem() {
            return volume.fileSystem();
        }

        /** The crashes of this run are tried on copies of what it left. */
        @Override
        public void restart() {
            throw new UnsupportedOperationException("this run is not restarted");
        }

        @Override
        public void recover() {
            try {
                volume.flush(left -> {});
            } catch (VolumeException e) {
                throw new AssertionError("there is no room, and none can be made", e);
            }
        }
    }
}
