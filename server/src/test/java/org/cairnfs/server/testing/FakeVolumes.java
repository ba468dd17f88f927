package org.cairnfs.server.testing;

import com.google.common.collect.Maps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.lock.LeaseTable;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.StoreMetrics;
import org.cairnfs.core.objectstore.StoreMetrics.Usage;
import org.cairnfs.core.objectstore.StoreMetrics.Verb;
import org.cairnfs.core.objectstore.credentials.CredentialsSource;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Failures;
import org.cairnfs.server.Progress;
import org.cairnfs.server.app.GarbageReport;
import org.cairnfs.server.app.Trees;
import org.cairnfs.server.app.Tuning;
import org.cairnfs.server.app.Volume;
import org.cairnfs.server.app.VolumeChecks;
import org.cairnfs.server.app.VolumeFactory;
import org.cairnfs.server.app.VolumeSnapshots;
import org.cairnfs.server.app.VolumeStatistics;
import org.cairnfs.server.app.VolumeStatus;
import org.cairnfs.server.app.VolumeTrash;
import org.cairnfs.server.config.Durability;

/**
 * File systems without files, for the tests of what is around them: a local folder with one file that holds the passphrase.
 *
 * <p>System properties make the volume misbehave: {@code cairn.fake.open=EXIT_CODE} fails to open, {@code cairn.fake.stuck=true}
 * never uploads all, {@code cairn.fake.fails=true} fails as soon as it is flushed.
 */
public final class FakeVolumes implements VolumeFactory {
    /** The object in the store. */
    static final String FORMAT = "fake-format";

    /** A file in the state directory that says how the volume ended: stopped or abandoned. */
    public static final String END = "fake-end";

    private static final String PLAIN_MARK = "plain";

    @Override
    public Presence probe(StorageUrl storage, CredentialsSource credentials) throws CairnException {
        Path format = storage.folder().resolve(FORMAT);
        if (!Files.isDirectory(storage.folder())) {
            return Presence.NO_STORAGE;
        }
        if (!Files.exists(format)) {
            return Presence.NO_FILE_SYSTEM;
        }
        return read(format).equals(PLAIN_MARK) ? Presence.PLAIN : Presence.ENCRYPTED;
    }

    @Override
    public Made mkfs(MkfsOptions options, Progress progress) throws CairnException {
        Path folder = options.storage().folder();
        try {
            Files.createDirectories(folder);
            String content = options.passphrase()
                    .map(secret -> new String(secret.copyBytes(), StandardCharsets.UTF_8))
                    .orElse(PLAIN_MARK);
            Files.writeString(folder.resolve(FORMAT), content);
            return new Made("fake-1", options.passphrase().map(secret -> "RECOVERY-KEY-OF-FAKE"));
        } catch (IOException e) {
            throw Failures.ofFile("cannot make a file system in " + folder, e);
        }
    }

    @Override
    public Volume open(OpenOptions options, Progress progress) throws CairnException {
        String failure = System.getProperty("cairn.fake.open");
        if (failure != null) {
            throw new CairnException(ExitCode.valueOf(failure), "opening failed as the test wants", "try another");
        }
        progress.report("replaying the journal", 1, 1, Progress.Unit.RECORDS);
        String wanted = read(options.storage().folder().resolve(FORMAT));
        byte[] given =
                options.passphrase().map(Passphrase::copyBytes).orElse(PLAIN_MARK.getBytes(StandardCharsets.UTF_8));
        if (!Arrays.equals(given, wanted.getBytes(StandardCharsets.UTF_8))) {
            throw new CairnException(ExitCode.WRONG_PASSPHRASE, "wrong passphrase", "try again");
        }
        return new FakeVolume(options);
    }

    private static String read(Path format) throws CairnException {
        try {
            return Files.readString(format);
        } catch (IOException e) {
            throw Failures.ofFile("cannot read " + format, e);
        }
    }

