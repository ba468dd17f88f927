package org.cairnfs.core.gc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.metadata.row.CheckpointRow;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.PackRow;
import org.junit.jupiter.api.Test;

/** The rule of docs/garbage-collection.md, at its edges. */
class TargetsTest {
    private static PackRow retired(long number, long sequence) {
        return new PackRow(number, "pack/x", Bytes.EMPTY, 100, 0, false, ChunkState.RETIRING, sequence);
    }

    private static CheckpointRow point(long sequence, long packs) {
        return new CheckpointRow(sequence, "root/x", 1, 0, packs);
    }

    @Test
    void theFloorMustBeBehindTheRecordThatRetiredIt() {
        Targets targets = new Targets(50, 100, List.of());
        assertThat(targets.need(retired(1, 49))).isFalse();
        assertThat(targets.need(retired(1, 50))).isTrue();
    }

    @Test
    void withoutFloorTheLogReachesBackToTheBeginning() {
        assertThat(new Targets(0, 100, List.of()).need(retired(1, 1))).isTrue();
    }

    @Test
    void theNewestBarrierMustBeBehindItToo() {
        assertThat(new Targets(50, 40, List.of()).need(retired(1, 40))).isTrue();
        assertThat(new Targets(50, 41, List.of()).need(retired(1, 40))).isFalse();
    }

    @Test
    void aRestorePointNeedsWhatWasThereAndNotRetiredYet() {
        Targets targets = new Targets(50, 100, List.of(point(20, 7)));
        assertThat(targets.need(retired(6, 20))).isTrue();
        assertThat(targets.need(retired(6, 19))).as("retired before it").isFalse();
        assertThat(targets.need(retired(7, 20))).as("made after it").isFalse();
    }
}
