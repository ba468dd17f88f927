package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.read;
import static org.cairnfs.core.volume.VolumeFixture.stop;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.h2.Database;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts of the local state are lost, damaged, or too old: the volume heals itself, or says plainly what a person is to do. */
class VolumeRebuildTest {
    private static final VolumeOptions SMALL_JOURNAL =
            VolumeOptions.defaults().withJournal(new VolumeOptions.JournalSize(1 << 20, 64 << 10));

    @TempDir
    Path folder;

    private static final VolumeOptions NO_BARRIERS = VolumeOptions.defaults().withBarriers(VolumeFixture.NO_BARRIERS);

    private VolumeFixture fixture;
    private final Random random = new Random(1);
    private final Map<String, byte[]> files = new LinkedHashMap<>();

    @BeforeEach
    void make() throws Exception {
        fixture = new VolumeFixture(folder, true);
    }

    @Test
    void aLostDatabaseIsMadeAgainAfterCheckpointsOfAllKindsThoughTheJournalWasTrimmed() throws Exception {
        for (int round = 0; round < 6; round++) {
            CairnVolume volume = fixture.open(SMALL_JOURNAL);
            assertAllIsThere(volume);
            addFiles(volume, "first" + round, 3);
            volume.flush(left -> {});
            addFiles(volume, "second" + round, 3);
            if (round % 3 == 1) {
                volume.flush(left -> {});
            }
            if (round % 3 == 2) {
                stop(volume);
            } else {
                volume.abandon();
            }
            if (round > 0) {
                assertThat(volume.journal().oldestSequence()).as("trimmed").isGreaterThan(1);
            }
            Database.discard(fixture.state().resolve("metadata"));
        }
        CairnVolume volume = fixture.open(SMALL_JOURNAL);
        assertAllIsThere(volume);
        stop(volume);
    }

    @Test
    void aDatabaseThatIsCutOrOverwrittenIsMadeAgain() throws Exception {
        CairnVolume volume = fixture.open(SMALL_JOURNAL);
        addFiles(volume, "file", 5);
        stop(volume);
        Path database = Database.file(fixture.state().resolve("metadata"));
        byte[] whole = Files.readAllBytes(database);
        for (int length : new int[] {0, 1, 4096, 8192, whole.length / 2, whole.length - 1}) {
            byte[] cut = Arrays.copyOf(whole, length);
            Files.write(database, cut);
            CairnVolume again = fixture.open(SMALL_JOURNAL);
            assertAllIsThere(again);
            again.abandon();
        }
        Files.write(database, new byte[whole.length]);
        CairnVolume again = fixture.open(SMALL_JOURNAL);
        assertAllIsThere(again);
        stop(again);
    }

    @Test
    void aDatabaseThatIsSealedWithAnotherKeyOrNotAtAllIsMadeAgain() throws Exception {
        CairnVolume volume = fixture.open();
        addFiles(volume, "file", 3);
        stop(volume);
        Path own = Database.file(fixture.state().resolve("metadata"));
        for (boolean encrypted : new boolean[] {true, false}) {
            VolumeFixture other =
                    new VolumeFixture(Files.createDirectories(folder.resolve("other" + encrypted)), encrypted);
            stop(other.open());
            Files.copy(Database.file(other.state().resolve("metadata")), own, StandardCopyOption.REPLACE_EXISTING);
            CairnVolume again = fixture.open();
            assertAllIsThere(again);
            stop(again);
        }
    }