    /** A volume that counts its flushes. */
    private static final class FakeVolume implements Volume {
        private final OpenOptions options;
        private final FileSystem fileSystem = (FileSystem) Proxy.newProxyInstance(
                FileSystem.class.getClassLoader(), new Class<?>[] {FileSystem.class}, (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
        private final CompletableFuture<CairnException> failure = new CompletableFuture<>();
        private final Tuning tuning = new FakeTuning();
        private final Trees trees = new FakeTrees();
        private final VolumeTrash trash = new FakeTrash();
        private final VolumeChecks checks = new FakeChecks();
        private final VolumeSnapshots snapshots = new FakeSnapshots();
        private int flushes;

        FakeVolume(OpenOptions options) {
            this.options = options;
        }

        @Override
        public FileSystem fileSystem() {
            return fileSystem;
        }

        @Override
        public byte[] handleKey() {
            return new byte[32];
        }

        @Override
        public Optional<LeaseTable> leases() {
            return Optional.empty();
        }

        @Override
        public synchronized VolumeStatus status() {
            return new VolumeStatus(
                    "fake-1",
                    "",
                    options.storage().toString(),
                    options.passphrase().isPresent(),
                    "zstd-3",
                    7,
                    Durability.LOCAL,
                    VolumeStatus.State.SERVING,
                    0,
                    new VolumeStatus.Journal(4096, options.config().bounds().journalBytes(), 10, 10, ""),
                    new VolumeStatus.Cache(0, 1, 0, options.config().bounds().diskCacheBytes(), 90, 10),
                    new VolumeStatus.Dirty(flushes == 0 ? 1000 : 0, 1 << 20),
                    new VolumeStatus.Uploads(0, 0, 0, ""),
                    new VolumeStatus.Barrier(flushes, 0, flushes == 0 ? 1500 : 0),
                    new VolumeStatus.Garbage(1, 2048, 4096, 3, ""),
                    new VolumeStatus.Scrub(86_400_000, 1, 0, 20, 100, 2, 1, ""),
                    VolumeStatus.Following.NONE,
                    "");
        }

        @Override
        public VolumeSnapshots snapshots() {
            return snapshots;
        }

        @Override
        public VolumeChecks checks() {
            return checks;
        }

        @Override
        public Trees trees() {
            return trees;
        }

        @Override
        public VolumeTrash trash() {
            return trash;
        }

        @Override
        public Tuning tuning() {
            return tuning;
        }

        @Override
        public StoreMetrics storeMetrics() {
            return new StoreMetrics(Maps.toMap(List.of(Verb.values()), verb -> new Usage(1, 0, 10, 100)));
        }

        @Override
        public VolumeStatistics statistics() {
            return new VolumeStatistics(3, 2, 5, 1, 1000, 600, 300, 310, 4096, 0, 1 << 20, 1000);
        }

        @Override
        public synchronized void flush(Progress progress) {
            for (int step = 1; step <= 3; step++) {
                progress.report("uploading", step, 3, Progress.Unit.OBJECTS);
            }
            flushes++;
            if (Boolean.getBoolean("cairn.fake.fails")) {
                failure.complete(
                        new CairnException(ExitCode.DISK_FULL, "the journal's disk is full", "free some space"));
            }
        }

        @Override
        public GarbageReport collectGarbage(boolean dropRestorePoints, boolean dryRun, Progress progress) {
            progress.report("looking at packs", 1, 1, Progress.Unit.OBJECTS);
            return new GarbageReport(
                    dryRun, 9, 900, 500, 2, 40, 3, dropRestorePoints ? 0 : 4, 80, 5, 100, 1, 6, 0, 0, 0, 1, false);
        }

        @Override
        public boolean stop(Duration uploadTimeout, Progress progress) {
            tellEnd("stopped");
            return !Boolean.getBoolean("cairn.fake.stuck");
        }

        @Override
        public void abandon() {
            tellEnd("abandoned");
        }

        private void tellEnd(String how) {
            try {
                Files.writeString(options.stateDirectory().resolve(END), how);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public CairnException awaitFailure() throws InterruptedException {
            try {
                return failure.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
