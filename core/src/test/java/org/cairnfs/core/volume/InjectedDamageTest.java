package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.read;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.cairnfs.core.check.CheckListener;
import org.cairnfs.core.check.Finding;
import org.cairnfs.core.check.FindingKind;
import org.cairnfs.core.check.FsckReport;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.fs.XattrFlag;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.h2.Progress;
import org.cairnfs.core.metadata.row.AtimeRow;
import org.cairnfs.core.metadata.row.CheckpointRow;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ContentRow;
import org.cairnfs.core.metadata.row.CounterRow;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.InodeLockRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.InodeRowBuilder;
import org.cairnfs.core.metadata.row.OrphanRow;
import org.cairnfs.core.metadata.row.PackRow;
import org.cairnfs.core.metadata.row.QuotaRow;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.SnapshotRow;
import org.cairnfs.core.metadata.row.TrashRow;
import org.cairnfs.core.metadata.row.UsageRow;
import org.cairnfs.core.metadata.row.XattrRow;
import org.cairnfs.core.namespace.Paths;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.testkit.Shell;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each kind of damage is found, and repaired, and nothing is found afterwards: neither at once, nor after a restart that reads the journal
 * anew, nor by whoever rebuilds the file system from the bucket.
 *
 * <pre>
 * /          file (100,000 bytes), link (the same), other (1,000 bytes), removed (in snapshot "s"), late (not in it)
 * /a/b/c     directories
 * /quota/in  directories, /quota/in/file; a quota on /quota
 * /locked/in directories, /locked/in/file; a lock on /locked
 * </pre>
 */
class InjectedDamageTest {
    @TempDir
    Path folder;

    private VolumeFixture fixture;
    private CairnVolume volume;
    private long gone;
    private long goneContent;
    private final byte[] bytes = new byte[100_000];

    /** Rows that are changed behind the back of all rules. */
    private interface Injection {
        void into(InjectedDamageTest test, Transaction transaction) throws FsException;
    }

    /**
     * A damage.
     *
     * @param name for people
     * @param kind that it is found as, perhaps among others
     */
    private record Damage(String name, FindingKind kind, Injection injection) {
        @Override
        public String toString() {
            return kind.id() + ": " + name;
        }
    }

    static Stream<Damage> damages() {
        return Stream.of(names(), data(), states()).flatMap(List::stream);
    }

