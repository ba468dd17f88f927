package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.read;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.cairnfs.core.check.CheckListener;
import org.cairnfs.core.check.DamagedFile;
import org.cairnfs.core.check.Finding;
import org.cairnfs.core.check.Scrub;
import org.cairnfs.core.check.VerifyReport;
import org.cairnfs.core.check.VerifyRequest;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.namespace.Paths;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.testkit.Shell;
import org.cairnfs.core.testkit.ShiftedClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading back finds what is damaged, names the files, and makes whole again what it can: when it is asked to, and as a scrub. */
class VerifyTest {
    private static final VerifyRequest ALL = new VerifyRequest(true, 1, Optional.empty());
    private static final int LENGTH = 200_000;

    @TempDir
    Path folder;

    private final ShiftedClock clock = new ShiftedClock();
    private final byte[] bytes = new byte[LENGTH];
    private VolumeFixture fixture;
    private CairnVolume volume;
    private FileSystem fs;

    @BeforeEach
    void plant() throws Exception {
        fixture = new VolumeFixture(folder, true);
        new Random(11).nextBytes(bytes);
        open();
        new Shell(fs).mkdir("/dir", 0755);
        write(fs, createFile(fs, "file"), 0, bytes);
        new Shell(fs).rename("/file", "/dir/file");
        volume.flush(left -> {});
        volume.snapshots().create(Name.of("then"), false);
        new Shell(fs).rename("/dir/file", "/file");
        volume.flush(left -> {});
    }

    private void open() throws Exception {
        volume = fixture.open(VolumeOptions.defaults()
                .withBarriers(VolumeFixture.NO_BARRIERS)
                .withClock(clock)
                .withGarbage(new VolumeOptions.Garbage(
                        VolumeOptions.defaults().garbage().policy(), Duration.ZERO)));
        fs = volume.fileSystem();
        fs.endGrace();
    }

    private VerifyReport verify(VerifyRequest request) throws Exception {
        return volume.verify(request, CheckListener.NONE);
    }

    private ChunkRow firstChunk() throws Exception {
        long content = Paths.find(volume.metadata().view(), "/file").content();
        long chunk = volume.metadata().view().extents(content, 0, 1, 1).get(0).chunk();
        return volume.metadata().view().chunk(chunk).orElseThrow();
    }

    private String firstObject() throws Exception {
        return volume.metadata().view().pack(firstChunk().pack()).orElseThrow().objectKey();
    }

    /** Flips a bit of the first chunk of the file. */
    private void damage() throws Exception {
        ObjectStore store = volume.bucket().store();
        String key = firstObject();
        byte[] object = store.get(key, 0, 16 << 20);
        object[firstChunk().packOffset() + 100] ^= 1;
        store.delete(key);
        store.put(key, ByteBuffer.wrap(object));
    }

    private void assertSound() throws Exception {
        assertThat(volume.check(false, CheckListener.NONE).examples())
                .extracting(Finding::toString)
                .isEmpty();
    }

    @Test
    void wholeDataIsSaidToBeSo() throws Exception {
        VerifyReport report = verify(ALL);
        assertThat(report.chunks()).isEqualTo(volume.statistics().chunks());
        assertThat(report.bytes()).isGreaterThan(LENGTH);
        assertThat(report.damaged()).isZero();
        assertThat(report.files()).isEmpty();
        assertThat(verify(new VerifyRequest(false, 1, Optional.empty())).chunks())
                .as("without data, none is read")
                .isZero();
    }

    @Test
    void onlyWhatWasPutSinceIsRead() throws Exception {
        Instant later = Instant.now().plus(Duration.ofHours(1));
        VerifyReport report = verify(new VerifyRequest(true, 1, Optional.of(later)));
        assertThat(report.packs()).isZero();
        assertThat(report.chunks()).isZero();
        assertThat(verify(new VerifyRequest(true, 1, Optional.of(Instant.EPOCH)))
                        .chunks())
                .isPositive();
    }

    @Test
    void aSampleIsAPart() throws Exception {
        byte[] much = new byte[4 << 20];
        new Random(12).nextBytes(much);
        write(fs, createFile(fs, "much"), 0, much);
        volume.flush(left -> {});
        long chunks = volume.statistics().chunks();
        assertThat(verify(new VerifyRequest(true, 0.5, Optional.empty())).chunks())
                .isBetween(chunks / 4, chunks * 3 / 4);
    }

    @Test
    void damagedDataIsNamedAndNeverReferredToAgain() throws Exception {
        damage();
        volume.caches().dropMemory();
        VerifyReport report = verify(ALL);
        assertThat(report.damaged()).isEqualTo(1);
        assertThat(report.repaired()).isZero();
        assertThat(report.files())
                .containsExactlyInAnyOrder(new DamagedFile("", "/file", 0), new DamagedFile("then", "/dir/file", 0));
        FsException refused = catchThrowableOfType(FsException.class, () -> read(fs, lookup(fs, "file")));
        assertThat(refused.errno()).isEqualTo(Errno.EIO);
        assertSound();
        assertThat(verify(new VerifyRequest(false, 1, Optional.empty())).files())
                .as("what is known is told without reading")
                .hasSize(2);
    }

