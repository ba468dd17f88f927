package org.cairnfs.core.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.cairnfs.core.bucket.BucketLayout;
import org.cairnfs.core.bucket.LogObject;
import org.cairnfs.core.bucket.Logs;

/**
 * Makes a copy of a bucket as if nothing had come after one of its barriers: whoever opens it with an empty state directory has the file
 * system as it was then. All other objects are as they are now, so what was deleted since is missing.
 */
final class PastStates {
    private PastStates() {}

    /** A barrier that is in the bucket: its last log object. */
    record Moment(Logs.Position position, long height, long sequence) {
        static Moment of(LogObject log) {
            return new Moment(new Logs.Position(log.incarnation(), log.number()), log.height(), log.lastSequence());
        }
    }

    /**
     * Copies a bucket.
     *
     * @param roots keys of those that were there before the barrier
     */
    static void copy(Path bucket, Path to, Moment moment, Set<String> roots) throws IOException {
        VolumeFixture.copyTree(bucket, to);
        Files.deleteIfExists(to.resolve(BucketLayout.LEASE));
        try (var files = Files.walk(to)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String key = to.relativize(file).toString();
                if (key.startsWith(BucketLayout.ROOTS) && !roots.contains(key)) {
                    Files.delete(file);
                }
            }
        }
        try (var files = Files.walk(to.resolve("log"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String key = to.relativize(file).toString();
                Logs.Position position = new Logs.Position(
                        BucketLayout.logIncarnation(key).getAsLong(),
                        BucketLayout.logNumber(key).getAsLong());
                if (position.compareTo(moment.position()) > 0) {
                    Files.delete(file);
                }
            }
        }
    }
}
