package org.cairnfs.core.volume;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.BucketOptions;
import org.cairnfs.core.bucket.Buckets;
import org.cairnfs.core.crypto.Argon2Cost;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.crypto.Secret;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.ReadResult;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.objectstore.ObjectStore;

/** A file system in a temporary folder, opened, stopped, crashed and copied at will. */
public final class VolumeFixture {
    /** None but those that are asked for. */
    public static final VolumeOptions.Barriers NO_BARRIERS = new VolumeOptions.Barriers(Duration.ofDays(1), false);

    private static final char[] PASSPHRASE = "correct horse".toCharArray();

    private final Path folder;
    private final Path bucketPath;
    private Path state;
    private final boolean encrypted;
    private boolean takeOver;

    public VolumeFixture(Path folder, boolean encrypted) throws Exception {
        this.folder = folder;
        this.bucketPath = folder.resolve("bucket");
        this.state = newState("state");
        this.encrypted = encrypted;
        ObjectStore store = LocalObjectStore.create(bucketPath);
        BucketOptions options = new BucketOptions(
                "test", ChunkSizes.ofAverage(16 << 10), Compression.DEFAULT, new Argon2Cost(64, 1, 1));
        Buckets.create(store, options, secret().stream().toList(), Clock.systemUTC())
                .close();
    }

    public Path bucketPath() {
        return bucketPath;
    }

    public Path state() {
        return state;
    }

    /** From now on, opens with an empty state directory. */
    public void loseState(String name) throws IOException {
        state = newState(name);
    }

    /** From now on, opens with this state directory. */
    public void useState(Path other) {
        state = other;
    }

    /** From now on, whoever opens takes the bucket from its holder: a person said that that one is dead. */
    public void holderIsDead() {
        takeOver = true;
    }

    /** Opens with an empty state directory, as if the server before were dead, and its machine lost. */
    public void loseMachine(String name) throws IOException {
        loseState(name);
        holderIsDead();
    }

    public CairnVolume open() throws Exception {
        return open(VolumeOptions.defaults());
    }

    public CairnVolume open(VolumeOptions options) throws Exception {
        return openAt(bucketPath, state, options);
    }

    /** Opens the bucket through a store that stands around it. */
    public CairnVolume openOn(ObjectStore store, VolumeOptions options) throws Exception {
        return CairnVolume.open(Buckets.open(store, secret()), state, asToHolder(options), bytes -> {});
    }

    /** Opens a copy of the bucket, or of the state directory. */
    public CairnVolume openAt(Path otherBucket, Path otherState, VolumeOptions options) throws Exception {
        Bucket bucket = Buckets.open(LocalObjectStore.open(otherBucket), secret());
        return CairnVolume.open(bucket, otherState, asToHolder(options), bytes -> {});
    }

    private VolumeOptions asToHolder(VolumeOptions options) {
        return takeOver ? options.withTakeOver() : options;
    }

    /** The bucket alone. */
    public Bucket bucket() throws Exception {
        return Buckets.open(LocalObjectStore.open(bucketPath), secret());
    }

    /** The bucket alone, through a store that stands around it. */
    public Bucket bucketOn(ObjectStore store) throws Exception {
        return Buckets.open(store, secret());
    }

    public static void stop(CairnVolume volume) throws Exception {
        if (!volume.stop(Duration.ofSeconds(20), bytes -> {})) {
            throw new AssertionError("the volume did not end with everything in the bucket");
        }
    }

    public static OpContext op() {
        return new OpContext(Credentials.ROOT);
    }

    public static FileHandle createFile(FileSystem fs, String name) throws FsException {
        return fs.create(op(), fs.root(), Name.of(name), CreateRequest.file(0644))
                .node()
                .handle();
    }

    public static FileHandle lookup(FileSystem fs, String name) throws FsException {
        return fs.lookup(op(), fs.root(), Name.of(name)).handle();
    }

    public static void write(FileSystem fs, FileHandle file, long offset, byte[] bytes) throws FsException {
        ByteBuffer data = ByteBuffer.wrap(bytes);
        while (data.hasRemaining()) {
            int length = Math.min(1 << 20, data.remaining());
            fs.write(op(), file, offset + data.position(), data.slice(data.position(), length));
            data.position(data.position() + length);
        }
    }

    public static byte[] read(FileSystem fs, FileHandle file) throws FsException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ReadResult part;
        do {
            part = fs.read(op(), file, out.size(), 300_000);
            for (ByteBuffer piece : part.pieces()) {
                byte[] bytes = new byte[piece.remaining()];
                piece.get(bytes);
                out.writeBytes(bytes);
            }
        } while (!part.end());
        return out.toByteArray();
    }

    /** All objects under a prefix of the bucket. */
    public List<Path> objects(String prefix) throws IOException {
        if (!Files.exists(bucketPath.resolve(prefix))) {
            return List.of();
        }
        try (var files = Files.walk(bucketPath.resolve(prefix))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    public long bucketBytes() throws IOException {
        long bytes = 0;
        try (var files = Files.walk(bucketPath)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    /** Files that go meanwhile are left out. */
    public static void copyTree(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.createDirectories(to.resolve(from.relativize(directory)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) {
                    try {
                        Files.copy(file, to.resolve(from.relativize(file)));
                    } catch (NoSuchFileException e) {
                        return visitFileFailed(file, e);
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
    }

    private Path newState(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    public Optional<Secret> secret() {
        return encrypted ? Optional.of(Passphrase.of(PASSPHRASE.clone())) : Optional.empty();
    }
}
