package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.DirectoryPage;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.RemoveKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A large directory on a whole volume, within the heap of the tests: made, listed by cookies, listed again after a restart, removed.
 * What an operation puts into the journal is the same for the first and the last. {@code -Dcairn.long=true}: 1,000,000 names.
 */
class VolumeDirectoryTest {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeDirectoryTest.class);
    private static final int FILES = Boolean.getBoolean("cairn.long") ? 1_000_000 : 20_000;
    private static final int PARTS = 10;
    private static final int PAGE = 1_000;

    @TempDir
    Path folder;

    @Test
    void costsTheSameForEachNameHoweverManyThereAre() throws Exception {
        VolumeFixture fixture = new VolumeFixture(folder, true);
        VolumeOptions options = VolumeOptions.defaults().withJournal(new VolumeOptions.JournalSize(64 << 20, 4 << 20));
        CairnVolume volume = fixture.open(options);
        FileSystem fs = volume.fileSystem();
        FileHandle directory = fs.create(VolumeFixture.op(), fs.root(), Name.of("large"), CreateRequest.directory(0755))
                .node()
                .handle();
        assertThat(costs(
                        "creates",
                        volume,
                        i -> fs.create(VolumeFixture.op(), directory, name(i), CreateRequest.file(0644))))
                .as("journal records in each tenth of the creates")
                .allSatisfy(cost -> assertThat(cost).isBetween(FILES / PARTS, FILES / PARTS * 11 / 10));
        assertLists(fs, directory);
        volume.abandon();

        CairnVolume again = fixture.open(options);
        FileSystem after = again.fileSystem();
        after.endGrace();
        assertLists(after, VolumeFixture.lookup(after, "large"));
        assertThat(costs(
                        "removes",
                        again,
                        i -> after.remove(VolumeFixture.op(), directory, name(i), RemoveKind.NON_DIRECTORY)))
                .as("journal records in each tenth of the removals")
                .allSatisfy(cost -> assertThat(cost).isBetween(FILES / PARTS, FILES / PARTS * 4));
        after.remove(VolumeFixture.op(), after.root(), Name.of("large"), RemoveKind.DIRECTORY);
        VolumeFixture.stop(again);
        assertThat(again.statistics().inodes()).isEqualTo(1);
    }

    private interface Step {
        void run(int index) throws FsException;
    }

    /** How many records each tenth of the steps put into the journal. */
    private static List<Integer> costs(String what, CairnVolume volume, Step step) throws FsException {
        List<Integer> costs = new ArrayList<>();
        for (int part = 0; part < PARTS; part++) {
            long before = volume.journal().lastSequence();
            long begin = System.nanoTime();
            for (int i = FILES / PARTS * part; i < FILES / PARTS * (part + 1); i++) {
                step.run(i);
            }
            costs.add((int) (volume.journal().lastSequence() - before));
            LOG.info("{}, tenth {}: {} us each", what, part + 1, (System.nanoTime() - begin) / 1000 / (FILES / PARTS));
        }
        return costs;
    }

    /** Each name once, by pages of which each begins where the one before ended. */
    private static void assertLists(FileSystem fs, FileHandle directory) throws FsException {
        BitSet seen = new BitSet(FILES);
        long after = 0;
        DirectoryPage page;
        do {
            page = fs.readdir(VolumeFixture.op(), directory, after, PAGE, false);
            for (DirectoryPage.DirectoryEntry entry : page.entries()) {
                assertThat(entry.cookie()).isGreaterThan(after);
                after = entry.cookie();
                int index = Integer.parseInt(entry.name().toString().substring("file".length()));
                assertThat(seen.get(index)).isFalse();
                seen.set(index);
            }
        } while (!page.end());
        assertThat(seen.cardinality()).isEqualTo(FILES);
    }

    private static Name name(int index) throws FsException {
        return Name.of("file" + index);
    }
}