    @Test
    void aJournalThatIsGoneIsNotPassedOver() throws Exception {
        CairnVolume volume = fixture.open();
        addFiles(volume, "file", 1);
        volume.abandon();
        clear(fixture.state().resolve("journal"));
        assertThatThrownBy(fixture::open)
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(VolumeException.Kind.DAMAGED))
                .hasMessageContaining("the journal is gone")
                .hasMessageContaining(fixture.state().toString());
    }

    @Test
    void incompleteCheckpointsAloneAreNoFileSystem() throws Exception {
        CairnVolume volume = fixture.open(NO_BARRIERS);
        addFiles(volume, "file", 2);
        volume.checkpoint();
        volume.abandon();
        Path state = fixture.state();
        fixture.loseState("fresh");
        giveLeaseTo(fixture);
        assertThatThrownBy(fixture::open)
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(VolumeException.Kind.STATE_MISMATCH))
                .hasMessageContaining("no complete checkpoint")
                .hasMessageContaining("--state");

        fixture.useState(state);
        CairnVolume again = fixture.open();
        assertAllIsThere(again);
        stop(again);
    }

    /** A rebuild goes back to the newest barrier, whatever checkpoints came later, and however often it is broken off. */
    @Test
    void aRebuildThatIsBrokenOffIsBegunAgain() throws Exception {
        CairnVolume volume = fixture.open();
        addFiles(volume, "kept", 3);
        stop(volume);
        CairnVolume later = fixture.open(NO_BARRIERS);
        write(later.fileSystem(), createFile(later.fileSystem(), "lost"), 0, new byte[50_000]);
        later.checkpoint();
        later.abandon();

        fixture.loseState("fresh");
        giveLeaseTo(fixture);
        CairnVolume rebuilt = fixture.open();
        assertAllIsThere(rebuilt);
        assertThat(exists(rebuilt, "lost")).isFalse();
        rebuilt.abandon();

        Database.discard(fixture.state().resolve("metadata"));
        CairnVolume brokenOff = fixture.open();
        assertAllIsThere(brokenOff);
        brokenOff.abandon();

        Database.discard(fixture.state().resolve("metadata"));
        clear(fixture.state().resolve("journal"));
        CairnVolume earlier = fixture.open();
        assertAllIsThere(earlier);
        addFiles(earlier, "more", 3);
        earlier.flush(left -> {});
        earlier.abandon();

        Database.discard(fixture.state().resolve("metadata"));
        CairnVolume last = fixture.open();
        assertAllIsThere(last);
        assertThat(exists(last, "lost")).isFalse();
        stop(last);
    }

    @Test
    void aStateDirectoryThatIsOlderThanTheBucketIsRefused() throws Exception {
        CairnVolume first = fixture.open();
        addFiles(first, "file", 1);
        stop(first);
        Path newest = fixture.state();
        Path old = newest.resolveSibling("old");
        VolumeFixture.copyTree(newest, old);
        CairnVolume second = fixture.open();
        addFiles(second, "more", 1);
        stop(second);

        fixture.useState(old);
        assertThatThrownBy(fixture::open)
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(VolumeException.Kind.STATE_MISMATCH))
                .hasMessageContaining("is older than");
        fixture.useState(newest);
        CairnVolume again = fixture.open();
        assertAllIsThere(again);
        stop(again);
    }

    private void addFiles(CairnVolume volume, String name, int count) throws FsException {
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[40_000];
            random.nextBytes(bytes);
            write(volume.fileSystem(), createFile(volume.fileSystem(), name + "-" + i), 0, bytes);
            files.put(name + "-" + i, bytes);
        }
    }

    private void assertAllIsThere(CairnVolume volume) throws FsException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            assertThat(read(volume.fileSystem(), lookup(volume.fileSystem(), file.getKey())))
                    .as(file.getKey())
                    .isEqualTo(file.getValue());
        }
    }

    private static boolean exists(CairnVolume volume, String name) {
        try {
            lookup(volume.fileSystem(), name);
            return true;
        } catch (FsException e) {
            return false;
        }
    }

    /** As a person does who knows that the holder is dead. */
    private static void giveLeaseTo(VolumeFixture fixture) throws IOException {
        Files.deleteIfExists(fixture.bucketPath().resolve("lease"));
    }

    private static void clear(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            for (Path file : all.toList()) {
                Files.delete(file);
            }
        }
    }
}
