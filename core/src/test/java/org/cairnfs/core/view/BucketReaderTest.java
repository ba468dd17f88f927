package org.cairnfs.core.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.op;
import static org.cairnfs.core.volume.VolumeFixture.read;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.fs.Access;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.testkit.ReadOnlyObjectStore;
import org.cairnfs.core.volume.CairnVolume;
import org.cairnfs.core.volume.FileTrees;
import org.cairnfs.core.volume.VolumeException;
import org.cairnfs.core.volume.VolumeFixture;
import org.cairnfs.core.volume.VolumeOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bucket is read beside its server: as of the newest barrier, and without leaving a trace in it. */
class BucketReaderTest {
    private static final VolumeOptions.Caches CACHES = new VolumeOptions.Caches(8 << 20, 8 << 20);
    private static final String SECRET_NAME = "a-name-that-nobody-else-has";

    @TempDir
    Path folder;

    private final Random random = new Random(5);
    private VolumeFixture fixture;
    private CairnVolume server;
    private ReadOnlyObjectStore store;
    private Bucket bucket;

    @BeforeEach
    void make() throws Exception {
        fixture = new VolumeFixture(folder, true);
        server = fixture.open(VolumeOptions.defaults().withBarriers(VolumeFixture.NO_BARRIERS));
        store = new ReadOnlyObjectStore(LocalObjectStore.open(fixture.bucketPath()));
        bucket = fixture.bucketOn(store);
    }

    @AfterEach
    void end() {
        server.abandon();
    }

    private BucketReader reader() throws VolumeException {
        return reader("reader");
    }

    private BucketReader reader(String directory) throws VolumeException {
        return BucketReader.open(bucket, folder.resolve(directory), CACHES);
    }

