package org.cairnfs.core.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.cairnfs.core.journal.Journal.Appended;
import org.cairnfs.core.journal.Journal.Pin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract of {@link Journal}, on real files. */
class FileJournalTest {
    private static final byte[] KEY = new byte[32];

    @TempDir
    Path directory;

    static Stream<JournalSealer> sealers() {
        return Stream.of(PlainSealer.INSTANCE, new AesGcmSealer(KEY, 3));
    }

    private static JournalOptions.Builder options(JournalSealer sealer) {
        return JournalOptions.builder()
                .sealer(sealer)
                .segmentBytes(8192)
                .boundBytes(1 << 20)
                .reserveBytes(4096)
                .keepMillis(0);
    }

    private FileJournal open(JournalSealer sealer) throws Exception {
        return FileJournal.open(
                NioJournalFiles.in(directory.resolve("journal")),
                options(sealer).build());
    }

    @ParameterizedTest
    @MethodSource("sealers")
    void whatIsAppendedIsReplayedAfterReopening(JournalSealer sealer) throws Exception {
        List<Entry> written = Entry.random(new Random(1), 200, 300, 500);
        try (FileJournal journal = open(sealer)) {
            for (Entry entry : written) {
                assertThat(entry.appendTo(journal)).isEqualTo(journal.lastSequence());
            }
            assertThat(Entry.replay(journal, 1)).isEqualTo(written);
        }
        try (FileJournal journal = open(sealer)) {
            assertThat(journal.lastSequence()).isEqualTo(200);
            assertThat(journal.syncedSequence()).isEqualTo(200);
            assertThat(Entry.replay(journal, 1)).isEqualTo(written);
            assertThat(Entry.replay(journal, 150)).isEqualTo(written.subList(149, 200));
            assertThat(Entry.of("next", 0, 5).appendTo(journal)).isEqualTo(201);
        }
    }