    private static List<Damage> names() {
        return List.of(
                new Damage("no root", FindingKind.ROOT, (test, tx) -> tx.delete(new RowKey.Inode(1))),
                new Damage(
                        "a file with a parent",
                        FindingKind.INODE,
                        (test, tx) -> tx.put(test.at("/file").edit().parent(7).build())),
                new Damage(
                        "a file without content",
                        FindingKind.INODE,
                        (test, tx) -> tx.put(test.at("/other").edit().content(0).build())),
                new Damage(
                        "too many links",
                        FindingKind.LINKS,
                        (test, tx) -> tx.put(test.at("/file").edit().nlink(5).build())),
                new Damage(
                        "no link",
                        FindingKind.LINKS,
                        (test, tx) -> tx.put(test.at("/other").edit().nlink(0).build())),
                new Damage(
                        "a file without a name",
                        FindingKind.UNREACHABLE,
                        (test, tx) -> tx.delete(test.name("/", "other").key())),
                new Damage(
                        "a directory without a name",
                        FindingKind.UNREACHABLE,
                        (test, tx) -> tx.delete(test.name("/a", "b").key())),
                new Damage("a directory in itself", FindingKind.LOOP, (test, tx) -> {
                    DirentRow name = test.name("/", "a");
                    InodeRow below = test.at("/a/b/c");
                    tx.delete(name.key());
                    tx.put(new DirentRow(below.inode(), name.name(), name.inode(), 3, 0));
                    tx.put(test.at("/a").edit().parent(below.inode()).build());
                }),
                new Damage(
                        "a directory that thinks it is elsewhere",
                        FindingKind.PLACE,
                        (test, tx) -> tx.put(test.at("/a/b").edit().parent(1).build())),
                new Damage(
                        "a directory in two places",
                        FindingKind.SECOND_NAME,
                        (test, tx) -> tx.put(new DirentRow(
                                test.at("/a").inode(),
                                Name.of("again"),
                                test.at("/a/b/c").inode(),
                                9,
                                0))),
                new Damage(
                        "the root in a directory",
                        FindingKind.SECOND_NAME,
                        (test, tx) -> tx.put(new DirentRow(test.at("/a").inode(), Name.of("root"), 1, 9, 0))),
                new Damage(
                        "a name of nothing",
                        FindingKind.NAME,
                        (test, tx) -> tx.put(new DirentRow(1, Name.of("nothing"), 999, 900, 0))),
                new Damage(
                        "a name in a file",
                        FindingKind.NAME,
                        (test, tx) -> tx.put(new DirentRow(
                                test.at("/file").inode(),
                                Name.of("in"),
                                test.at("/other").inode(),
                                3,
                                0))),
                new Damage(
                        "a name in nothing",
                        FindingKind.NAME,
                        (test, tx) -> tx.put(new DirentRow(
                                test.gone, Name.of("in"), test.at("/other").inode(), 3, 0))),
                new Damage("two names in one place", FindingKind.COOKIE, (test, tx) -> {
                    DirentRow name = test.name("/", "other");
                    long cookie = test.name("/", "file").cookie();
                    tx.put(new DirentRow(1, name.name(), name.inode(), cookie, 0));
                }),
                new Damage(
                        "wrong number of names",
                        FindingKind.DIRECTORY,
                        (test, tx) -> tx.put(test.at("/a").edit().entries(3).build())),
                new Damage(
                        "wrong number of directories",
                        FindingKind.DIRECTORY,
                        (test, tx) -> tx.put(test.at("/a").edit().nlink(7).build())),
                new Damage(
                        "the next place is taken",
                        FindingKind.DIRECTORY,
                        (test, tx) -> tx.put(test.at("/").edit().nextCookie(3).build())),
                new Damage(
                        "wrong number of attributes",
                        FindingKind.XATTRS,
                        (test, tx) -> tx.put(test.at("/file").edit().xattrs(0).build())),
                new Damage(
                        "an attribute of nothing",
                        FindingKind.LEFTOVER,
                        (test, tx) -> tx.put(new XattrRow(999, Name.of("user.a"), Bytes.EMPTY, 0))),
                new Damage(
                        "an access time of nothing", FindingKind.LEFTOVER, (test, tx) -> tx.put(new AtimeRow(999, 1))),
                new Damage("an orphan of nothing", FindingKind.LEFTOVER, (test, tx) -> tx.put(new OrphanRow(999))),
                new Damage(
                        "a row of no lock",
                        FindingKind.LEFTOVER,
                        (test, tx) -> tx.put(new InodeLockRow(test.at("/file").inode(), 999))),
                new Damage(
                        "a quota of nothing",
                        FindingKind.LEFTOVER,
                        (test, tx) -> tx.put(new QuotaRow(999, 0, 1, 0, 1, 0, 0))),
                new Damage(
                        "an orphan with a name",
                        FindingKind.ORPHAN,
                        (test, tx) -> tx.put(new OrphanRow(test.at("/other").inode()))),
                new Damage(
                        "the trash keeps what is not there",
                        FindingKind.LEFTOVER,
                        (test, tx) -> tx.put(new TrashRow(7, 999, 1, Name.of("gone"), false, 5))),
                new Damage(
                        "the trash keeps what has a name",
                        FindingKind.TRASH,
                        (test, tx) ->
                                tx.put(new TrashRow(7, test.at("/other").inode(), 1, Name.of("other"), false, 5))),
                new Damage(
                        "a named file is marked as trash",
                        FindingKind.TRASH,
                        (test, tx) -> tx.put(test.at("/other")
                                .edit()
                                .flags(InodeRow.FLAG_TRASHED)
                                .build())),
                new Damage("the trash forgot what it keeps", FindingKind.UNREACHABLE, (test, tx) -> {
                    InodeRow file = test.at("/other");
                    tx.delete(new RowKey.Dirent(1, Name.of("other")));
                    tx.put(test.at("/")
                            .edit()
                            .entries(test.at("/").entries() - 1)
                            .build());
                    tx.put(file.edit()
                            .nlink(0)
                            .flags(InodeRow.FLAG_TRASHED)
                            .quotaRoot(InodeRow.TRASH_ROOT)
                            .build());
                }));
    }

