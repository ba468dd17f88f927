package org.cairnfs.core.data.read;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches what sequential readers of files will ask for next. Thread-safe; never keeps a reader waiting. */
public final class ReadAhead {
    private static final Logger LOG = LoggerFactory.getLogger(ReadAhead.class);

    /** Extents that are looked up for one range, at most: of the usual chunks, some hundred megabytes. */
    private static final int EXTENTS = 1_000;

    private final MetadataView metadata;
    private final StoredChunks chunks;
    private final Executor fetchers;
    private final SequentialReaders readers = new SequentialReaders();

    public ReadAhead(MetadataView metadata, StoredChunks chunks, Executor fetchers) {
        this.metadata = metadata;
        this.chunks = chunks;
        this.fetchers = fetchers;
    }

    /** The same for files that lie elsewhere; who reads those is another reader. */
    public ReadAhead over(MetadataView other) {
        return new ReadAhead(other, chunks, fetchers);
    }

    /**
     * Says that a range of a file is being read.
     *
     * @param file as it is now
     */
    public void isRead(InodeRow file, long from, long to) {
        readers.read(file.inode(), from, to, file.size(), chunks.maxAhead()).ifPresent(range -> {
            try {
                fetchers.execute(() -> fetch(file.content(), range));
            } catch (RejectedExecutionException stopping) {
                LOG.debug("nothing is read ahead any more");
            }
        });
    }

    private void fetch(long content, SequentialReaders.Range range) {
        List<ExtentRow> extents = metadata.extents(content, range.from(), range.to(), EXTENTS);
        chunks.ahead(extents.stream().map(ExtentRow::chunk).toList());
    }
}
