package org.cairnfs.core.check;

import java.util.List;

/**
 * What reading back found.
 *
 * @param packs that were looked for
 * @param missing of them, objects that are not there, or too short
 * @param chunks that were read
 * @param bytes of them in the store
 * @param damaged chunks that cannot be read, those of missing objects and those that were repaired included
 * @param repaired of these
 * @param files that hold damaged chunks at the end, whenever these were found
 */
public record VerifyReport(
        long packs, long missing, long chunks, long bytes, long damaged, long repaired, List<DamagedFile> files) {
    /** Copies. */
    public VerifyReport {
        files = List.copyOf(files);
    }
}