    private static List<Damage> data() {
        return List.of(
                new Damage(
                        "a content that is not shared",
                        FindingKind.CONTENT,
                        (test, tx) -> tx.put(new ContentRow(test.at("/file").content(), 3, 0))),
                new Damage("a shared content that does not say so", FindingKind.CONTENT, (test, tx) -> {
                    InodeRow file = test.at("/file");
                    tx.put(test.at("/other")
                            .edit()
                            .content(file.content())
                            .size(file.size())
                            .used(file.used())
                            .build());
                }),
                new Damage("extents of no file", FindingKind.UNOWNED, (test, tx) -> {
                    ExtentRow extent = test.extent("/file");
                    tx.put(new ExtentRow(test.goneContent, 0, 100, extent.chunk(), 0, 0));
                }),
                new Damage("an extent over another", FindingKind.EXTENT, (test, tx) -> {
                    ExtentRow extent = test.extent("/file");
                    tx.put(new ExtentRow(extent.content(), 10, 100, extent.chunk(), 10, 0));
                }),
                new Damage(
                        "an extent behind the end",
                        FindingKind.BEYOND_END,
                        (test, tx) -> tx.put(test.at("/file").edit().size(10).build())),
                new Damage(
                        "wrong use",
                        FindingKind.USED,
                        (test, tx) -> tx.put(test.at("/file").edit().used(1).build())),
                new Damage(
                        "no such chunk",
                        FindingKind.NO_CHUNK,
                        (test, tx) -> tx.delete(test.chunk("/other").key())),
                new Damage("more than a chunk has", FindingKind.NO_CHUNK, (test, tx) -> {
                    ExtentRow extent = test.extent("/other");
                    tx.put(new ExtentRow(extent.content(), 0, 1_500, extent.chunk(), 0, 0));
                    tx.put(test.at("/other").edit().size(1_500).build());
                }),
                new Damage(
                        "a chunk in use that is garbage",
                        FindingKind.CHUNK_LIFE,
                        (test, tx) -> tx.put(test.chunk("/file").withDeadSequence(5))),
                new Damage("a chunk of nobody that is in use", FindingKind.CHUNK_LIFE, (test, tx) -> {
                    tx.delete(test.extent("/late").key());
                }),
                new Damage("a chunk twice", FindingKind.CHUNK_TWICE, (test, tx) -> {
                    ChunkRow chunk = test.chunk("/late");
                    tx.put(new ChunkRow(
                            chunk.chunk(),
                            test.chunk("/file").id(),
                            chunk.pack(),
                            chunk.packOffset(),
                            chunk.storedLength(),
                            chunk.length(),
                            chunk.state(),
                            0));
                }),
                new Damage("a chunk outside of its pack", FindingKind.CHUNK_PLACE, (test, tx) -> {
                    ChunkRow chunk = test.chunk("/file");
                    tx.put(chunk.movedTo(chunk.pack(), 1 << 30, chunk.storedLength()));
                }),
                new Damage(
                        "no such pack",
                        FindingKind.CHUNK_PLACE,
                        (test, tx) ->
                                tx.delete(new RowKey.Pack(test.chunk("/file").pack()))),
                new Damage("wrong bytes in use", FindingKind.PACK, (test, tx) -> {
                    PackRow pack = tx.pack(test.chunk("/file").pack()).orElseThrow();
                    tx.put(pack.withLiveBytes(pack.liveBytes() + 100, 0));
                }),
                new Damage("a pack in use that is removed", FindingKind.PACK, (test, tx) -> {
                    PackRow pack = tx.pack(test.chunk("/file").pack()).orElseThrow();
                    tx.put(pack.retired(5));
                }),
                new Damage("no such object", FindingKind.OBJECT, (test, tx) -> test.removeObject(tx)));
    }

    private static List<Damage> states() {
        return List.of(
                new Damage(
                        "a directory out of its quota",
                        FindingKind.QUOTA,
                        (test, tx) ->
                                tx.put(test.at("/quota/in").edit().quotaRoot(0).build())),
                new Damage(
                        "images that nobody sees", FindingKind.IMAGE, (test, tx) -> tx.delete(new RowKey.Snapshot(1))),
                new Damage(
                        "a name of two snapshots",
                        FindingKind.SNAPSHOT,
                        (test, tx) -> tx.put(new SnapshotRow(2, 1, bytes("s"), 5, 0, 0))),
                new Damage(
                        "a snapshot that nobody goes on deleting",
                        FindingKind.SNAPSHOT,
                        (test, tx) -> tx.put(new SnapshotRow(1, 1, null, 5, 0, 2))),
                new Damage(
                        "a snapshot's number to be given again",
                        FindingKind.COUNTER,
                        (test, tx) -> tx.put(new CounterRow("snapshot", 0))),
                new Damage(
                        "an inode without its lock",
                        FindingKind.LOCK,
                        (test, tx) -> tx.delete(
                                tx.locksOf(test.at("/locked/in").inode()).get(0).key())),
                new Damage(
                        "a restore point of nothing",
                        FindingKind.RESTORE_POINT,
                        (test, tx) -> tx.put(new CheckpointRow(1, "root/00000000000000ff", 1, 5, Long.MAX_VALUE))));
    }

