package org.cairnfs.core.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.op;
import static org.cairnfs.core.volume.VolumeFixture.read;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cairnfs.core.bucket.Link;
import org.cairnfs.core.fs.DirectoryPage;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.ReadResult;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.namespace.MutatingVerbs;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.testkit.FaultyObjectStore;
import org.cairnfs.core.testkit.FaultyObjectStore.Faults;
import org.cairnfs.core.testkit.ReadOnlyObjectStore;
import org.cairnfs.core.volume.Caches;
import org.cairnfs.core.volume.CairnVolume;
import org.cairnfs.core.volume.VolumeException;
import org.cairnfs.core.volume.VolumeFixture;
import org.cairnfs.core.volume.VolumeOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One server writes, and whoever follows its bucket goes from barrier to barrier, without anybody noticing but by what is there. */
class FollowedBucketTest {
    private static final VolumeOptions.Caches CACHES = new VolumeOptions.Caches(8 << 20, 0);
    private static final int SIZE = 100_000;
    private static final int VERSIONS = Boolean.getBoolean("cairn.long") ? 120 : 25;

    @TempDir
    Path folder;

    private final Random random = new Random(6);
    private VolumeFixture fixture;
    private CairnVolume server;
    private FaultyObjectStore faulty;
    private GatedStore store;
    private FollowedBucket followed;

    /** Holds back who reads packs, while it is shut. */
    private static final class GatedStore extends ReadOnlyObjectStore {
        private volatile CountDownLatch gate = new CountDownLatch(0);
        private volatile CountDownLatch arrived = new CountDownLatch(1);

        GatedStore(FaultyObjectStore store) {
            super(store);
        }

        void shut() {
            arrived = new CountDownLatch(1);
            gate = new CountDownLatch(1);
        }

        @Override
        public byte[] get(String key, long offset, int length) throws ObjectStoreException {
            arrived.countDown();
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return super.get(key, offset, length);
        }
    }

    @BeforeEach
    void make() throws Exception {
        fixture = new VolumeFixture(folder, true);
        server = fixture.open(VolumeOptions.defaults().withBarriers(VolumeFixture.NO_BARRIERS));
        server.fileSystem().endGrace();
        faulty = new FaultyObjectStore(LocalObjectStore.open(fixture.bucketPath()), 1, Faults.NONE);
        store = new GatedStore(faulty);
    }

    @AfterEach
    void end() {
        if (followed != null) {
            followed.close();
        }
        server.abandon();
    }

    private FollowedBucket.Options options(Duration interval, Optional<Link> atLeast) {
        return new FollowedBucket.Options(CACHES, interval, atLeast, Clock.systemUTC());
    }

    private FileSystem follow() throws Exception {
        followed = FollowedBucket.openOnce(
                fixture.bucketOn(store),
                folder.resolve("reader"),
                options(Duration.ofDays(1), Optional.empty()),
                bytes -> {});
        return followed.fileSystem();
    }

    private FileHandle add(String name, byte[] bytes) throws FsException {
        FileHandle file = createFile(server.fileSystem(), name);
        write(server.fileSystem(), file, 0, bytes);
        return file;
    }

    private byte[] bytes() {
        byte[] bytes = new byte[SIZE];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] filled(int value) {
        byte[] bytes = new byte[SIZE];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    @Test
    void whatIsOpenStaysOpenOverBarriers() throws Exception {
        byte[] first = bytes();
        FileHandle file = add("file", first);
        server.barrier();
        FileSystem fs = follow();
        FileHandle open = lookup(fs, "file");
        assertThat(open).isEqualTo(file);
        fs.pin(open);
        assertThat(fs.readOpen(op(), open, 0, 10).length()).isEqualTo(10);

        byte[] second = bytes();
        write(server.fileSystem(), file, 0, second);
        add("later", second);
        server.barrier();
        assertThat(read(fs, open)).as("until a look").isEqualTo(first);
        assertThat(followed.look()).isTrue();
        assertThat(read(fs, open)).isEqualTo(second);
        assertThat(read(fs, lookup(fs, "later"))).isEqualTo(second);
        fs.unpin(open);

        server.fileSystem().remove(op(), server.fileSystem().root(), Name.of("file"), RemoveKind.ANY);
        server.barrier();
        followed.look();
        assertThatThrownBy(() -> fs.getattr(op(), open))
                .isInstanceOfSatisfying(
                        FsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ESTALE));
        fs.unpin(open);
    }

