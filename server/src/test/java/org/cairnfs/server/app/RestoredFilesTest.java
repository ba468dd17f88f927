package org.cairnfs.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.bucket.BucketOptions;
import org.cairnfs.core.bucket.Buckets;
import org.cairnfs.core.crypto.Argon2Cost;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.DeviceNumber;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.Node;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.volume.CairnVolume;
import org.cairnfs.core.volume.VolumeOptions;
import org.cairnfs.server.Progress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trees that somebody made who means harm. */
class RestoredFilesTest {
    private static final OpContext ROOT = new OpContext(Credentials.ROOT);
    private static final CreateRequest PIPE =
            new CreateRequest(FileType.FIFO, SetAttributes.ofMode(0600), DeviceNumber.NONE, null, null, false);

    @TempDir
    private Path home;

    private CairnVolume volume;
    private FileSystem files;
    private Path target;

    @BeforeEach
    void open() throws Exception {
        BucketOptions options = new BucketOptions(
                "", ChunkSizes.ofAverage(1 << 16), Compression.parse("none"), new Argon2Cost(64, 1, 1));
        Path store = home.resolve("store");
        Buckets.create(LocalObjectStore.create(store), options, List.of(), Clock.systemUTC())
                .close();
        volume = CairnVolume.open(
                Buckets.open(LocalObjectStore.open(store), Optional.empty()),
                Files.createDirectory(home.resolve("server")),
                VolumeOptions.defaults(),
                bytes -> {});
        files = volume.fileSystem();
        target = home.resolve("restored");
    }

    @AfterEach
    void close() {
        volume.abandon();
    }

    private Node make(String name, CreateRequest request) throws Exception {
        return files.create(ROOT, files.root(), Name.of(name), request).node();
    }

    private RestoredFiles.Report restore(boolean setsOwners) throws Exception {
        Node root = new Node(files.root(), files.getattr(ROOT, files.root()));
        return new RestoredFiles(files, Progress.NONE, setsOwners).restore(root, target);
    }

    @Test
    void nothingRunsWithTheRightsOfWhoRestoresIt() throws Exception {
        make("program", CreateRequest.file(06755));
        make("shared", CreateRequest.directory(03777));
        assertThat(restore(false).problems()).isEmpty();
        assertThat((int) Files.getAttribute(target.resolve("program"), "unix:mode") & 07777)
                .isEqualTo(0755);
        assertThat((int) Files.getAttribute(target.resolve("shared"), "unix:mode") & 07777)
                .isEqualTo(01777);
    }

    @Test
    void problemsDoNotSteerTheTerminal() throws Exception {
        make("red\u001b[31m\u009b2J", PIPE);
        assertThat(restore(false).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem)
                        .startsWith(target + "/red?[31m?2J: ")
                        .doesNotContain("\u001b", "\u009b"));
    }
}
