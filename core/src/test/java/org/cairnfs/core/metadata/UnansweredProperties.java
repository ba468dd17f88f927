package org.cairnfs.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.Origin;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.testkit.JournaledAnswers;
import org.junit.jupiter.api.Test;

/** Which results of before a restart are given again. */
class UnansweredProperties {
    private static final Bytes RESULT = Bytes.ofTrusted(new byte[] {1});

    /** Records of few clients, slots and names, before and after a restart, and resends between them. */
    @Property
    void givesWhatALookThroughAllRecordsGives(@ForAll long seed) throws FsException {
        Random random = new Random(seed);
        Unanswered unanswered = new Unanswered();
        JournaledAnswers plain = new JournaledAnswers();
        int before = random.nextInt(40);
        for (int i = 0; i < before; i++) {
            Set<RowKey> changed = changed(random);
            Optional<Origin> origin =
                    random.nextInt(4) == 0 ? Optional.empty() : Optional.of(origin(random, i / 2, changed));
            Bytes result = Bytes.ofTrusted(new byte[] {(byte) i});
            unanswered.journaled(i, origin, result, 0, changed);
            plain.add(i, origin, result, changed);
            if (random.nextInt(10) == 0) {
                int through = random.nextInt(i + 1);
                unanswered.answered(through);
                plain.answered(through);
            }
        }
        plain.restart();
        assertThat(unanswered.all()).containsExactlyInAnyOrderEntriesOf(plain.all());
        for (int i = 0; i < 20; i++) {
            if (random.nextBoolean()) {
                Set<RowKey> changed = changed(random);
                unanswered.changed(changed);
                plain.add(before + i, Optional.empty(), Bytes.EMPTY, changed);
            } else {
                Origin asked = origin(random, -1, changed(random));
                assertThat(unanswered.take(asked)).isEqualTo(plain.take(asked));
            }
            assertThat(unanswered.all()).containsExactlyInAnyOrderEntriesOf(plain.all());
        }
    }

    /** Equal arguments name, and change, the same. */
    private static Origin origin(Random random, long sequence, Set<RowKey> changed) {
        return new Origin(
                random.nextInt(2),
                random.nextInt(4),
                sequence,
                changed.toString().hashCode());
    }

    private static Set<RowKey> changed(Random random) throws FsException {
        Name name = Name.of(String.valueOf((char) ('a' + random.nextInt(6))));
        return switch (random.nextInt(6)) {
            case 0 -> Set.of(new RowKey.Inode(random.nextInt(3)));
            case 1 -> Set.of(new RowKey.Xattr(1, name), new RowKey.Inode(1));
            case 2 -> Set.of(new RowKey.Dirent(1, name), new RowKey.Dirent(2, name));
            case 3 -> Set.of(new RowKey.Counter(Epochs.SNAPSHOTS_CHANGED), new RowKey.Snapshot(1));
            default -> Set.of(new RowKey.Dirent(1, name), new RowKey.Inode(1));
        };
    }

    @Test
    void whatIsMuchOlderThanTheEndIsNotGiven() throws FsException {
        long age = TimeUnit.MINUTES.toMillis(Unanswered.MAX_AGE_MINUTES);
        Unanswered unanswered = new Unanswered();
        Origin old = new Origin(1, 1, 1, 1);
        Origin young = new Origin(1, 2, 1, 2);
        unanswered.journaled(1, Optional.of(old), RESULT, 1_000, List.of(new RowKey.Dirent(1, Name.of("a"))));
        unanswered.journaled(2, Optional.of(young), RESULT, 1_001, List.of(new RowKey.Dirent(1, Name.of("b"))));
        unanswered.endedAt(1_001 + age);
        assertThat(unanswered.all()).containsOnlyKeys(young);
    }

    @Test
    void allOperationsOfOneRequestAreGiven() throws FsException {
        Unanswered unanswered = new Unanswered();
        Origin first = new Origin(1, 1, 7, 1);
        Origin second = new Origin(1, 1, 7, 2);
        unanswered.journaled(1, Optional.of(first), RESULT, 0, List.of(new RowKey.Dirent(1, Name.of("a"))));
        unanswered.journaled(2, Optional.of(second), RESULT, 0, List.of(new RowKey.Dirent(1, Name.of("b"))));
        assertThat(unanswered.all()).containsOnlyKeys(first, second);

        Origin next = new Origin(1, 1, 8, 3);
        unanswered.journaled(3, Optional.of(next), RESULT, 0, List.of(new RowKey.Dirent(1, Name.of("c"))));
        assertThat(unanswered.all()).containsOnlyKeys(next);
    }
}
