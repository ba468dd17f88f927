package org.cairnfs.core.volume;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.time.Clock;
import org.cairnfs.core.bucket.Chain;
import org.cairnfs.core.checkpoint.Checkpoints;
import org.cairnfs.core.data.dirty.DirtyMap;
import org.cairnfs.core.data.dirty.DirtyRange;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.metadata.H2MetadataStore;
import org.cairnfs.core.shipping.Shipper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A record of the journal goes when nothing needs it: each of three may be the one that still does. */
class UpkeepTest {
    private final Journal journal = mock(Journal.class);
    private final H2MetadataStore metadata = mock(H2MetadataStore.class);
    private final Shipper shipper = mock(Shipper.class);
    private final DirtyMap dirty = new DirtyMap(() -> 0);

    @ParameterizedTest
    @CsvSource({
        // durable in the database, in the bucket, oldest dirty record (0: nothing is dirty), the first that must stay
        "100, 200, 0,  101",
        "200, 100, 0,  101",
        "100, 200, 50, 50",
        "200, 100, 50, 50",
        "200, 200, 201, 201",
        "200, 200, 300, 201",
        "0,   0,   0,  1",
    })
    void whatStaysIsWhatSomeoneNeeds(long durable, long shipped, long oldestDirty, long stays) throws Exception {
        when(metadata.durableSequence()).thenReturn(durable);
        when(shipper.shipped()).thenReturn(shipped);
        if (oldestDirty > 0) {
            dirty.put(1, 1, 1, DirtyRange.data(0, oldestDirty, new Journal.PayloadRef(1, 0, 10)));
        }
        Upkeep upkeep = new Upkeep(
                new Upkeep.Parts(
                        journal,
                        metadata,
                        dirty,
                        mock(Checkpoints.class),
                        mock(Chain.class),
                        shipper,
                        mock(Shipper.Hold.class),
                        1,
                        Clock.systemUTC()),
                lost -> {});
        upkeep.trim();
        verify(journal).trim(stays);
    }
}
