package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.cairnfs.core.metadata.h2.Database;
import org.cairnfs.core.testkit.MutationSequence;
import org.cairnfs.core.testkit.PowerLossFates;
import org.cairnfs.core.testkit.PowerLossFiles.Loss;
import org.cairnfs.core.testkit.Subject;
import org.cairnfs.core.volume.CrashRun.Moment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A crash at any step of the journal's disk, and after the last one: the volume opens by itself, and is what a prefix of the operations
 * makes, which holds all that was promised. Whatever the state of the database file. {@code -Dcairn.long=true} tries many seeds,
 * {@code -Dcairn.seed=N} one of them. A run in which nothing was lost or torn fails: it has proven nothing.
 */
class VolumeCrashTest {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeCrashTest.class);
    private static final int MOMENTS_PER_REBUILD = 10;
    private static final int LATER = 20;
    private static final int EARLIER = 20;
    private static final long SEED = Long.getLong("cairn.seed", 1);
    private static final boolean LONG = Boolean.getBoolean("cairn.long");

    @TempDir
    Path folder;

    private int moments;
    private final List<PowerLossFates> fates = new ArrayList<>();
    private int lostOperations;
    private int killed;
    private int tornDatabases;
    private int tornSectors;

    /** In what state the database file is found. */
    private enum DatabaseFile {
        OF_THE_MOMENT,
        OF_AN_EARLIER_MOMENT,
        OF_A_LATER_MOMENT,
        MISSING,
        CUT,
        /** As H2's writes may be left when the power fails; after the death of the process alone, as it was. */
        TORN
    }

    @Test
    void everyStepOfASmallRun() throws Exception {
        CrashRun run = new CrashRun(folder, true, SEED, 100, 1);
        run.run();
        assertThat((long) run.moments().size()).as("each step, and the end").isEqualTo(run.steps() + 1);
        check(run, new Random(SEED));
        assertItProvedSomething("seed " + SEED);
    }

    @Test
    void someStepsOfLargerRuns() throws Exception {
        boolean given = Long.getLong("cairn.seed") != null;
        long first = given ? SEED : 100;
        long last = given || !LONG ? first : first + 59;
        for (long seed = first; seed <= last; seed++) {
            CrashRun run = new CrashRun(folder.resolve("run" + seed), seed % 4 == 0, seed, 300, 7);
            run.run();
            check(run, new Random(seed));
        }
        assertItProvedSomething("seeds " + first + " to " + last);
    }

    private void check(CrashRun run, Random random) throws Exception {
        for (int i = 0; i < run.moments().size(); i++) {
            check(run, i, DatabaseFile.values()[random.nextInt(DatabaseFile.values().length)], random);
        }
    }

    private void check(CrashRun run, int index, DatabaseFile which, Random random) throws Exception {
        Moment moment = run.moments().get(index);
        String what = moment + ", database file " + which;
        Path state =
                moment.database().resolveSibling("state-of-" + moment.database().getFileName());
        CairnVolume volume;
        try {
            volume = run.open(moment, database(run, index, which, random), state, MutationSequence.whenLookedAt());
        } catch (VolumeException e) {
            throw new AssertionError("does not open: " + what, e);
        }
        List<String> image;
        try {
            image = MutationSequence.imageOf(Subject.of(volume.fileSystem()));
            int prefix = run.operations().prefixWith(image, moment.least(), moment.begun());
            if (prefix < 0) {
                throw new AssertionError("no prefix that holds what was promised: " + what
                        + run.operations().difference(image, moment.least(), moment.begun()));
            }
            moments++;
            fates.add(moment.journal().fates());
            lostOperations += prefix < moment.answered() ? 1 : 0;
            killed += moment.loss() == Loss.NOTHING ? 1 : 0;
            if (index % MOMENTS_PER_REBUILD == 0) {
                image = MutationSequence.imageOf(
                        Subject.of(volume.fileSystem())); // with the access times of the first look
                VolumeFixture.stop(volume);
            }
        } finally {
            volume.abandon();
        }
        if (index % MOMENTS_PER_REBUILD == 0) {
            assertTheBucketIsEnough(run, moment, image, what);
        }
    }

    private void assertTheBucketIsEnough(CrashRun run, Moment moment, List<String> image, String what)
            throws Exception {
        Path state = moment.database()
                .resolveSibling("rebuilt-of-" + moment.database().getFileName());
        CairnVolume volume = run.openElsewhere(moment.store(), state, MutationSequence.whenLookedAt());
        try {
            assertThat(MutationSequence.imageOf(Subject.of(volume.fileSystem())))
                    .as("rebuilt from the bucket: " + what)
                    .isEqualTo(image);
        } finally {
            volume.abandon();
        }
    }

    private Path database(CrashRun run, int index, DatabaseFile which, Random random) throws Exception {
        Path own = run.moments().get(index).database();
        int others = run.moments().size();
        return switch (which) {
            case OF_THE_MOMENT -> own;
            case OF_AN_EARLIER_MOMENT ->
                run.moments().get(random.nextInt(index + 1)).database();
            case OF_A_LATER_MOMENT ->
                run.moments()
                        .get(index + random.nextInt(Math.min(LATER, others - index)))
                        .database();
            case MISSING -> null;
            case CUT -> {
                Path copy = own.resolveSibling("cut-of-" + own.getFileName());
                VolumeFixture.copyTree(own, copy);
                Path file = Database.file(copy);
                if (Files.exists(file)) {
                    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                        channel.truncate((long) (random.nextDouble() * channel.size()));
                    }
                }
                yield copy;
            }
            case TORN -> {
                if (run.moments().get(index).loss() == Loss.NOTHING) {
                    yield own;
                }
                Path copy = own.resolveSibling("torn-of-" + own.getFileName());
                List<Path> before = run.moments().subList(Math.max(0, index - EARLIER), index + 1).stream()
                        .map(Moment::database)
                        .toList();
                int lost = TornDatabase.make(before, copy, random);
                tornDatabases += lost > 0 ? 1 : 0;
                tornSectors += lost;
                yield copy;
            }
        };
    }

    private void assertItProvedSomething(String seeds) {
        LOG.info(
                "{}: {} crash points tried, journal: {}; {} databases torn, in {} sectors; operations lost in {}, {} times only the"
                        + " process died",
                seeds,
                moments,
                PowerLossFates.tell(fates),
                tornDatabases,
                tornSectors,
                lostOperations,
                killed);
        assertThat(fates).as("writes dropped or torn").anyMatch(fate -> fate.dropped() + fate.torn() > 0);
        assertThat(tornDatabases).as("databases torn").isPositive();
        assertThat(lostOperations).as("crashes that lost operations").isPositive();
        assertThat(killed).as("crashes of the process alone").isPositive();
    }
}
