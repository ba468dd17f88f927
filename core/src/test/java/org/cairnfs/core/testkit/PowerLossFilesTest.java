package org.cairnfs.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.cairnfs.core.journal.JournalFile;
import org.cairnfs.core.journal.OutOfSpaceException;
import org.cairnfs.core.testkit.PowerLossFiles.Loss;
import org.cairnfs.core.testkit.PowerLossFiles.Survivor;
import org.junit.jupiter.api.Test;

/** The simulation itself: what was synced always survives, what was not may go in every way. */
class PowerLossFilesTest {
    private final PowerLossFiles files = new PowerLossFiles();

    private static byte[] bytes(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static byte[] contents(PowerLossFiles files, String name) throws Exception {
        JournalFile file = files.open(name);
        ByteBuffer all = ByteBuffer.allocate((int) file.size());
        file.read(0, all);
        return all.array();
    }

    private JournalFile durable(String name, byte[] contents) throws Exception {
        JournalFile file = files.create(name);
        file.write(0, ByteBuffer.wrap(contents));
        file.force(true);
        files.syncDirectory();
        return file;
    }

    @Test
    void whatWasSyncedSurvivesEverything() throws Exception {
        durable("a", bytes(2000, 1));
        for (Loss loss : Loss.values()) {
            Survivor survivor = files.survivor(loss, 1);
            assertThat(survivor.lost()).isZero();
            assertThat(contents(survivor.files(), "a")).isEqualTo(bytes(2000, 1));
        }
    }

    @Test
    void unsyncedSectorsLengthsAndNamesGoEachByItself() throws Exception {
        JournalFile file = durable("a", bytes(1024, 1));
        durable("gone", bytes(1, 1));
        file.write(0, ByteBuffer.wrap(bytes(1536, 2)));
        files.create("new");
        files.delete("gone");
        Set<String> seen = new HashSet<>();
        for (long seed = 0; seed < 500; seed++) {
            PowerLossFiles after = files.survivor(Loss.SOME, seed).files();
            byte[] found = contents(after, "a");
            seen.add(found.length + " " + found[0] + found[512] + " " + after.list());
            assertThat(found[0]).isEqualTo(found[511]);
            assertThat(found.length).isIn(1024, 1536);
        }
        assertThat(seen).as("lengths x first sector x second x two names").hasSize(32);
        Survivor none = files.survivor(Loss.EVERYTHING, 0);
        assertThat(contents(none.files(), "a")).isEqualTo(bytes(1024, 1));
        assertThat(none.files().list()).containsExactly("a", "gone");
        assertThat(none.lost()).isEqualTo(6);
        Survivor all = files.survivor(Loss.NOTHING, 0);
        assertThat(contents(all.files(), "a")).isEqualTo(bytes(1536, 2));
        assertThat(all.lost()).isZero();
    }

    @Test
    void tellsWritesThatWereDroppedTornAndReordered() throws Exception {
        JournalFile file = durable("a", bytes(2048, 1));
        file.write(0, ByteBuffer.wrap(bytes(1024, 2)));
        file.write(1024, ByteBuffer.wrap(bytes(1024, 3)));
        Set<String> seen = new HashSet<>();
        for (long seed = 0; seed < 500; seed++) {
            Survivor survivor = files.survivor(Loss.SOME, seed);
            byte[] found = contents(survivor.files(), "a");
            int first = (found[0] == 2 ? 1 : 0) + (found[512] == 2 ? 1 : 0);
            int second = (found[1024] == 3 ? 1 : 0) + (found[1536] == 3 ? 1 : 0);
            PowerLossFates fates = survivor.fates();
            assertThat(fates.dropped()).isEqualTo((first == 0 ? 1 : 0) + (second == 0 ? 1 : 0));
            assertThat(fates.torn()).isEqualTo((first == 1 ? 1 : 0) + (second == 1 ? 1 : 0));
            assertThat(fates.reordered()).isEqualTo(first < 2 && second > 0 ? 1 : 0);
            assertThat(fates.pieces()).isEqualTo(4 - first - second);
            seen.add(first + " " + second);
        }
        assertThat(seen).hasSize(9);
        assertThat(files.survivor(Loss.EVERYTHING, 0).fates().dropped()).isEqualTo(2);
        assertThat(files.survivor(Loss.NOTHING, 0).fates().pieces()).isZero();
    }

    @Test
    void writesToAFileWhoseNameOrLengthIsLostAreDropped() throws Exception {
        JournalFile file = durable("a", bytes(512, 1));
        file.write(512, ByteBuffer.wrap(bytes(512, 2)));
        files.create("new").write(0, ByteBuffer.wrap(bytes(512, 3)));
        for (long seed = 0; seed < 100; seed++) {
            Survivor survivor = files.survivor(Loss.SOME, seed);
            PowerLossFiles after = survivor.files();
            boolean grown = after.length("a") > 512 && contents(after, "a")[512] == 2;
            boolean made = after.list().contains("new") && after.length("new") > 0 && contents(after, "new")[0] == 3;
            assertThat(survivor.fates().dropped()).isEqualTo((grown ? 0 : 1) + (made ? 0 : 1));
        }
    }

    @Test
    void aTruncatedFileThatGrowsAgainIsZeroThere() throws Exception {
        JournalFile file = durable("a", bytes(2000, 1));
        file.truncate(100);
        file.write(1500, ByteBuffer.wrap(bytes(1, 3)));
        file.force(false);
        byte[] expected = Arrays.copyOf(bytes(100, 1), 1501);
        expected[1500] = 3;
        assertThat(contents(files.survivor(Loss.EVERYTHING, 0).files(), "a")).isEqualTo(expected);
    }

    @Test
    void aForceInWhichThePowerFailsPromisesNothing() throws Exception {
        JournalFile file = durable("a", bytes(512, 1));
        file.write(0, ByteBuffer.wrap(bytes(512, 2)));
        files.failAtStep(files.steps() + 1);
        assertThatThrownBy(() -> file.force(true)).isInstanceOf(PowerLossFiles.PowerLossException.class);
        assertThatThrownBy(() -> file.read(0, ByteBuffer.allocate(1)))
                .isInstanceOf(PowerLossFiles.PowerLossException.class);
        assertThat(contents(files.survivor(Loss.EVERYTHING, 0).files(), "a")).isEqualTo(bytes(512, 1));
    }

    @Test
    void aFullDiskTakesWhatFits() throws Exception {
        JournalFile file = durable("a", bytes(100, 1));
        files.space(150);
        ByteBuffer more = ByteBuffer.wrap(bytes(80, 2));
        assertThatThrownBy(() -> file.write(100, more)).isInstanceOf(OutOfSpaceException.class);
        assertThat(more.remaining()).isEqualTo(30);
        assertThat(file.size()).isEqualTo(150);
        assertThat(files.usableSpace()).isZero();
    }
}