    /** Whoever reads on in a long segment does not read it from its beginning: what is damaged there is not met. */
    @ParameterizedTest
    @MethodSource("sealers")
    void headsInTheMiddleAreFoundWithoutTheBeginning(JournalSealer sealer) throws Exception {
        JournalOptions large =
                options(sealer).segmentBytes(16 << 20).boundBytes(64 << 20).build();
        try (FileJournal journal = FileJournal.open(NioJournalFiles.in(directory.resolve("journal")), large)) {
            byte[] payload = new byte[10_000];
            int records = 3 * Segment.BYTES_PER_PLACE / payload.length;
            for (int i = 1; i <= records; i++) {
                journal.append(ByteBuffer.wrap(new byte[] {(byte) i}), ByteBuffer.wrap(payload));
            }
            for (int first : new int[] {1, 2, records / 2, records}) {
                List<Long> seen = new ArrayList<>();
                journal.heads(first, records, (sequence, timeMillis, head, ref) -> {
                    assertThat(head.get()).isEqualTo((byte) sequence);
                    seen.add(sequence);
                });
                assertThat(seen).first().isEqualTo((long) first);
                assertThat(seen).hasSize(records - first + 1);
            }
            try (Stream<Path> files = Files.list(directory.resolve("journal"));
                    FileChannel file = FileChannel.open(
                            files.filter(each -> each.toString().endsWith(".seg"))
                                    .findFirst()
                                    .orElseThrow(),
                            StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.allocate(2 * payload.length), 1_000);
            }
            List<Long> seen = new ArrayList<>();
            journal.heads(records - 5L, records, (sequence, timeMillis, head, ref) -> seen.add(sequence));
            assertThat(seen).hasSize(6);
            assertThatThrownBy(() -> journal.heads(1, records, (sequence, timeMillis, head, ref) -> {}))
                    .isInstanceOf(JournalCorruptException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("sealers")
    void largePayloadsAreReadInParts(JournalSealer sealer) throws Exception {
        for (int length : new int[] {1, 65535, 65536, 65537, 200_000, 16 << 20}) {
            for (boolean direct : new boolean[] {false, true}) {
                byte[] bytes = new byte[length];
                new Random(length).nextBytes(bytes);
                ByteBuffer payload = direct ? ByteBuffer.allocateDirect(length + 7) : ByteBuffer.allocate(length + 7);
                payload.position(7).put(bytes).position(7);
                try (FileJournal journal = open(sealer)) {
                    Appended appended = journal.append(ByteBuffer.wrap(new byte[] {1}), payload);
                    assertThat(payload.position()).isEqualTo(7);
                    for (int[] range :
                            new int[][] {{0, length}, {length - 1, 1}, {length / 2, length / 3}, {length, 0}}) {
                        ByteBuffer part = ByteBuffer.allocate(range[1]);
                        journal.readPayload(appended.payload(), range[0], part);
                        assertThat(part.flip()).isEqualTo(ByteBuffer.wrap(bytes, range[0], range[1]));
                    }
                    assertThatThrownBy(() -> journal.readPayload(appended.payload(), length, ByteBuffer.allocate(1)))
                            .isInstanceOf(IllegalArgumentException.class);
                }
            }
        }
    }

    @Test
    void sealedFilesShowNothing() throws Exception {
        byte[] secret = "the quick brown fox jumps".getBytes(StandardCharsets.US_ASCII);
        try (FileJournal journal = open(new AesGcmSealer(KEY, 3))) {
            journal.append(ByteBuffer.wrap(secret), ByteBuffer.wrap(secret));
        }
        try (Stream<Path> files = Files.list(directory.resolve("journal"))) {
            for (Path file : files.toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .doesNotContain("quick");
            }
        }
    }

    @Test
    void anotherKeyOrMethodIsNamedAsSuch() throws Exception {
        open(new AesGcmSealer(KEY, 3)).close();
        byte[] other = KEY.clone();
        other[0] = 1;
        assertThatThrownBy(() -> open(new AesGcmSealer(other, 3)))
                .isInstanceOf(JournalCorruptException.class)
                .hasMessageContaining("another key");
        assertThatThrownBy(() -> open(new AesGcmSealer(KEY, 4)))
                .isInstanceOf(JournalCorruptException.class)
                .hasMessageContaining("generation 3; there are only [4]");
        assertThatThrownBy(() -> open(PlainSealer.INSTANCE))
                .isInstanceOf(JournalCorruptException.class)
                .hasMessageContaining("method 1");
    }

    @Test
    void filesAreForTheOwnerOnly() throws Exception {
        open(PlainSealer.INSTANCE).close();
        Path journal = directory.resolve("journal");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(journal)))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(journal)) {
            assertThat(files)
                    .hasSize(2)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void trimKeepsWhatIsAskedForAndSequencesGoOn() throws Exception {
        List<Entry> written = Entry.random(new Random(2), 100, 300, 500);
        try (FileJournal journal = open(PlainSealer.INSTANCE)) {
            for (Entry entry : written) {
                entry.appendTo(journal);
            }
            long before = journal.usage().bytes();
            journal.trim(60);
            assertThat(journal.oldestSequence()).isBetween(40L, 60L);
            assertThat(journal.usage().bytes()).isLessThan(before);
            journal.trim(101);
            assertThat(journal.oldestSequence()).isGreaterThan(90);
        }
        try (FileJournal journal = open(PlainSealer.INSTANCE)) {
            journal.trim(101);
            assertThat(journal.oldestSequence()).isEqualTo(101);
            assertThat(journal.lastSequence()).isEqualTo(100);
            assertThat(Entry.replay(journal, 1)).isEmpty();
            assertThat(Entry.of("next", 0, 5).appendTo(journal)).isEqualTo(101);
        }
    }

    @Test
    void youngSegmentsAreKept() throws Exception {
        long[] now = {1_000_000};
        JournalOptions options = options(PlainSealer.INSTANCE)
                .keepMillis(1000)
                .clock(() -> now[0])
                .build();
        try (FileJournal journal = FileJournal.open(NioJournalFiles.in(directory.resolve("journal")), options)) {
            for (Entry entry : Entry.random(new Random(3), 50, 300, 500)) {
                entry.appendTo(journal);
            }
            journal.trim(51);
            assertThat(journal.oldestSequence()).isEqualTo(1);
            now[0] += 999;
            journal.trim(51);
            assertThat(journal.oldestSequence()).isEqualTo(1);
            now[0] += 1;
            journal.trim(51);
            assertThat(journal.oldestSequence()).isGreaterThan(40);
        }
    }

    @Test
    void youngSegmentsAreKeptWithinTheirBytesOnly() throws Exception {
        JournalOptions options = options(PlainSealer.INSTANCE)
                .keepMillis(Long.MAX_VALUE / 4)
                .keepBytes(20_000)
                .build();
        try (FileJournal journal = FileJournal.open(NioJournalFiles.in(directory.resolve("journal")), options)) {
            for (Entry entry : Entry.random(new Random(3), 100, 300, 500)) {
                entry.appendTo(journal);
            }
            journal.trim(40);
            assertThat(journal.oldestSequence()).as("needed beyond these bytes").isBetween(20L, 40L);
            journal.trim(101);
            assertThat(journal.usage().bytes()).isBetween(20_000L - 8192, 20_000L);
        }
    }

    @Test
    void theNewestRecordIsNotOlderThanIsSaid() throws Exception {
        long[] now = {1_000_000};
        JournalOptions options =
                options(PlainSealer.INSTANCE).clock(() -> now[0]).build();
        NioJournalFiles files = NioJournalFiles.in(directory.resolve("journal"));
        try (FileJournal journal = FileJournal.open(files, options)) {
            assertThat(journal.newestNotBefore()).isZero();
            for (Entry entry : Entry.random(new Random(3), 100, 300, 500)) {
                now[0] += 10;
                entry.appendTo(journal);
            }
        }
        long last = now[0];
        for (int i = 0; i < 3; i++) {
            now[0] += 1_000_000;
            try (FileJournal journal = FileJournal.open(files, options)) {
                assertThat(journal.newestNotBefore()).isBetween(last - 500, last);
            }
        }
    }

    @Test
    void aFastWriterNeverWaitsForTheAgeOfWhatNothingNeeds() throws Exception {
        JournalOptions options = options(PlainSealer.INSTANCE)
                .boundBytes(3 * 8192)
                .keepMillis(Long.MAX_VALUE / 4)
                .clock(() -> 1_000_000)
                .build();
        try (FileJournal journal = FileJournal.open(NioJournalFiles.in(directory.resolve("journal")), options)) {
            for (Entry entry : Entry.random(new Random(3), 200, 300, 500)) {
                assertThat(journal.awaitRoom(Journal.Room.NORMAL, 4096, 0)).isTrue();
                journal.trim(entry.appendTo(journal) + 1);
            }
            assertThat(journal.oldestSequence())
                    .as("something is kept all the same")
                    .isLessThanOrEqualTo(200);
        }
    }

    @Test
    void pinnedSegmentsStayReadableThoughTrimmed() throws Exception {
        try (FileJournal journal = open(PlainSealer.INSTANCE)) {
            Entry entry = Entry.of("head", 42, 6000);
            Appended first = journal.append(entry.headBuffer(), entry.payload().asBuffer());
            Pin pin = journal.pin();
            Pin second = journal.pin();
            for (Entry next : Entry.random(new Random(4), 50, 300, 500)) {
                next.appendTo(journal);
            }
            journal.trim(51);
            assertThat(journal.oldestSequence()).isGreaterThan(1);
            long pinned = journal.usage().bytes();
            pin.close();
            pin.close();
            ByteBuffer back = ByteBuffer.allocate(6000);
            journal.readPayload(first.payload(), 0, back);
            assertThat(back.flip()).isEqualTo(entry.payload().asBuffer());
            second.close();
            assertThat(journal.usage().bytes()).isLessThan(pinned);
            assertThatThrownBy(() -> journal.readPayload(first.payload(), 0, ByteBuffer.allocate(1)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void eachStartHasAHigherIncarnation() throws Exception {
        try (FileJournal journal = open(PlainSealer.INSTANCE)) {
            assertThat(journal.incarnation()).isEqualTo(1);
        }
        JournalOptions higher =
                options(PlainSealer.INSTANCE).minimumIncarnation(7).build();
        NioJournalFiles files = NioJournalFiles.in(directory.resolve("journal"));
        FileJournal.open(files, higher).close();
        try (FileJournal journal = FileJournal.open(files, higher)) {
            assertThat(journal.incarnation()).isEqualTo(8);
        }
    }

    @Test
    void sequencesBeginWhereTheyAreToldTo() throws Exception {
        long start = (1L << 31) - 2;
        JournalOptions options =
                options(PlainSealer.INSTANCE).firstSequence(start).build();
        NioJournalFiles files = NioJournalFiles.in(directory.resolve("journal"));
        List<Entry> written = Entry.random(new Random(5), 5, 10, 10);
        try (FileJournal journal = FileJournal.open(files, options)) {
            assertThat(journal.lastSequence()).isEqualTo(start - 1);
            assertThat(journal.oldestSequence()).isEqualTo(start);
            for (Entry entry : written) {
                entry.appendTo(journal);
            }
        }
        try (FileJournal journal = FileJournal.open(files, options)) {
            assertThat(journal.lastSequence()).isEqualTo(start + 4);
            assertThat(Entry.replay(journal, start + 2)).isEqualTo(written.subList(2, 5));
        }
    }

    @Test
    void limitsAreChecked() throws Exception {
        try (FileJournal journal = open(PlainSealer.INSTANCE)) {
            ByteBuffer small = ByteBuffer.allocate(1);
            assertThatThrownBy(() -> journal.append(ByteBuffer.allocate((4 << 20) + 1), small))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> journal.append(small, ByteBuffer.allocate((16 << 20) + 1)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> journal.sync(1)).isInstanceOf(IllegalArgumentException.class);
            assertThat(journal.append(ByteBuffer.allocate(4 << 20), ByteBuffer.allocate(16 << 20))
                            .sequence())
                    .isEqualTo(1);
            assertThat(Entry.replay(journal, 1)).hasSize(1);
        }
    }

    @Test
    void interruptsDoNotHarmIt() throws Exception {
        try (FileJournal journal = open(PlainSealer.INSTANCE)) {
            Entry entry = Entry.of("head", 1, 100);
            Thread.currentThread().interrupt();
            Appended appended =
                    journal.append(entry.headBuffer(), entry.payload().asBuffer());
            journal.sync(appended.sequence());
            ByteBuffer back = ByteBuffer.allocate(100);
            journal.readPayload(appended.payload(), 0, back);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(back.flip()).isEqualTo(entry.payload().asBuffer());
            assertThat(Entry.replay(journal, 1)).containsExactly(entry);
        }
    }

    @Test
    void afterClosingEverythingIsRefused() throws Exception {
        FileJournal journal = open(PlainSealer.INSTANCE);
        journal.close();
        journal.close();
        assertThatThrownBy(() -> Entry.of("late", 0, 0).appendTo(journal))
                .isInstanceOf(JournalFailedException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> journal.sync(0)).isInstanceOf(JournalFailedException.class);
    }
}