    private static Bytes bytes(String text) {
        return Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
    }

    private InodeRow at(String path) throws FsException {
        return Paths.find(volume.metadata().view(), path);
    }

    private DirentRow name(String directory, String name) throws FsException {
        return volume.metadata()
                .view()
                .dirent(at(directory).inode(), Name.of(name))
                .orElseThrow();
    }

    private ExtentRow extent(String path) throws FsException {
        return volume.metadata()
                .view()
                .extents(at(path).content(), 0, Long.MAX_VALUE, 1)
                .get(0);
    }

    private ChunkRow chunk(String path) throws FsException {
        return volume.metadata().view().chunk(extent(path).chunk()).orElseThrow();
    }

    private void removeObject(Transaction transaction) throws FsException {
        String key = transaction.pack(chunk("/file").pack()).orElseThrow().objectKey();
        try {
            volume.bucket().store().delete(key);
        } catch (ObjectStoreException e) {
            throw new FsException(Errno.EIO, "the object could not be removed", e);
        }
    }

    @BeforeEach
    void plant() throws Exception {
        fixture = new VolumeFixture(folder, false);
        new Random(7).nextBytes(bytes);
        open();
        FileSystem fs = volume.fileSystem();
        Shell shell = new Shell(fs);
        write(fs, createFile(fs, "file"), 0, bytes);
        write(fs, createFile(fs, "other"), 0, Arrays.copyOf(bytes, 1_000));
        write(fs, createFile(fs, "removed"), 0, Arrays.copyOfRange(bytes, 5_000, 40_000));
        shell.link("/file", "/link");
        fs.setXattr(shell.op(), lookup(fs, "file"), Name.of("user.a"), Bytes.EMPTY, XattrFlag.EITHER);
        for (String directory : List.of("/a", "/a/b", "/a/b/c", "/quota", "/quota/in", "/locked", "/locked/in")) {
            shell.mkdir(directory, 0755);
        }
        for (String file : List.of("/quota/in/file", "/locked/in/file")) {
            shell.touch(file, 0644);
            shell.write(file, 0, file);
        }
        volume.flush(left -> {});
        volume.snapshots().create(Name.of("s"), false);
        gone = at("/removed").inode();
        goneContent = at("/removed").content();
        shell.unlink("/removed");
        write(fs, createFile(fs, "late"), 0, Arrays.copyOfRange(bytes, 50_000, 51_000));
        shell.set("/other", SetAttributes.ofMode(0600));
        volume.treeQuotas().set("/quota", new TreeQuotas.Limits(0, 1 << 30, 0, 1_000, 60));
        volume.trees().lock(List.of("/locked"), 0);
        volume.flush(left -> {});
        assertThat(volume.finishBackgroundWork()).isTrue();
        assertClean();
    }

    private void open() throws Exception {
        volume = fixture.open(VolumeOptions.defaults()
                .withBarriers(VolumeFixture.NO_BARRIERS)
                .withGarbage(new VolumeOptions.Garbage(
                        VolumeOptions.defaults().garbage().policy(), Duration.ZERO)));
        volume.fileSystem().endGrace();
    }

