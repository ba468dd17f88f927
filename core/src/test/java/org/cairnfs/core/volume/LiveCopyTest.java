package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.testkit.MutationSequence;
import org.cairnfs.core.testkit.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A copy of the state directory of a running volume, made file by file as any program would, its journal's end cut off or torn: it
 * opens by itself, as a prefix of the operations that holds those that were stable before the copy was begun.
 */
class LiveCopyTest {
    private static final int OPERATIONS = 250;
    private static final int COPIES = Boolean.getBoolean("cairn.long") ? 60 : 6;

    @TempDir
    Path folder;

    private final Random random = new Random(Long.getLong("cairn.seed", 7));
    private VolumeFixture fixture;
    private MutationSequence operations;

    // Operations that were answered as stable, and those that were begun; written by the thread that works.
    private volatile int stable;
    private volatile int begun;

    private int tries;

    /** Where the journal ended at one moment. */
    private record End(String segment, long length) {}

    /** A copy, and what it must and may hold. */
    private record Copy(Path state, Path bucket, int least, int most, boolean torn) {}

    @Test
    void opensByItself() throws Exception {
        operations = MutationSequence.random(random.nextLong(), OPERATIONS);
        List<Copy> copies = new ArrayList<>();
        ExecutorService worker = Executors.newSingleThreadExecutor();
        try {
            for (int round = 0; !enough(copies); round++) {
                fixture = new VolumeFixture(Files.createDirectories(folder.resolve("round" + round)), true);
                stable = 0;
                Future<?> work = worker.submit(this::work);
                while (!work.isDone() && !enough(copies)) {
                    if (stable > 0) {
                        copy(folder.resolve("copy" + tries++), copies.size() % 2 == 0)
                                .ifPresent(copies::add);
                    }
                    Thread.onSpinWait();
                }
                work.get();
            }
        } finally {
            worker.shutdownNow();
        }
        for (Copy copy : copies) {
            check(copy);
        }
        assertThat(copies).as("copies within the work").anyMatch(copy -> copy.most < OPERATIONS);
    }

    /** As many as are wanted, and one of them torn at least. */
    private static boolean enough(List<Copy> copies) {
        return copies.size() >= COPIES && copies.stream().anyMatch(Copy::torn);
    }

    private Void work() throws Exception {
        FakeClock clock = new FakeClock();
        CairnVolume volume = fixture.open(CrashRun.options(clock));
        try {
            MutationSequence.Player player = operations.on(Subject.of(volume.fileSystem()), clock);
            while (player.done() < operations.length()) {
                begun = player.done() + 1;
                MutationSequence.Answer answer = player.next();
                if (player.done() % 5 == 0) {
                    volume.journal().sync(volume.journal().lastSequence());
                    stable = player.done();
                }
                if (player.done() % 60 == 0) {
                    volume.flush(left -> {});
                }
                assertThat(answer.told()).isNotEqualTo("EAGAIN");
            }
        } finally {
            volume.abandon();
        }
        return null;
    }

    private End journalEnd() throws IOException {
        List<Path> segments = segments(fixture.state().resolve("journal"));
        Path newest = segments.get(segments.size() - 1);
        return new End(newest.getFileName().toString(), Files.size(newest));
    }

    /**
     * Empty if a barrier came into the bucket meanwhile: the copy of the journal may be older than that, which no crash leaves, as a
     * barrier syncs the journal first; such a state is refused.
     */
    private Optional<Copy> copy(Path to, boolean databaseFirst) throws Exception {
        List<Path> barriers = fixture.objects("log");
        int before = stable;
        Path state = Files.createDirectories(to.resolve("state"));
        Files.copy(fixture.state().resolve("identity"), state.resolve("identity"));
        End kept;
        if (databaseFirst) {
            kept = copyDatabase(state);
            copyJournal(state);
        } else {
            copyJournal(state);
            kept = copyDatabase(state);
        }
        VolumeFixture.copyTree(fixture.bucketPath(), to.resolve("bucket"));
        if (!fixture.objects("log").equals(barriers)) {
            return Optional.empty();
        }
        return Optional.of(new Copy(state, to.resolve("bucket"), before, begun, tear(state.resolve("journal"), kept)));
    }

    /** Gives where the journal ends after it: the database holds nothing from behind that. */
    private End copyDatabase(Path state) throws IOException {
        VolumeFixture.copyTree(fixture.state().resolve("metadata"), state.resolve("metadata"));
        return journalEnd();
    }

    /** The oldest segments first; those before one that was trimmed meanwhile are gone, too. */
    private void copyJournal(Path state) throws IOException {
        Path to = Files.createDirectories(state.resolve("journal"));
        List<Path> copied = new ArrayList<>();
        for (Path segment : segments(fixture.state().resolve("journal"))) {
            try {
                copied.add(Files.copy(segment, to.resolve(segment.getFileName())));
            } catch (NoSuchFileException e) {
                for (Path older : copied) {
                    Files.delete(older);
                }
                copied.clear();
            }
        }
    }

    /** Cuts off, or overwrites, some of what came after that end; false if nothing did. */
    private boolean tear(Path journal, End kept) throws IOException {
        List<Path> segments = segments(journal);
        Path newest = segments.get(segments.size() - 1);
        if (newest.getFileName().toString().compareTo(kept.segment) < 0) {
            return false;
        }
        long from = newest.getFileName().toString().equals(kept.segment) ? kept.length : 512;
        try (FileChannel channel = FileChannel.open(newest, StandardOpenOption.WRITE)) {
            long rest = channel.size() - from;
            if (rest <= 0) {
                return false;
            }
            long at = from + (long) (random.nextDouble() * rest);
            // To the end, as what lies behind could say that this was synced by someone else since.
            byte[] instead = new byte[(int) (channel.size() - at)];
            switch (random.nextInt(3)) {
                case 0 -> channel.truncate(at);
                case 1 -> channel.write(ByteBuffer.wrap(instead), at);
                default -> {
                    random.nextBytes(instead);
                    channel.write(ByteBuffer.wrap(instead), at);
                }
            }
            return true;
        }
    }

    private void check(Copy copy) throws Exception {
        CairnVolume volume = fixture.openAt(copy.bucket, copy.state, CrashRun.options(MutationSequence.whenLookedAt()));
        try {
            List<String> image = MutationSequence.imageOf(Subject.of(volume.fileSystem()));
            if (operations.prefixWith(image, copy.least, copy.most) < 0) {
                throw new AssertionError("no prefix that holds what was promised: " + copy
                        + operations.difference(image, copy.least, copy.most));
            }
        } finally {
            volume.abandon();
        }
    }

    private static List<Path> segments(Path journal) throws IOException {
        try (Stream<Path> files = Files.list(journal)) {
            return files.filter(file -> file.toString().endsWith(".seg"))
                    .sorted()
                    .toList();
        }
    }
}