    /** Somebody asks for the status of a server that is stopping. */
    @Test
    void itCanBeAskedHowItIsWhenItHasEnded() throws Exception {
        add("file", bytes());
        server.barrier();
        FileSystem fs = follow();
        read(fs, lookup(fs, "file"));
        followed.close();
        assertThat(followed.<Long, RuntimeException>withCaches(Caches::memoryBytes))
                .isNotNegative();
        assertThat(followed.standing().barrier().standing().sequence()).isPositive();
        assertThat(views()).isEmpty();
    }

    @Test
    void noVerbChangesAnything() throws Exception {
        MutatingVerbs verbs = MutatingVerbs.plant(server.fileSystem());
        server.barrier();
        FileSystem fs = follow();
        verbs.on(fs, op())
                .forEach((name, verb) -> assertThatThrownBy(() -> verb.call().run())
                        .as(name)
                        .isInstanceOfSatisfying(
                                FsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EROFS)));
        assertThat(fs.getattr(op(), fs.root())).isEqualTo(server.fileSystem().getattr(op(), fs.root()));
    }

    @Test
    void aDirectoryIsListedOnOverBarriers() throws Exception {
        for (int i = 0; i < 20; i++) {
            createFile(server.fileSystem(), "file-" + i);
        }
        server.barrier();
        FileSystem fs = follow();
        DirectoryPage page = fs.readdir(op(), fs.root(), 0, 10, false);
        List<String> names = new ArrayList<>();
        page.entries().forEach(entry -> names.add(entry.name().toString()));
        createFile(server.fileSystem(), "late");
        server.fileSystem().remove(op(), server.fileSystem().root(), Name.of("file-0"), RemoveKind.ANY);
        server.barrier();
        followed.look();
        long after = page.entries().get(page.entries().size() - 1).cookie();
        fs.readdir(op(), fs.root(), after, 100, false)
                .entries()
                .forEach(entry -> names.add(entry.name().toString()));
        assertThat(names).doesNotHaveDuplicates().hasSize(21).contains("file-0", "file-19", "late");
    }

    @Test
    void aCallEndsOnTheViewThatItBeganOn() throws Exception {
        byte[] first = bytes();
        FileHandle file = add("file", first);
        server.flush(left -> {});
        FileSystem fs = follow();
        store.shut();
        ExecutorService caller = Executors.newSingleThreadExecutor();
        try {
            Future<byte[]> reading = caller.submit(() -> read(fs, file));
            assertThat(store.arrived.await(60, TimeUnit.SECONDS)).isTrue();
            server.fileSystem().remove(op(), server.fileSystem().root(), Name.of("file"), RemoveKind.ANY);
            server.barrier();
            assertThat(followed.look()).isTrue();
            assertThatThrownBy(() -> lookup(fs, "file")).isInstanceOf(FsException.class);
            assertThat(views()).hasSize(2);
            store.gate.countDown();
            assertThat(reading.get(60, TimeUnit.SECONDS)).isEqualTo(first);
        } finally {
            store.gate.countDown();
            caller.shutdownNow();
        }
        followed.close();
        assertThat(views()).isEmpty();
    }

    private List<Path> views() throws Exception {
        try (var views = Files.list(folder.resolve("reader/views"))) {
            return views.toList();
        }
    }

    @Test
    void aLookThatFindsNothingIsOneRequest() throws Exception {
        add("file", bytes());
        server.barrier();
        follow();
        store.takeRequests();
        assertThat(followed.look()).isFalse();
        assertThat(store.takeRequests()).containsExactly("list log/");
        server.checkpoint();
        assertThat(followed.look()).as("a checkpoint alone").isFalse();
        assertThat(store.takeRequests()).containsExactly("list log/");
    }

    @Test
    void whileTheStoreIsAwayWhatIsThereStays() throws Exception {
        byte[] first = bytes();
        FileHandle file = add("file", first);
        server.barrier();
        FileSystem fs = follow();
        assertThat(read(fs, file)).isEqualTo(first);
        write(server.fileSystem(), file, 0, filled(1));
        server.barrier();
        faulty.faults(Faults.errors(1));
        assertThatThrownBy(followed::look)
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(VolumeException.Kind.STORE));
        assertThat(followed.standing().failure()).isPresent();
        assertThat(fs.getattr(op(), file).size()).isEqualTo(SIZE);
        faulty.faults(Faults.NONE);
        assertThat(followed.look()).isTrue();
        assertThat(followed.standing().failure()).isEmpty();
        assertThat(followed.standing().barrier().standing().sequence())
                .isEqualTo(server.shipping().sequence());
        assertThat(read(fs, file)).isEqualTo(filled(1));
    }

    /** A reader that was away for longer than the window finds objects of its barrier collected. */
    @Test
    void whereAnObjectIsGoneALaterBarrierIsLookedForFirst() throws Exception {
        FileHandle file = add("file", bytes());
        server.flush(left -> {});
        List<Path> packs = fixture.objects("pack");
        FileSystem fs = follow();
        write(server.fileSystem(), file, 0, filled(7));
        server.flush(left -> {});
        for (Path pack : packs) {
            Files.delete(pack);
        }
        assertThat(read(fs, file)).isEqualTo(filled(7));
    }

    @Test
    void whereThereIsNoLaterOneItIsAnError() throws Exception {
        FileHandle file = add("file", bytes());
        server.flush(left -> {});
        FileSystem fs = follow();
        for (Path pack : fixture.objects("pack")) {
            Files.delete(pack);
        }
        assertThatThrownBy(() -> read(fs, file))
                .isInstanceOfSatisfying(
                        FsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EIO));
    }

    /** One write of the whole file, one barrier after the other, and no mixture is ever seen. */
    @Test
    void itFollowsByItselfAndEachReadIsOfOneBarrier() throws Exception {
        FileHandle file = add("file", filled(0));
        server.barrier();
        followed = FollowedBucket.open(
                fixture.bucketOn(store),
                folder.resolve("reader"),
                options(Duration.ofMillis(1), Optional.of(server.link())),
                bytes -> {});
        FileSystem fs = followed.fileSystem();
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService caller = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> reading = caller.submit(() -> {
                int changes = 0;
                byte last = 0;
                while (!done.get() || last != (byte) VERSIONS) {
                    ReadResult result = fs.read(op(), file, 0, SIZE);
                    byte[] seen = new byte[result.length()];
                    int at = 0;
                    for (var piece : result.pieces()) {
                        int length = piece.remaining();
                        piece.get(seen, at, length);
                        at += length;
                    }
                    assertThat(seen).isEqualTo(filled(seen[0]));
                    assertThat(seen[0]).isGreaterThanOrEqualTo(last);
                    changes += seen[0] != last ? 1 : 0;
                    last = seen[0];
                }
                return changes;
            });
            for (int version = 1; version <= VERSIONS; version++) {
                write(server.fileSystem(), file, 0, filled(version));
                server.barrier();
            }
            done.set(true);
            assertThat(reading.get(120, TimeUnit.SECONDS)).isPositive();
        } finally {
            caller.shutdownNow();
        }
    }

    @Test
    void aLinkThatTheChainDoesNotPassThroughIsRefused() throws Exception {
        add("file", bytes());
        server.barrier();
        byte[] other = new byte[32];
        assertThatThrownBy(() -> FollowedBucket.open(
                        fixture.bucketOn(store),
                        folder.resolve("reader"),
                        options(Duration.ofDays(1), Optional.of(Link.parse("ab".repeat(other.length)))),
                        bytes -> {}))
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(VolumeException.Kind.ROLLED_BACK));
        follow(); // nothing is left locked
    }

    @Test
    void theCachesKeepTheirBoundsOverBarriers() throws Exception {
        FileHandle file = add("file", bytes());
        server.barrier();
        FileSystem fs = follow();
        followed.resizeMemory(4 << 20);
        createFile(server.fileSystem(), "later");
        server.barrier();
        followed.look();
        assertThat(followed.<Long, RuntimeException>withCaches(caches -> caches.memoryBound()))
                .isEqualTo(4 << 20);
        read(fs, file);
        assertThat(followed.<Long, RuntimeException>withCaches(caches -> caches.memoryBytes()))
                .isPositive();
    }

    @Test
    void pacesItself() {
        Duration second = Duration.ofSeconds(1);
        Duration interval = Duration.ofSeconds(10);
        assertThat(FollowedBucket.pause(interval, Duration.ofMillis(50), 0)).isEqualTo(interval);
        assertThat(FollowedBucket.pause(interval, second.multipliedBy(3), 0)).isEqualTo(second.multipliedBy(30));
        assertThat(FollowedBucket.pause(interval, Duration.ZERO, 1)).isEqualTo(second.multipliedBy(20));
        assertThat(FollowedBucket.pause(interval, Duration.ZERO, 100)).isEqualTo(Duration.ofMinutes(1));
        assertThat(FollowedBucket.pause(Duration.ofHours(1), Duration.ZERO, 3)).isEqualTo(Duration.ofHours(1));
    }
}
