package org.cairnfs.core.volume;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongConsumer;
import org.cairnfs.core.data.read.StoredChunks;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.namespace.Paths;

/**
 * Fetches the chunks of a tree into the caches, file by file. Reads metadata and chunks only, so no access time changes; what comes or
 * goes meanwhile may be left out. Used once, by one thread; its memory grows with the number of directories that are not entered
 * yet.
 */
public final class Warming {
    private static final int NAMES_PER_PAGE = 1_000;
    private static final int EXTENTS_PER_PAGE = 1_000;

    /** Chunks that are asked for together. */
    private static final int BATCH = 32;

    private final MetadataView metadata;
    private final StoredChunks chunks;
    private final LongConsumer progress;
    private final List<Long> batch = new ArrayList<>();
    private long files;
    private long bytes;

    /**
     * What was fetched.
     *
     * @param bytes that the files hold, holes and what is not in the bucket yet left out
     */
    public record Warmed(long files, long bytes) {}

    Warming(MetadataView metadata, StoredChunks chunks, LongConsumer progress) {
        this.metadata = metadata;
        this.chunks = chunks;
        this.progress = progress;
    }

    Warmed run(String path) throws FsException {
        Deque<Long> directories = new ArrayDeque<>();
        visit(Paths.find(metadata, path), directories);
        while (!directories.isEmpty()) {
            directory(directories.removeLast(), directories);
        }
        fetch();
        return new Warmed(files, bytes);
    }

    private void directory(long directory, Deque<Long> directories) throws FsException {
        long after = 0;
        List<DirentRow> page;
        do {
            page = metadata.dirents(directory, after, NAMES_PER_PAGE);
            for (DirentRow entry : page) {
                after = entry.cookie();
                var inode = metadata.inode(entry.inode());
                if (inode.isPresent()) {
                    visit(inode.get(), directories);
                }
            }
        } while (page.size() == NAMES_PER_PAGE);
    }

    private void visit(InodeRow inode, Deque<Long> directories) throws FsException {
        if (inode.type() == FileType.DIRECTORY) {
            directories.addLast(inode.inode());
        } else if (inode.type() == FileType.REGULAR) {
            file(inode);
            files++;
        }
    }

    private void file(InodeRow file) throws FsException {
        long at = 0;
        List<ExtentRow> page;
        do {
            page = metadata.extents(file.content(), at, Long.MAX_VALUE, EXTENTS_PER_PAGE);
            for (ExtentRow extent : page) {
                at = extent.end();
                batch.add(extent.chunk());
                bytes += extent.length();
                if (batch.size() == BATCH) {
                    fetch();
                }
            }
        } while (page.size() == EXTENTS_PER_PAGE);
    }

    private void fetch() throws FsException {
        chunks.willRead(batch);
        for (long chunk : batch) {
            chunks.chunk(chunk);
        }
        batch.clear();
        progress.accept(bytes);
    }
}
