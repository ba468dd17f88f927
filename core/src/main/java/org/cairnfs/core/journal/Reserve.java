package org.cairnfs.core.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of real, written bytes beside the segments, that is given up when the disk is full, so that what frees space can
 * still be recorded. The bytes are random, as some file systems would compress zeros to nothing.
 *
 * <p>Threading: guarded by its own monitor, taken inside the append lock.
 */
final class Reserve {
    static final String NAME = "reserve";

    private static final Logger log = LoggerFactory.getLogger(Reserve.class);
    private static final int PIECE = 1 << 20;

    private final JournalFiles files;
    private final long bytes;
    private boolean present;

    Reserve(JournalFiles files, long bytes) throws IOException {
        this.files = files;
        this.bytes = bytes;
        if (files.list().contains(NAME)) {
            long size;
            try (JournalFile file = files.open(NAME)) {
                size = file.size();
            }
            present = size == bytes && bytes > 0;
            if (!present) {
                files.delete(NAME); // half made, or of another size
            }
        }
    }

    synchronized boolean isPresent() {
        return present;
    }

    /** Gives the reserve up; false if there is none. */
    synchronized boolean release() throws IOException {
        if (!present) {
            return false;
        }
        files.delete(NAME);
        files.syncDirectory(); // some file systems give the blocks back only then
        present = false;
        log.warn(
                "the disk is full: gave up the journal's reserve of {} bytes; it is made anew when there is room",
                bytes);
        return true;
    }

    /** Makes it, if it is not there and this leaves {@code spare} bytes on the disk; else it is tried again at the next trim. */
    synchronized void ensure(long spare) throws IOException {
        if (present || bytes == 0 || files.usableSpace() < bytes + spare) {
            return;
        }
        try (JournalFile file = files.create(NAME)) {
            SplittableRandom random = new SplittableRandom();
            ByteBuffer piece = ByteBuffer.allocate(PIECE);
            for (long position = 0; position < bytes; position += piece.limit()) {
                piece.clear();
                while (piece.hasRemaining()) {
                    piece.putLong(random.nextLong());
                }
                file.write(position, piece.flip().limit((int) Math.min(PIECE, bytes - position)));
            }
            file.force(true);
        } catch (OutOfSpaceException e) {
            files.delete(NAME);
            log.warn("no room on the disk for the journal's reserve of {} bytes", bytes);
            return;
        }
        files.syncDirectory();
        present = true;
    }
}
