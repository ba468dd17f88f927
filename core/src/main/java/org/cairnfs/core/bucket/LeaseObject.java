package org.cairnfs.core.bucket;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import org.cairnfs.core.bytes.FieldReader;
import org.cairnfs.core.bytes.FieldWriter;
import org.cairnfs.core.bytes.MalformedException;

/**
 * The object {@code lease}: who writes to the bucket.
 *
 * <pre>
 *      1  version, 1
 *     16  id of the holder's state directory
 *      8  incarnation
 *         host name, a string of 255 bytes at most
 *      8  process id
 *      8  since when, milliseconds since 1970 UTC
 *      8  refreshed when, likewise
 *      1  1 if it was given back, else 0
 *         what a later version adds, which this one passes over
 * </pre>
 *
 * @param stateDirectory the random id of the holder's state directory: whoever has that is the holder
 * @param incarnation of the holder, 1 or more; never goes down
 * @param host where it runs, for a person
 * @param pid of the server there, for a person
 * @param since when this incarnation took it, by the holder's clock, cut to milliseconds
 * @param refreshed when it was last written, by the holder's clock, cut to milliseconds
 * @param released whether the holder gave it back
 */
public record LeaseObject(
        UUID stateDirectory,
        long incarnation,
        String host,
        long pid,
        Instant since,
        Instant refreshed,
        boolean released) {
    /** The longest that the object can be, in bytes. */
    public static final int MAX_LENGTH = 1 << 16;

    private static final int VERSION = 1;
    private static final int MAX_HOST = 255;

    /** Checks the incarnation, and that nothing is null. */
    public LeaseObject {
        if (incarnation < 1) {
            throw new IllegalArgumentException("incarnations start at 1");
        }
        Objects.requireNonNull(stateDirectory);
        Objects.requireNonNull(host);
        since = since.truncatedTo(ChronoUnit.MILLIS);
        refreshed = refreshed.truncatedTo(ChronoUnit.MILLIS);
    }

    byte[] encode() {
        return new FieldWriter()
                .u8(VERSION)
                .uuid(stateDirectory)
                .i64(incarnation)
                .string(host)
                .i64(pid)
                .i64(since.toEpochMilli())
                .i64(refreshed.toEpochMilli())
                .u8(released ? 1 : 0)
                .toBytes();
    }

    static LeaseObject decode(byte[] plain) throws MalformedException {
        FieldReader in = new FieldReader("lease", plain);
        int version = in.u8();
        if (version < VERSION) {
            throw in.malformed("version " + version + " is not known");
        }
        UUID stateDirectory = in.uuid();
        long incarnation = in.i64(1);
        String host = in.string(MAX_HOST);
        long pid = in.i64();
        Instant since = Instant.ofEpochMilli(in.i64());
        Instant refreshed = Instant.ofEpochMilli(in.i64());
        int released = in.u8();
        if (released > 1) {
            throw in.malformed("released is neither 0 nor 1");
        }
        if (version == VERSION) {
            in.expectEnd();
        }
        return new LeaseObject(stateDirectory, incarnation, host, pid, since, refreshed, released == 1);
    }

    /** The same, with another incarnation. */
    LeaseObject withIncarnation(long other) {
        return new LeaseObject(stateDirectory, other, host, pid, since, refreshed, released);
    }

    /** The same, written at another time, as held or as given back. */
    LeaseObject refreshed(Instant now, boolean givenBack) {
        return new LeaseObject(stateDirectory, incarnation, host, pid, since, now, givenBack);
    }

    /** Whether it is of the same state directory, which has one server at a time, and from before another one. */
    boolean isBefore(LeaseObject other) {
        return stateDirectory.equals(other.stateDirectory) && incarnation < other.incarnation;
    }

    /** Whether it is of the same start of the same server. */
    boolean isSameStart(LeaseObject other) {
        return stateDirectory.equals(other.stateDirectory)
                && incarnation == other.incarnation
                && pid == other.pid
                && host.equals(other.host);
    }
}
