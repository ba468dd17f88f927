package org.cairnfs.core.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;
import org.cairnfs.core.testkit.ObjectStoreContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalObjectStoreTest extends ObjectStoreContract {
    @TempDir
    Path folder;

    private Path root() {
        return folder.resolve("new/store");
    }

    @Override
    protected ObjectStore open() throws Exception {
        return LocalObjectStore.create(root());
    }

    @Test
    void opensOnlyWhatIsThere() throws Exception {
        assertThat(LocalObjectStore.open(root()).list("", "", 1)).isEmpty();
        assertThatThrownBy(() -> LocalObjectStore.open(folder.resolve("missing")))
                .isInstanceOfSatisfying(
                        ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.MISSING))
                .hasMessageContaining("missing");
        assertThat(folder.resolve("missing")).doesNotExist();
    }

    @Test
    void aFileInTheWayOfTheFolderIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> LocalObjectStore.create(file.resolve("store")))
                .isInstanceOf(ObjectStoreException.class)
                .hasMessage("make folder " + file + "/store failed: " + file + " is no folder");
    }

    @Test
    void packsAreSpreadOverFolders() throws Exception {
        store().put("pack/4f09", ByteBuffer.allocate(1));
        store().put("format", ByteBuffer.allocate(1));
        assertThat(root().resolve("pack/_4f/4f09")).isRegularFile();
        assertThat(root().resolve("format")).isRegularFile();
    }

    @Test
    void onlyTheOwnerMayRead() throws Exception {
        store().put("pack/4f09", ByteBuffer.allocate(1));
        store().putIfAbsent("root/1", ByteBuffer.allocate(1));
        assertThat(modes()).containsOnly("rw-------", "rwx------");
    }

    private List<String> modes() throws Exception {
        try (Stream<Path> files = Files.walk(root())) {
            return files.map(LocalObjectStoreTest::mode).toList();
        }
    }

    private static String mode(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void leftoversAreInvisibleAndGoWhenTheyAreOld() throws Exception {
        Path old = Files.write(root().resolve(".tmp/old"), new byte[1]);
        Path young = Files.write(root().resolve(".tmp/young"), new byte[1]);
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        assertThat(store().list("", "", 10)).isEmpty();
        LocalObjectStore.open(root()).close();
        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    @Test
    void nothingIsLeftInTheTemporaryFolder() throws Exception {
        store().put("a", ByteBuffer.allocate(1));
        store().putIfAbsent("b", ByteBuffer.allocate(1));
        store().putIfAbsent("b", ByteBuffer.allocate(1));
        assertThatThrownBy(() -> store().put("a/b", ByteBuffer.allocate(1))).isInstanceOf(ObjectStoreException.class);
        assertThat(root().resolve(".tmp")).isEmptyDirectory();
    }

    /** The JVM's own recorder tells which files and folders were synced. */
    @Test
    void bytesAndNamesAreOnTheDiskBeforeAPutReturns() throws Exception {
        ObjectStore store = store();
        Path events = folder.resolve("events");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.FileForce").withThreshold(Duration.ZERO);
            recording.start();
            store.put("pack/4f09", ByteBuffer.allocate(1));
            store.putIfAbsent("log/1/2", ByteBuffer.allocate(1));
            recording.stop();
            recording.dump(events);
        }
        assertThat(RecordingFile.readAllEvents(events).stream()
                        .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                        .map(event -> root().relativize(Path.of(event.getString("path"))))
                        .map(path -> path.startsWith(".tmp") ? "body" : path.toString()))
                // The folders that were made, each in the one above it; the body; its name.
                .containsExactly("", "pack", "body", "pack/_4f", "", "log", "body", "log/1");
    }

    @Test
    void aKeyBelowAnotherIsRefusedForGood() throws Exception {
        store().put("a", ByteBuffer.allocate(1));
        assertThatThrownBy(() -> store().put("a/b", ByteBuffer.allocate(1)))
                .isInstanceOfSatisfying(
                        ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.PERMANENT));
        assertThat(store().get("a", 1)).hasSize(1);
    }

    @Test
    void whatIsNotOursInTheFolderIsNotListed() throws Exception {
        Files.writeString(root().resolve("README.txt"), "mine");
        Files.createDirectories(root().resolve("lost+found"));
        Files.createDirectories(root().resolve("pack/_4f"));
        Files.writeString(root().resolve("pack/_4f/5f00"), "in the wrong folder");
        store().put("pack/4f09", ByteBuffer.allocate(1));
        assertThat(store().list("", "", 10)).extracting(ObjectInfo::key).containsExactly("pack/4f09");
    }

    @Test
    void folderThatWentAwayIsMadeAgainAtTheNextTry() throws Exception {
        store().put("pack/4f09", ByteBuffer.allocate(1));
        store().delete("pack/4f09");
        Files.delete(root().resolve("pack/_4f"));
        assertThatThrownBy(() -> store().put("pack/4f09", ByteBuffer.allocate(1)))
                .isInstanceOfSatisfying(
                        ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TRANSIENT));
        store().put("pack/4f09", ByteBuffer.allocate(1));
        assertThat(store().head("pack/4f09")).isPresent();
    }

    @Test
    void aFullDiskIsToldAsSuch() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "needs /dev/full");
        IOException cause = catchThrowableOfType(IOException.class, () -> Files.write(full, new byte[1]));
        assertThat(LocalErrors.translate("put", "a", root(), 1, cause).kind()).isEqualTo(Kind.FULL);
    }
}
