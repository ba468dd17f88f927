package org.cairnfs.core.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.cairnfs.core.testkit.PowerLossFiles;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One bit of a journal that was closed is flipped, at every byte in turn: that is always noticed. */
class JournalBitFlipTest {
    static Stream<JournalSealer> sealers() {
        return Stream.of(PlainSealer.INSTANCE, new AesGcmSealer(new byte[32], 1));
    }

    @ParameterizedTest
    @MethodSource("sealers")
    void everyFlippedByteIsCorruption(JournalSealer sealer) throws Exception {
        JournalOptions options = JournalPowerLossTest.options(sealer);
        PowerLossFiles files = new PowerLossFiles();
        List<Entry> entries = Entry.random(new Random(9), 18, 100, 900);
        try (FileJournal journal = FileJournal.open(files, options)) {
            for (Entry entry : entries) {
                entry.appendTo(journal);
            }
        }
        List<String> segments =
                files.list().stream().filter(name -> name.endsWith(".seg")).toList();
        assertThat(segments).hasSizeGreaterThan(1);
        int noticed = 0;
        int unimportant = 0;
        for (String segment : segments) {
            for (long position = 0; position < files.length(segment); position++) {
                PowerLossFiles copy = files.copy();
                copy.flip(segment, position, (int) (position % 8));
                try (FileJournal journal = FileJournal.open(copy, options)) {
                    assertThat(Entry.replay(journal, 1))
                            .as(segment + " " + position)
                            .isEqualTo(entries);
                    unimportant++;
                } catch (JournalCorruptException e) {
                    assertThat(e).hasMessageContaining(segment);
                    noticed++;
                }
            }
        }
        // Only the mark of the clean end tells nothing but itself: it is cut off, and no record with it.
        assertThat(unimportant)
                .isEqualTo(FrameHeader.BYTES
                        + sealer.forSegment(sealer.generation(), new byte[16], new byte[0])
                                .tagBytes());
        assertThat(noticed).isGreaterThan(6_000);
    }
}
