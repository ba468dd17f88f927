package org.cairnfs.core.shipping;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.metadata.row.AtimeRow;
import org.cairnfs.core.metadata.row.CounterRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.record.JournalRecord;
import org.cairnfs.core.record.RowChange;
import org.junit.jupiter.api.Test;

/** Tables that are brought up to date by the reduced records end as they do by all records, at each change of the epoch and at the end. */
class NewestChangesProperties {
    private static final int INODES = 4;
    private static final int RECORDS = 40;

    @Property
    void whatIsLeftMakesTheSameTables(@ForAll long seed) {
        Random random = new Random(seed);
        Map<RowKey, Row> before = before(random);
        List<JournalRecord> records = new ArrayList<>();
        for (int change = 1; change <= RECORDS; change++) {
            records.add(record(random, change));
        }
        List<JournalRecord> reduced = reduce(records);
        assertThat(run(new HashMap<>(before), reduced)).isEqualTo(run(new HashMap<>(before), records));
        assertThat(run(new HashMap<>(), reduced)).isEqualTo(run(new HashMap<>(), records));
    }

    @Test
    void aRowThatIsChangedOftenIsThereOnce() {
        List<JournalRecord> records = new ArrayList<>();
        for (int change = 1; change <= 5; change++) {
            records.add(
                    changeSet(new RowChange.Upsert(inode(1, change)), new RowChange.Upsert(new AtimeRow(change, 1))));
        }
        assertThat(reduce(records)).extracting(record -> record.rows().size()).containsExactly(1, 1, 1, 1, 2);
    }

    private static List<JournalRecord> reduce(List<JournalRecord> records) {
        NewestChanges newest = new NewestChanges();
        for (int i = 0; i < records.size(); i++) {
            newest.note(i, records.get(i));
        }
        NewestChanges.Filter filter = newest.filter();
        List<JournalRecord> reduced = new ArrayList<>();
        Set<List<Object>> seen = new HashSet<>();
        long stretch = 0;
        for (int i = 0; i < records.size(); i++) {
            JournalRecord record = filter.reduce(i, records.get(i));
            stretch += record.rows().stream().anyMatch(change -> change.key() instanceof RowKey.Counter) ? 1 : 0;
            for (RowChange change : record.rows()) {
                assertThat(seen.add(List.of(stretch, change.key(), record.kind())))
                        .as("once in a stretch: %s", change)
                        .isTrue();
            }
            reduced.add(record);
        }
        return reduced;
    }

    private static Map<RowKey, Row> before(Random random) {
        Map<RowKey, Row> tables = new HashMap<>();
        for (int i = 0; i < INODES; i++) {
            if (random.nextBoolean()) {
                InodeRow row = inode(i, 0);
                tables.put(row.key(), row);
            }
        }
        return tables;
    }

    private static JournalRecord record(Random random, int change) {
        long inode = random.nextInt(INODES);
        int dice = random.nextInt(20);
        if (dice == 0) {
            return changeSet(new RowChange.Upsert(new CounterRow("epoch", change)));
        }
        if (dice < 8) {
            return new JournalRecord(
                    JournalRecord.Kind.LAZY,
                    List.of(new RowChange.Upsert(inode(inode, change))),
                    List.of(),
                    Optional.empty(),
                    Bytes.EMPTY);
        }
        if (dice < 11) {
            return changeSet(
                    new RowChange.Delete(new RowKey.Inode(inode)), new RowChange.Delete(new RowKey.Atime(inode)));
        }
        return changeSet(new RowChange.Upsert(inode(inode, change)), new RowChange.Upsert(new AtimeRow(inode, change)));
    }

    private static JournalRecord changeSet(RowChange... rows) {
        return new JournalRecord(
                JournalRecord.Kind.CHANGE_SET, List.of(rows), List.of(), Optional.empty(), Bytes.EMPTY);
    }

    /** The tables at each change of the epoch, and at the end. */
    private static List<Map<RowKey, Row>> run(Map<RowKey, Row> tables, List<JournalRecord> records) {
        List<Map<RowKey, Row>> states = new ArrayList<>();
        for (JournalRecord record : records) {
            if (record.rows().stream().anyMatch(change -> change.key() instanceof RowKey.Counter)) {
                states.add(new HashMap<>(tables));
            }
            for (RowChange change : record.rows()) {
                apply(tables, record.kind(), change);
            }
        }
        states.add(tables);
        return states;
    }

    private static void apply(Map<RowKey, Row> tables, JournalRecord.Kind kind, RowChange change) {
        if (change instanceof RowChange.Upsert upsert) {
            InodeRow before = tables.get(change.key()) instanceof InodeRow row ? row : null;
            boolean newer = upsert.row() instanceof InodeRow row && before != null && before.change() < row.change();
            if (kind == JournalRecord.Kind.CHANGE_SET || newer) {
                tables.put(change.key(), upsert.row());
            }
        } else {
            tables.remove(change.key());
        }
    }

    private static InodeRow inode(long inode, long change) {
        return new InodeRow(
                inode, 1, FileType.REGULAR, 0644, 0, 0, 1, 0, 0, 0, 0, 0, 0, change, 0, 1, null, 0, 0, 0, 0, 0, 0, 1);
    }
}
