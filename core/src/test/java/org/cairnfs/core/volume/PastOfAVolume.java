package org.cairnfs.core.volume;

import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.op;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.Buckets;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.gc.GcPolicy;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.restore.Moment;
import org.cairnfs.core.restore.Past;
import org.cairnfs.core.testkit.ShiftedClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A file system whose barriers are a minute apart, and which goes back to one of them. */
abstract class PastOfAVolume {
    @TempDir
    Path folder;

    final ShiftedClock clock = new ShiftedClock();
    VolumeFixture fixture;

    @BeforeEach
    void make() throws Exception {
        fixture = new VolumeFixture(folder, true);
    }

    VolumeOptions options() {
        return VolumeOptions.defaults()
                .withBarriers(VolumeFixture.NO_BARRIERS)
                .withClock(clock)
                .withGarbage(new VolumeOptions.Garbage(GcPolicy.DEFAULT.withGrace(Duration.ZERO), Duration.ZERO));
    }

    CairnVolume open() throws Exception {
        CairnVolume volume = fixture.open(options());
        volume.fileSystem().endGrace();
        return volume;
    }

    Moment goBack(String state, Instant time) throws Exception {
        return goBack(state, time, options());
    }

    Moment goBack(String state, Instant time, VolumeOptions options) throws Exception {
        fixture.loseState(state);
        return MomentRestore.run(
                Buckets.open(LocalObjectStore.open(fixture.bucketPath()), fixture.secret()),
                fixture.state(),
                past -> past.at(time, looked -> {})
                        .orElseThrow(() -> new VolumeException(VolumeException.Kind.NOT_KEPT, "nothing that old")),
                options,
                bytes -> {});
    }

    Past past() throws Exception {
        Bucket bucket = fixture.bucket();
        return Past.of(bucket, bytes -> {}).orElseThrow();
    }

    void put(FileSystem fs, String name, String text) throws FsException {
        write(fs, createFile(fs, name), 0, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A barrier, and the time when it had been made; the next one is later. */
    Instant barrier(CairnVolume volume) throws Exception {
        volume.barrier();
        Instant at = clock.instant();
        clock.advance(Duration.ofMinutes(1));
        return at;
    }

    static List<String> names(FileSystem fs) throws FsException {
        return fs.readdir(op(), fs.root(), 0, 100, false).entries().stream()
                .map(entry -> entry.name().toString())
                .sorted()
                .toList();
    }

    static void remove(FileSystem fs, String name) throws FsException {
        fs.remove(op(), fs.root(), Name.of(name), RemoveKind.ANY);
    }
}
