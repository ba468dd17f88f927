package org.cairnfs.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.cairnfs.core.data.dirty.DirtyMap;
import org.cairnfs.core.data.dirty.DirtyRange;
import org.cairnfs.core.data.read.ChunkSource;
import org.cairnfs.core.data.read.PieceReader;
import org.cairnfs.core.data.read.ReadAhead;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.ReadResult;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ContentReaderTest {
    private static final long INODE = 5;
    private static final long CONTENT = 7;
    private static final long CHUNK = 9;
    private static final InodeRow ROW = new InodeRow(
            INODE, 1, FileType.REGULAR, 0644, 0, 0, 1, 4, 4, 0, 0, 0, 0, 1, 0, CONTENT, null, 0, 0, 0, 0, 0, 0, 1);

    private final DirtyMap dirty = new DirtyMap(System::nanoTime);
    private final MetadataStore metadata = mock(MetadataStore.class);
    private final MetadataView view = mock(MetadataView.class);
    private final Journal journal = mock(Journal.class);
    private final ChunkSource chunks = mock(ChunkSource.class);
    private final AtomicInteger pins = new AtomicInteger();
    private ContentReader reader;

    @BeforeEach
    void make() throws Exception {
        when(metadata.view()).thenReturn(view);
        when(metadata.locked(anyLong(), any()))
                .thenAnswer(call ->
                        call.<MetadataStore.InodeUpdate<?>>getArgument(1).run(ROW, null));
        when(view.extents(anyLong(), anyLong(), anyLong(), anyInt()))
                .thenReturn(List.of(new ExtentRow(CONTENT, 0, 4, CHUNK, 0, 1)));
        when(chunks.chunk(CHUNK)).thenReturn(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
        doThrow(new IllegalArgumentException("the segment was let go"))
                .when(journal)
                .readPayload(any(), anyInt(), any());
        when(journal.pin()).thenAnswer(call -> pin());
        reader = new ContentReader(
                new PresentFiles(metadata, journal, dirty), new PieceReader(journal, chunks), mock(ReadAhead.class));
    }

    private Journal.Pin pin() {
        pins.incrementAndGet();
        return pins::decrementAndGet;
    }

    /** Until there is a pin, what a flush has stored may leave the journal at any time: so nobody may have looked at it. */
    @Test
    void aFlushThatEndsJustBeforeTheJournalIsPinnedDoesNoHarm() throws Exception {
        dirty.put(INODE, CONTENT, 1, DirtyRange.data(0, 3, new Journal.PayloadRef(1, 0, 4)));
        doAnswer(call -> {
                    dirty.forget(CONTENT, 0, 4, 3);
                    return pin();
                })
                .when(journal)
                .pin();
        ReadResult read = reader.read(INODE, 0, 4);
        assertThat(read.pieces()).containsExactly(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
        assertThat(pins).as("pins that are left").hasValue(0);
    }

    @Test
    void whatIsCleanNeedsNoPin() throws Exception {
        doThrow(new AssertionError("pinned")).when(journal).pin();
        assertThat(reader.read(INODE, 0, 4).length()).isEqualTo(4);
    }
}
