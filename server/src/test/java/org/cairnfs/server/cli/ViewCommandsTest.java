package org.cairnfs.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.cli.CommandLineTest.assertFails;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.BucketOptions;
import org.cairnfs.core.bucket.Buckets;
import org.cairnfs.core.bucket.Lease;
import org.cairnfs.core.crypto.Argon2Cost;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.crypto.Secret;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.XattrFlag;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.volume.CairnVolume;
import org.cairnfs.core.volume.VolumeOptions;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.testing.CairnProcess.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cairn ls}, {@code cat} and {@code restore}, on an encrypted bucket in a folder that a server has. */
class ViewCommandsTest {
    private static final OpContext ROOT = new OpContext(Credentials.ROOT);
    private static final int HOLE = 1 << 20;

    @TempDir
    private Path home;

    private CommandRig cairn;
    private String url;
    private Path passphrase;
    private Instant before;

    @BeforeEach
    void make() throws Exception {
        cairn = new CommandRig(home);
        url = "local://" + home.resolve("store");
        passphrase = Files.setPosixFilePermissions(
                Files.writeString(home.resolve("passphrase"), "secret\n"),
                PosixFilePermissions.fromString("rw-------"));
        BucketOptions options = new BucketOptions(
                "", ChunkSizes.ofAverage(1 << 16), Compression.parse("none"), new Argon2Cost(64, 1, 1));
        Buckets.create(LocalObjectStore.create(home.resolve("store")), options, List.of(secret()), Clock.systemUTC())
                .close();
        try (Bucket bucket = bucket()) {
            fill(CairnVolume.open(
                    bucket, Files.createDirectory(home.resolve("server")), VolumeOptions.defaults(), bytes -> {}));
        }
    }

    private static Secret secret() {
        return Passphrase.of("secret".toCharArray());
    }

    private Bucket bucket() throws Exception {
        return Buckets.open(LocalObjectStore.open(home.resolve("store")), Optional.of(secret()));
    }

    /** A tree with one of everything; then a file is removed. */
    private void fill(CairnVolume volume) throws Exception {
        FileSystem fs = volume.fileSystem();
        FileHandle tree = make(fs, fs.root(), "tree", CreateRequest.directory(0750));
        FileHandle file = make(fs, tree, "file", CreateRequest.file(0640));
        write(fs, file, 0, "hello");
        write(fs, file, HOLE, "world");
        fs.link(ROOT, file, tree, Name.of("twin"));
        fs.setXattr(
                ROOT,
                file,
                Name.of("user.colour"),
                Bytes.copyOf("blue".getBytes(StandardCharsets.UTF_8)),
                XattrFlag.EITHER);
        make(fs, tree, "link", CreateRequest.symlink(Bytes.copyOf("file".getBytes(StandardCharsets.UTF_8))));
        make(fs, make(fs, tree, "deep", CreateRequest.directory(0700)), "er", CreateRequest.file(0600));
        FileHandle odd = make(fs, fs.root(), "odd", CreateRequest.directory(0755));
        fs.create(ROOT, odd, Name.of(new byte[] {'a', (byte) 0xff}), CreateRequest.file(0644));
        make(fs, odd, "even", CreateRequest.file(0644));
        FileHandle hostile = make(fs, fs.root(), "hostile", CreateRequest.directory(0755));
        String steering = "\u001b[31m\u009b2J";
        make(fs, hostile, steering, CreateRequest.symlink(Bytes.copyOf(steering.getBytes(StandardCharsets.UTF_8))));
        make(fs, fs.root(), "gone", CreateRequest.file(0644));
        volume.barrier();
        before = Instant.now();
        while (!Instant.now().isAfter(before.plusMillis(1_100))) {
            Thread.onSpinWait(); // Times on the command line are of whole seconds.
        }
        fs.remove(ROOT, fs.root(), Name.of("gone"), RemoveKind.ANY);
        volume.barrier();
        assertThat(volume.stop(Duration.ofSeconds(20), left -> {})).isTrue();
    }

    private static FileHandle make(FileSystem fs, FileHandle directory, String name, CreateRequest request)
            throws FsException {
        return fs.create(ROOT, directory, Name.of(name), request).node().handle();
    }

