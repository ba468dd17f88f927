package org.cairnfs.core.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.cairnfs.core.metadata.RowCursor;

/** What is sorted on disk, in however many runs, is what sorting in memory gives. */
class SortedRecordsProperties {
    @Property(tries = 200)
    void givesAllInOrder(
            @ForAll @Size(max = 2_000) List<Integer> numbers,
            @ForAll @IntRange(min = 1, max = 4) int width,
            @ForAll @IntRange(min = 1, max = 600) int buffer)
            throws Exception {
        Path directory = Files.createTempDirectory("sorted");
        List<long[]> expected = new ArrayList<>();
        List<long[]> sorted = new ArrayList<>();
        try (SortedRecords records = new SortedRecords(directory, width, buffer)) {
            for (int i = 0; i < numbers.size(); i++) {
                long[] record = new long[width];
                Arrays.fill(record, numbers.get(i) % 10);
                record[width - 1] = numbers.get(i) * 1_000_000_007L;
                expected.add(record);
                records.add(record);
            }
            for (RowCursor<long[]> cursor = records.sorted(); cursor.hasNext(); ) {
                sorted.add(cursor.next());
            }
        }
        expected.sort(Arrays::compare);
        assertThat(sorted.toArray(long[][]::new)).isDeepEqualTo(expected.toArray(long[][]::new));
        try (var left = Files.list(directory)) {
            assertThat(left).as("files that are left").isEmpty();
        }
        Files.delete(directory);
    }
}