    @Test
    void whatIsInACacheIsStoredAnew() throws Exception {
        assertThat(read(fs, lookup(fs, "file"))).isEqualTo(bytes);
        damage();
        VerifyReport report = verify(ALL);
        assertThat(report.damaged()).isEqualTo(1);
        assertThat(report.repaired()).isEqualTo(1);
        assertThat(report.files()).isEmpty();
        assertWhole();
    }

    private void assertWhole() throws Exception {
        volume.caches().dropMemory();
        assertThat(read(fs, lookup(fs, "file"))).isEqualTo(bytes);
        FileSystem present = fs;
        assertThat(read(present, new Shell(present).at("/.snapshots/then/dir/file")))
                .isEqualTo(bytes);
        assertThat(verify(ALL).damaged()).isZero();
        assertSound();
        volume.barrier();
        volume.abandon();
        fixture.loseMachine("elsewhere");
        open();
        assertThat(read(fs, lookup(fs, "file"))).as("from the bucket alone").isEqualTo(bytes);
        assertSound();
    }

    @Test
    void dataThatWasWrittenAgainMendsTheFirst() throws Exception {
        damage();
        volume.caches().dropMemory();
        assertThat(verify(ALL).repaired()).isZero();
        write(fs, createFile(fs, "again"), 0, bytes);
        volume.flush(left -> {});
        volume.caches().dropMemory();
        VerifyReport report = verify(ALL);
        assertThat(report.damaged()).isEqualTo(1);
        assertThat(report.repaired()).isEqualTo(1);
        assertWhole();
        assertThat(read(fs, lookup(fs, "again"))).isEqualTo(bytes);
    }

    @Test
    void aMissingObjectIsFoundByTheList() throws Exception {
        ObjectStore store = volume.bucket().store();
        String key = firstObject();
        byte[] object = store.get(key, 0, 16 << 20);
        store.delete(key);
        volume.caches().dropMemory();
        VerifyReport report = verify(new VerifyRequest(false, 1, Optional.empty()));
        assertThat(report.missing()).isEqualTo(1);
        assertThat(report.damaged()).isPositive();
        assertThat(report.files()).extracting(DamagedFile::path).containsExactlyInAnyOrder("/file", "/dir/file");
        store.put(key, ByteBuffer.wrap(object));
        assertThat(verify(ALL).damaged()).as("it came back").isZero();
        assertThat(verify(ALL).files()).isEmpty();
        assertSound();
    }

    @Test
    void aScrubGoesOnWhereItWasAndBeginsAgainWhenItIsTime() throws Exception {
        byte[] much = new byte[4 << 20];
        new Random(13).nextBytes(much);
        write(fs, createFile(fs, "much"), 0, much);
        volume.flush(left -> {});
        volume.caches().dropMemory();
        damage();
        Scrub.Settings settings = new Scrub.Settings(Duration.ofDays(1), 1 << 20);
        Scrub scrub = new Scrub(volume.verifying(), settings);
        assertThat(scrub.step()).as("it begins").isZero();
        Duration pause = scrub.step();
        assertThat(pause).as("at its rate").isBetween(Duration.ofMillis(100), Duration.ofSeconds(10));
        assertThat(scrub.status().damaged()).isEqualTo(1);
        assertThat(scrub.status().isUnderWay()).isTrue();
        volume.abandon();
        open();
        Scrub resumed = new Scrub(volume.verifying(), settings);
        assertThat(resumed.status().cursor())
                .as("not from the beginning")
                .isEqualTo(scrub.status().cursor());
        while (resumed.status().isUnderWay()) {
            resumed.step();
        }
        long chunks = volume.statistics().chunks();
        assertThat(resumed.status().checked()).isEqualTo(chunks);
        assertThat(volume.scrub().checked()).isEqualTo(chunks);
        assertThat(volume.scrub().damaged()).isEqualTo(1);
        clock.advance(Duration.ofHours(23));
        resumed.step();
        assertThat(resumed.status().isUnderWay()).isFalse();
        clock.advance(Duration.ofHours(2));
        resumed.step();
        assertThat(resumed.status().isUnderWay()).isTrue();
    }

    /** Its caches are as they were when the object was whole. */
    @Test
    void aScrubMendsWhatItCan() throws Exception {
        assertThat(read(fs, lookup(fs, "file"))).isEqualTo(bytes);
        damage();
        Scrub scrub = new Scrub(volume.verifying(), new Scrub.Settings(Duration.ofDays(1), 1 << 30));
        scrub.step();
        while (scrub.status().isUnderWay()) {
            scrub.step();
        }
        assertThat(scrub.status().repaired()).isEqualTo(1);
        assertWhole();
    }

    @AfterEach
    void giveBack() {
        volume.abandon();
    }
}
