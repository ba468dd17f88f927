package org.cairnfs.core.volume;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.cairnfs.core.bucket.BucketOptions;
import org.cairnfs.core.bucket.Buckets;
import org.cairnfs.core.crypto.Argon2Cost;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.crypto.Secret;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.DeviceNumber;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.fs.XattrFlag;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.testkit.MutationSequence;
import org.cairnfs.core.testkit.Subject;

/**
 * Writes the golden volumes: buckets with a whole small file system, ended cleanly, made once by the first program of each format
 * and kept in the test resources for ever. To be run by hand, for a new format only; the argument is the folder.
 */
final class GoldenVolumes {
    static final String PASSPHRASE = "correct horse battery staple";
    static final String EXPECTED = "expected.txt";

    private GoldenVolumes() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        write(folder.resolve("volume-plain"), Optional.empty(), GoldenVolumes::fill);
        write(folder.resolve("volume-encrypted"), secret(), GoldenVolumes::fill);
    }

    static Optional<Secret> secret() {
        return Optional.of(Passphrase.of(PASSPHRASE.toCharArray()));
    }

    /** Fills a bucket, by way of state directories in a temporary folder. */
    @FunctionalInterface
    interface Filling {
        void fill(Path bucket, Optional<Secret> secret, Path temporary, FakeClock clock) throws Exception;
    }

    static byte[] text(String name) {
        return ("this is " + name + ", which was written when format 1 was new. ")
                .repeat(300)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** What some files hold. */
    static Map<String, byte[]> contents() {
        return Map.of("text", text("text"), "noise", noise(1, 60_000));
    }

    static byte[] noise(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static void write(Path folder, Optional<Secret> secret, Filling filling) throws Exception {
        Path temporary = Files.createTempDirectory("golden");
        Path bucket = folder.resolve("bucket");
        BucketOptions options = new BucketOptions(
                "golden volume", ChunkSizes.ofAverage(1 << 12), Compression.DEFAULT, new Argon2Cost(256, 2, 2));
        FakeClock clock = new FakeClock();
        Files.createDirectories(folder);
        Buckets.create(LocalObjectStore.create(bucket), options, secret.stream().toList(), clock.asClock())
                .close();
        filling.fill(bucket, secret, temporary, clock);

        VolumeFixture.copyTree(bucket, temporary.resolve("copy"));
        CairnVolume rebuilt = open(temporary.resolve("copy"), secret, Files.createDirectory(temporary.resolve("new")));
        Files.write(folder.resolve(EXPECTED), MutationSequence.imageOf(Subject.of(rebuilt.fileSystem())));
        rebuilt.abandon();
    }

    /** Opens a bucket of these, with an empty state directory, long after it was made; its server may have been killed. */
    static CairnVolume open(Path bucket, Optional<Secret> secret, Path state) throws Exception {
        return CairnVolume.open(
                Buckets.open(LocalObjectStore.open(bucket), secret),
                state,
                CrashRun.options(MutationSequence.whenLookedAt()).withTakeOver(),
                bytes -> {});
    }

    static void fill(Path bucket, Optional<Secret> secret, Path temporary, FakeClock clock) throws Exception {
        Path state = Files.createDirectory(temporary.resolve("state"));
        CairnVolume volume = CairnVolume.open(
                Buckets.open(LocalObjectStore.open(bucket), secret), state, CrashRun.options(clock), bytes -> {});
        FileSystem fs = volume.fileSystem();
        fs.endGrace();
        Maker root = new Maker(fs, fs.root(), clock);
        root.file("text", text("text"));
        root.file("noise", noise(1, 60_000));
        root.file("empty", new byte[0]);
        Maker dir = root.directory("directory");
        FileHandle edited = dir.file("edited", noise(2, 30_000));
        dir.file("gone", noise(3, 10_000));
        volume.flush(left -> {});

        VolumeFixture.write(fs, edited, 12_345, text("an edit"));
        FileHandle sparse = dir.file("sparse", noise(4, 5_000));
        VolumeFixture.write(fs, sparse, 1L << 40, text("sparse"));
        fs.deallocate(root.op(), sparse, 1_000, 2_000);
        fs.setattr(root.op(), root.file("cut", noise(5, 9_000)), SetAttributes.ofSize(4_321));
        fs.remove(root.op(), dir.handle, Name.of("gone"), RemoveKind.ANY);
        volume.flush(left -> {});

        root.file("the same noise", noise(1, 60_000));
        fs.link(root.op(), edited, root.handle, Name.of("hard link"));
        root.create(
                "symbolic link",
                CreateRequest.symlink(Bytes.copyOf("directory/edited".getBytes(StandardCharsets.UTF_8))));
        root.create(
                "device",
                new CreateRequest(
                        FileType.BLOCK_DEVICE, SetAttributes.ofMode(0660), new DeviceNumber(8, 1), null, null, false));
        root.create("odd", new byte[] {(byte) 0xff, '\n', ' '});
        fs.setXattr(root.op(), edited, Name.of("user.note"), Bytes.copyOf(new byte[] {0, 1, 2}), XattrFlag.CREATE);
        fs.setattr(root.op(), edited, new SetAttributes(04751, 1000, 2000, null, null, null));
        Maker deep = dir;
        for (int i = 0; i < 5; i++) {
            deep = deep.directory("level " + i);
            for (int k = 0; k < 10; k++) {
                deep.file("file " + k, noise(100 * i + k, 200));
            }
        }
        VolumeFixture.stop(volume);
    }

    /** Makes things in a directory, a second apart. */
    record Maker(FileSystem fs, FileHandle handle, FakeClock clock) {
        OpContext op() {
            clock.advance(1_000_000_001L);
            return VolumeFixture.op();
        }

        FileHandle create(String name, CreateRequest request) throws FsException {
            return fs.create(op(), handle, Name.of(name), request).node().handle();
        }

        void create(String label, byte[] name) throws FsException, IOException {
            FileHandle file = fs.create(op(), handle, Name.of(name), CreateRequest.file(0600))
                    .node()
                    .handle();
            VolumeFixture.write(fs, file, 0, text(label));
        }

        FileHandle file(String name, byte[] bytes) throws FsException {
            FileHandle file = create(name, CreateRequest.file(0644));
            VolumeFixture.write(fs, file, 0, bytes);
            return file;
        }

        Maker directory(String name) throws FsException {
            return new Maker(fs, create(name, CreateRequest.directory(0755)), clock);
        }
    }

    /** For those who read it. */
    static List<String> expected(Path folder) throws IOException {
        return Files.readAllLines(folder.resolve(EXPECTED));
    }
}