    private static void write(FileSystem fs, FileHandle file, long offset, String text) throws FsException {
        fs.write(ROOT, file, offset, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private Result run(String command, String... more) {
        String[] arguments = new String[more.length + 4];
        arguments[0] = command;
        arguments[1] = "--passphrase-file";
        arguments[2] = passphrase.toString();
        arguments[3] = url;
        System.arraycopy(more, 0, arguments, 4, more.length);
        return cairn.run(arguments);
    }

    @Test
    void directoriesAreListed() throws Exception {
        assertThat(run("ls", "/").out().lines()).containsExactly("tree", "odd", "hostile");
        assertThat(run("ls", "/", "--at", before.toString()).out().lines())
                .containsExactly("tree", "odd", "hostile", "gone");
        assertThat(run("ls", "tree").out().lines()).containsExactly("file", "twin", "link", "deep");
        assertThat(run("ls", "/tree/file").out().lines()).containsExactly("/tree/file");
        assertThat(run("ls", "/tree", "--recursive").out().lines())
                .containsExactly("/tree/file", "/tree/twin", "/tree/link", "/tree/deep", "/tree/deep/er");
        assertThat(run("ls", "/tree", "--long").out().lines())
                .anySatisfy(line -> assertThat(line)
                        .startsWith("-rw-r-----   2     0     0      1048581 ")
                        .endsWith(" /tree/file"))
                .anySatisfy(line -> assertThat(line).startsWith("lrwxrwxrwx").endsWith("/tree/link -> file"))
                .anySatisfy(line -> assertThat(line).startsWith("drwx------"));
        assertThat(run("ls", "/tree/file", "--json").json().path("size").asLong())
                .isEqualTo(HOLE + 5);
        assertFails(run("ls", "/nowhere"), ExitCode.USAGE, "nowhere");
    }

    @Test
    void namesAndTargetsDoNotSteerTheTerminal() {
        assertThat(run("ls", "/hostile", "--long").out())
                .endsWith(" /hostile/?[31m?2J -> ?[31m?2J\n")
                .doesNotContain("\u001b", "\u009b");
    }

    @Test
    void bytesThatDoNotArriveAreAFailure() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("no space left");
            }
        };
        Result result = cairn.runTo(full, "cat", "--passphrase-file", passphrase.toString(), url, "/tree/file");
        assertFails(result, ExitCode.STATE_UNUSABLE, "cannot write the bytes");
    }

    @Test
    void aFileIsPrinted() {
        String bytes = run("cat", "/tree/twin").out();
        assertThat(bytes).hasSize(HOLE + 5).startsWith("hello\0").endsWith("\0world");
        assertThat(run("cat", "/gone", "--at", before.toString()).code()).isZero();
        assertFails(run("cat", "/gone"), ExitCode.USAGE, "gone");
        assertFails(run("cat", "/tree"), ExitCode.USAGE, "no regular file");
        assertFails(run("cat", "/gone", "--at", "3d"), ExitCode.USAGE, "nothing of", "--list");
    }

    @Test
    void aTreeIsRestored() throws Exception {
        Path target = home.resolve("restored");
        Result result = run("restore", "/tree", target.toString());
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).isEqualTo("Restored 6 files, 10 B.\n");
        assertThat(Files.readString(target.resolve("file")))
                .hasSize(HOLE + 5)
                .startsWith("hello")
                .endsWith("world");
        assertThat(Files.isSameFile(target.resolve("file"), target.resolve("twin")))
                .isTrue();
        assertThat(Files.getAttribute(target.resolve("file"), "unix:nlink")).isEqualTo(2);
        assertThat(Files.readSymbolicLink(target.resolve("link"))).hasToString("file");
        assertThat(mode(target)).isEqualTo(0750);
        assertThat(mode(target.resolve("file"))).isEqualTo(0640);
        assertThat(mode(target.resolve("deep"))).isEqualTo(0700);
        assertThat(Files.getLastModifiedTime(target.resolve("file")).toInstant())
                .isBeforeOrEqualTo(before);
        UserDefinedFileAttributeView xattrs =
                Files.getFileAttributeView(target.resolve("file"), UserDefinedFileAttributeView.class);
        assertThat(xattrs.list()).contains("colour");
        assertFails(run("restore", "/tree", target.toString()), ExitCode.USAGE, "is there already");
        Path empty = Files.createDirectory(home.resolve("empty"));
        assertThat(run("restore", "/tree/deep", empty.toString(), "--json")
                        .json()
                        .path("files")
                        .asLong())
                .isEqualTo(2);
        assertThat(empty.resolve("er")).exists();
        assertThat(run("restore", "/gone", home.resolve("back").toString(), "--at", before.toString())
                        .code())
                .isZero();
        assertThat(home.resolve("back")).isRegularFile();
    }

    @Test
    void whatCannotBeRestoredIsToldAndTheRestIsRestored() {
        Path target = home.resolve("restored");
        Result result = run("restore", "/odd", target.toString());
        assertThat(result.code()).isEqualTo(ExitCode.DAMAGED.number());
        assertThat(result.err()).contains("restored/a", "no UTF-8");
        assertThat(result.out()).contains("Restored 2 files", "1 problem");
        assertThat(target.resolve("even")).exists();
    }

    private static int mode(Path path) throws Exception {
        return (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
    }

    /** The lease is another's, and stays so. */
    @Test
    void aServerIsNotDisturbed() throws Exception {
        try (Bucket bucket = bucket()) {
            Lease lease =
                    Lease.take(bucket, new Lease.Holder(UUID.randomUUID(), "elsewhere", 7), false, Clock.systemUTC());
            assertThat(run("ls", "/").code()).isZero();
            lease.check();
        }
    }
}