    private static BucketView newest(BucketReader reader) throws VolumeException {
        return reader.newest(bytes -> {});
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private FileHandle add(String name, byte[] bytes) throws FsException {
        FileHandle file = createFile(server.fileSystem(), name);
        write(server.fileSystem(), file, 0, bytes);
        return file;
    }

    private static void assertKind(VolumeException.Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void showsTheNewestBarrierAndNothingThatCameLater() throws Exception {
        byte[] little = bytes(3_000);
        byte[] much = bytes(900_000);
        add("little", little);
        add("much", much);
        server.barrier();
        add("later", little);
        try (BucketReader reader = reader();
                BucketView view = newest(reader)) {
            FileSystem fs = view.fileSystem();
            assertThat(read(fs, lookup(fs, "little"))).isEqualTo(little);
            assertThat(read(fs, lookup(fs, "much"))).isEqualTo(much);
            assertThatThrownBy(() -> lookup(fs, "later")).isInstanceOf(FsException.class);
            assertThat(view.barrier().standing().sequence())
                    .isEqualTo(server.shipping().sequence());
            assertThat(view.barrier().end().link()).isEqualTo(server.link());
        }
    }

    @Test
    void fetchesOnlyWhatCameSince() throws Exception {
        add("first", bytes(1_000));
        server.barrier();
        server.checkpoint();
        add("second", bytes(1_000));
        server.barrier();
        try (BucketReader reader = reader()) {
            newest(reader).close();
        }
        store.takeRequests();

        try (BucketReader reader = reader();
                BucketView view = newest(reader)) {
            assertThat(lookup(view.fileSystem(), "second")).isNotNull();
        }
        assertThat(store.takeRequests())
                .as("nothing new: two lists, the newest root, and the barrier itself for its overlay")
                .hasSize(4)
                .filteredOn(request -> request.startsWith("get pack/"))
                .isEmpty();

        add("third", bytes(1_000));
        server.barrier();
        add("fourth", bytes(1_000));
        server.barrier();
        try (BucketReader reader = reader();
                BucketView view = newest(reader)) {
            assertThat(lookup(view.fileSystem(), "first")).isNotNull();
            assertThat(lookup(view.fileSystem(), "fourth")).isNotNull();
        }
        assertThat(store.takeRequests())
                .as("two lists, the newest root, and each new log object once")
                .hasSize(5)
                .filteredOn(request -> request.startsWith("get pack/"))
                .isEmpty();
    }

    @Test
    void attributesAreThoseOfTheServer() throws Exception {
        FileHandle file = add("inline", bytes(3_000));
        server.barrier();
        Attributes first = server.fileSystem().getattr(op(), file);
        try (BucketReader reader = reader()) {
            try (BucketView view = newest(reader)) {
                assertThat(view.fileSystem().getattr(op(), lookup(view.fileSystem(), "inline")))
                        .isEqualTo(first);
            }
            write(server.fileSystem(), file, 100, bytes(50));
            server.barrier();
            Attributes second = server.fileSystem().getattr(op(), file);
            assertThat(second.change()).isGreaterThan(first.change());
            try (BucketView view = newest(reader)) {
                assertThat(view.fileSystem().getattr(op(), file)).isEqualTo(second);
            }
        }
    }

    /** What an overlay brings is numbered here by itself, and differently by the server. */
    @Test
    void whatWasLaidOverABarrierIsNotInTheNext() throws Exception {
        byte[] bytes = bytes(2_000_000);
        FileHandle file = add("file", bytes);
        try (BucketReader reader = reader()) {
            for (int round = 0; round < 4; round++) {
                byte[] change = bytes(12_000);
                write(server.fileSystem(), file, 70_000L * round, change);
                System.arraycopy(change, 0, bytes, round * 70_000, change.length);
                server.barrier();
                try (BucketView view = newest(reader)) {
                    byte[] seen = read(view.fileSystem(), file);
                    assertThat(Arrays.mismatch(seen, bytes))
                            .as("round %d", round)
                            .isEqualTo(-1);
                }
                add("more-" + round, bytes(300_000));
                server.flush(left -> {});
            }
        }
    }

    @Test
    void nothingCanBeChanged() throws Exception {
        FileHandle file = add("file", bytes(10));
        server.barrier();
        try (BucketReader reader = reader();
                BucketView view = newest(reader)) {
            FileSystem fs = view.fileSystem();
            assertThatThrownBy(() -> fs.create(op(), fs.root(), Name.of("new"), CreateRequest.file(0644)))
                    .isInstanceOfSatisfying(
                            FsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EROFS));
            assertThat(fs.access(op(), file, Access.READ | Access.WRITE)).isEqualTo(Access.READ);
        }
    }

    @Test
    void severalViewsOfOneReaderStandSideBySide() throws Exception {
        FileHandle file = add("file", new byte[] {1});
        server.barrier();
        try (BucketReader reader = reader();
                BucketView old = newest(reader)) {
            write(server.fileSystem(), file, 0, new byte[] {2});
            server.barrier();
            try (BucketView later = newest(reader)) {
                assertThat(read(old.fileSystem(), file)).containsExactly(1);
                assertThat(read(later.fileSystem(), file)).containsExactly(2);
            }
            assertThat(read(old.fileSystem(), file)).containsExactly(1);
        }
    }

    @Test
    void aChainThatWentAnotherWayIsFollowed() throws Exception {
        add("common", bytes(100));
        server.barrier();
        List<Path> logs = fixture.objects("log");
        add("lost", bytes(100));
        server.barrier();
        try (BucketReader reader = reader()) {
            newest(reader).close();
            server.abandon();
            // It comes too late for the one that takes the bucket over.
            Path late = folder.resolve("late");
            Path log = fixture.objects("log").stream()
                    .filter(object -> !logs.contains(object))
                    .findFirst()
                    .orElseThrow();
            Files.move(log, late);
            fixture.loseMachine("another");
            server = fixture.open(VolumeOptions.defaults().withBarriers(VolumeFixture.NO_BARRIERS));
            Files.move(late, log);
            add("other", bytes(100));
            server.barrier();
            try (BucketView view = newest(reader)) {
                FileSystem fs = view.fileSystem();
                assertThat(read(fs, lookup(fs, "common"))).hasSize(100);
                assertThat(read(fs, lookup(fs, "other"))).hasSize(100);
                assertThatThrownBy(() -> lookup(fs, "lost")).isInstanceOf(FsException.class);
            }
        }
    }

    @Test
    void aRollBackOfTheBucketIsNoticed() throws Exception {
        add("first", bytes(100));
        server.barrier();
        Path before = folder.resolve("before");
        VolumeFixture.copyTree(fixture.bucketPath(), before);
        add("second", bytes(100));
        server.barrier();
        try (BucketReader reader = reader()) {
            newest(reader).close();
        }
        FileTrees.delete(fixture.bucketPath());
        VolumeFixture.copyTree(before, fixture.bucketPath());
        try (BucketReader reader = reader()) {
            assertKind(VolumeException.Kind.ROLLED_BACK, () -> newest(reader));
        }
        try (BucketReader other = reader("another")) {
            newest(other).close();
        }
    }

    @Test
    void aBucketThatWasRolledBackAndGoesOnPastWhatWasSeenIsNoticed() throws Exception {
        add("first", bytes(100));
        server.barrier();
        Path before = folder.resolve("before");
        VolumeFixture.copyTree(fixture.bucketPath(), before);
        add("second", bytes(100));
        server.barrier();
        try (BucketReader reader = reader()) {
            newest(reader).close();
            server.abandon();
            FileTrees.delete(fixture.bucketPath());
            VolumeFixture.copyTree(before, fixture.bucketPath());
            fixture.loseMachine("another");
            server = fixture.open(VolumeOptions.defaults().withBarriers(VolumeFixture.NO_BARRIERS));
            for (int i = 0; i < 3; i++) {
                add("later" + i, bytes(100));
                server.barrier();
            }
            assertKind(VolumeException.Kind.ROLLED_BACK, () -> newest(reader));
        }
        try (BucketReader other = reader("another")) {
            newest(other).close();
        }
    }

    @Test
    void aBucketThatNothingWasShippedToIsRefused() throws Exception {
        try (BucketReader reader = reader()) {
            assertKind(VolumeException.Kind.STATE_MISMATCH, () -> newest(reader));
        }
    }

    @Test
    void theDirectoryIsOfOneReaderAndOneFileSystem() throws Exception {
        server.barrier();
        try (BucketReader reader = reader()) {
            newest(reader).close();
            assertKind(VolumeException.Kind.LOCAL_STORAGE, this::reader);
        }
        VolumeFixture other = new VolumeFixture(Files.createDirectory(folder.resolve("other")), true);
        assertKind(
                VolumeException.Kind.STATE_MISMATCH,
                () -> BucketReader.open(other.bucket(), folder.resolve("reader"), CACHES));
        reader().close();
    }

    @Test
    void aDamagedBaseIsFetchedAgain() throws Exception {
        add("file", bytes(100));
        server.barrier();
        try (BucketReader reader = reader()) {
            newest(reader).close();
        }
        Path database = folder.resolve("reader/base/metadata.mv.db");
        Files.write(database, bytes((int) Files.size(database)));
        add("later", bytes(100));
        server.barrier();
        try (BucketReader reader = reader();
                BucketView view = newest(reader)) {
            assertThat(lookup(view.fileSystem(), "file")).isNotNull();
            assertThat(lookup(view.fileSystem(), "later")).isNotNull();
        }
    }

    /** A copy of the directory at each request to the store is what a crash leaves there. */
    @Test
    void aReaderThatDiesAnywhereIsFollowedByOneThatLives() throws Exception {
        add("first", bytes(50_000));
        server.barrier();
        server.checkpoint();
        try (BucketReader reader = reader()) {
            newest(reader).close();
            add("second", bytes(50_000));
            server.barrier();
            add("third", bytes(50_000));
            server.barrier();
        }
        int[] copies = {0};
        ReadOnlyObjectStore copying = new ReadOnlyObjectStore(LocalObjectStore.open(fixture.bucketPath())) {
            @Override
            public synchronized byte[] get(String key, int maxLength) throws ObjectStoreException {
                try {
                    VolumeFixture.copyTree(folder.resolve("reader"), folder.resolve("copy-" + copies[0]++));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
                return super.get(key, maxLength);
            }
        };
        try (Bucket copied = fixture.bucketOn(copying);
                BucketReader reader = BucketReader.open(copied, folder.resolve("reader"), CACHES)) {
            newest(reader).close();
        }
        assertThat(copies[0]).isGreaterThan(3);
        for (int i = 0; i < copies[0]; i++) {
            try (BucketReader reader = reader("copy-" + i);
                    BucketView view = newest(reader)) {
                FileSystem fs = view.fileSystem();
                for (String name : List.of("first", "second", "third")) {
                    assertThat(read(fs, lookup(fs, name)))
                            .as("%s in copy %d", name, i)
                            .hasSize(50_000);
                }
            }
        }
    }

    @Test
    void nothingPlainLiesOnTheDisk() throws Exception {
        byte[] text = "the content that nobody is to read. ".repeat(50).getBytes(StandardCharsets.UTF_8);
        add(SECRET_NAME, text);
        server.barrier();
        Path directory = folder.resolve("reader");
        try (BucketReader reader = reader();
                BucketView view = newest(reader)) {
            FileSystem fs = view.fileSystem();
            assertThat(read(fs, lookup(fs, SECRET_NAME))).isEqualTo(text);
            assertNothingPlain(directory);
        }
        assertNothingPlain(directory);
        assertThat(directory.resolve("views")).isEmptyDirectory();
    }

    private static void assertNothingPlain(Path directory) throws Exception {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.naturalOrder()).toList()) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                assertThat(mode).as("mode of %s", file).endsWith("------");
                if (Files.isRegularFile(file)) {
                    String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                    assertThat(content)
                            .as("%s", file)
                            .doesNotContain(SECRET_NAME)
                            .doesNotContain("nobody is to read");
                }
            }
        }
    }
}