    private void assertClean() throws Exception {
        FsckReport report = volume.check(false, CheckListener.NONE);
        assertThat(report.examples()).extracting(Finding::toString).isEmpty();
        assertThat(report.isClean()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("damages")
    void isFoundAndRepaired(Damage damage) throws Exception {
        volume.metadata().mutate(transaction -> {
            damage.injection().into(this, transaction);
            return null;
        });
        FsckReport found = volume.check(false, CheckListener.NONE);
        assertThat(found.found()).containsKey(damage.kind());
        assertThat(found.left()).as("without repair all is left").isEqualTo(found.found());
        assertThat(found.repaired()).isEmpty();

        FsckReport repaired = volume.check(true, CheckListener.NONE);
        assertThat(repaired.left()).isEmpty();
        assertThat(repaired.repaired()).containsKey(damage.kind());
        assertClean();
        volume.abandon();
        open();
        assertClean();
        volume.barrier();
        volume.abandon();
        fixture.loseMachine("elsewhere");
        open();
        assertClean();
    }

    @Test
    void countsAreCorrected() throws Exception {
        volume.metadata().correctCounts(List.of(new UsageRow(0, 5, -1)), new Progress(0, 0, 3, 2, 100, 50));
        FsckReport found = volume.check(false, CheckListener.NONE);
        assertThat(found.found()).containsOnlyKeys(FindingKind.USAGE).containsEntry(FindingKind.USAGE, 5L);
        assertThat(volume.check(true, CheckListener.NONE).left()).isEmpty();
        assertClean();
        volume.abandon();
        open();
        assertClean();
    }

    @Test
    void whatHadNoNameIsInLostAndFoundForRootAlone() throws Exception {
        InodeRow directory = at("/a/b");
        InodeRow file = at("/other");
        volume.metadata().mutate(transaction -> {
            transaction.delete(name("/a", "b").key());
            transaction.delete(name("/", "other").key());
            return null;
        });
        assertThat(volume.check(true, CheckListener.NONE).left()).isEmpty();
        Shell shell = new Shell(volume.fileSystem());
        assertThat(at("/lost+found").mode()).isEqualTo(0700);
        assertThat(shell.ls("/lost+found")).containsExactlyInAnyOrder("#" + directory.inode(), "#" + file.inode());
        assertThat(shell.ls("/lost+found/#" + directory.inode())).containsExactly("c");
        assertThat(read(volume.fileSystem(), shell.at("/lost+found/#" + file.inode())))
                .isEqualTo(Arrays.copyOf(bytes, 1_000));
    }

    @Test
    void noNumberIsGivenOutTwiceAgainFromTheRepairOn() throws Exception {
        long far = 1_000_000;
        volume.metadata().mutate(transaction -> {
            transaction.put(new InodeRowBuilder(far, 1, FileType.REGULAR)
                    .content(far)
                    .nlink(1)
                    .build());
            transaction.put(new DirentRow(1, Name.of("far"), far, 900, 0));
            transaction.put(at("/").edit()
                    .nextCookie(901)
                    .entries(at("/").entries() + 1)
                    .build());
            return null;
        });
        assertThat(volume.check(false, CheckListener.NONE).found()).containsOnlyKeys(FindingKind.COUNTER);
        assertThat(volume.check(true, CheckListener.NONE).left()).isEmpty();
        createFile(volume.fileSystem(), "next");
        assertThat(at("/next").inode()).isGreaterThan(far);
        assertThat(at("/next").content()).isGreaterThan(far);
        assertClean();
    }

    @Test
    void dataThatIsGoneIsNeverZeros() throws Exception {
        volume.metadata().mutate(transaction -> {
            transaction.delete(chunk("/other").key());
            return null;
        });
        volume.caches().dropMemory();
        FsckReport report = volume.check(true, CheckListener.NONE);
        assertThat(report.left()).isEmpty();
        assertThat(report.damagedChunks()).isEqualTo(1);
        FileSystem fs = volume.fileSystem();
        FsException refused = catchThrowableOfType(FsException.class, () -> read(fs, lookup(fs, "other")));
        assertThat(refused.errno()).isEqualTo(Errno.EIO);
        new Shell(fs).unlink("/other");
        volume.snapshots().delete(Name.of("s"));
        assertThat(volume.finishBackgroundWork()).isTrue();
        FsckReport after = volume.check(false, CheckListener.NONE);
        assertThat(after.isClean()).isTrue();
        assertThat(after.damagedChunks())
                .as("nothing of it is left with its last file")
                .isZero();
    }

    @Test
    void anObjectThatComesBackIsReadAgain() throws Exception {
        String key = volume.metadata()
                .view()
                .pack(chunk("/file").pack())
                .orElseThrow()
                .objectKey();
        ObjectStore store = volume.bucket().store();
        byte[] object = store.get(key, 0, 1 << 20);
        store.delete(key);
        assertThat(volume.check(true, CheckListener.NONE).isClean()).isTrue();
        volume.caches().dropMemory();
        FileSystem fs = volume.fileSystem();
        FsException refused = catchThrowableOfType(FsException.class, () -> read(fs, lookup(fs, "file")));
        assertThat(refused.errno()).isEqualTo(Errno.EIO);
        store.put(key, ByteBuffer.wrap(object));
        assertThat(read(fs, lookup(fs, "file"))).isEqualTo(bytes);
    }

    @AfterEach
    void giveBack() {
        volume.abandon();
    }
}
