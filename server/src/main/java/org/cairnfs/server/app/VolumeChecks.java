package org.cairnfs.server.app;

import java.util.List;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.Progress;

/** Whether a file system is sound, as those see it who operate it. Safe for any number of threads. */
public interface VolumeChecks {
    /**
     * Checks the metadata, and the bucket against it; waits for a check that is under way.
     *
     * @param repair whether to mend what is wrong
     */
    CheckReport check(boolean repair, Progress progress) throws CairnException;

    /**
     * Reads back what is in the storage.
     *
     * @param request what of it
     */
    VerifyReport verify(VerifyRequest request, Progress progress) throws CairnException;

    /**
     * What is to be read back.
     *
     * @param data whether to read all bytes; else only objects and their sizes are looked at
     * @param sample which part of the data is read, over 0, up to 1
     * @param sinceMillis only what was put into the storage since then, by its clock; 0 for all
     */
    record VerifyRequest(boolean data, double sample, long sinceMillis) {}

    /**
     * What reading back found, see {@link org.cairnfs.core.check.VerifyReport}.
     *
     * @param packs that were looked for
     * @param missing of them
     * @param chunks that were read
     * @param bytes of them in the storage
     * @param damaged chunks
     * @param repaired of these
     * @param files that hold damaged chunks at the end
     */
    record VerifyReport(
            long packs, long missing, long chunks, long bytes, long damaged, long repaired, List<DamagedFile> files) {
        /** Copies. */
        public VerifyReport {
            files = List.copyOf(files);
        }
    }

    /**
     * A file of which a part cannot be read.
     *
     * @param snapshot name of the newest snapshot that has it so; empty for the present
     * @param offset of the first such part, bytes
     */
    record DamagedFile(String snapshot, String path, long offset) {}

    /**
     * What a check found.
     *
     * @param clean whether nothing is wrong, or nothing any more
     * @param kinds of what was found or mended
     * @param examples of what was found, a line each, without names of files
     * @param damagedChunks pieces of data that are in use and known to be unreadable
     * @param unknownObjects objects in the storage that belong to nothing
     */
    record CheckReport(
            boolean clean,
            boolean repair,
            long inodes,
            long names,
            long chunks,
            List<Found> kinds,
            List<String> examples,
            long damagedChunks,
            long unknownObjects) {
        /** Copies. */
        public CheckReport {
            kinds = List.copyOf(kinds);
            examples = List.copyOf(examples);
        }
    }

    /**
     * A kind of damage, see {@link org.cairnfs.core.check.FindingKind}.
     *
     * @param meaning what is wrong, for people
     * @param remedy what a repair does about it, for people
     * @param found how often, at first
     * @param repaired how often; more, where one repair brought the next to light
     * @param left how often, at the end
     */
    record Found(String kind, String meaning, String remedy, long found, long repaired, long left) {}
}
