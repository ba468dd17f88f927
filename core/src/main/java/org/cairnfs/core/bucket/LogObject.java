package org.cairnfs.core.bucket;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import org.cairnfs.core.bytes.FieldReader;
import org.cairnfs.core.bytes.FieldWriter;
import org.cairnfs.core.bytes.MalformedException;

/**
 * A piece of the shipped log: some journal records, in order, and at a barrier what makes their state whole. What the body
 * says is the business of {@code core.shipping}.
 *
 * <pre>
 *      1  version, 1
 *      8  incarnation of the server that wrote it
 *      8  number within the incarnation
 *     16  id of the writer's state directory
 *      8  time, milliseconds since 1970 UTC
 *      8  height in the chain
 *     32  the link before this object in the chain
 *      8  first sequence of the journal that is in it
 *      8  last sequence; one less than the first if there is none
 *      1  flags: 1 this ends a barrier; 2 this begins a lineage
 *      4  length of the body; the body
 *         what a later version adds, which this one passes over
 * </pre>
 *
 * @param incarnation 1 or more, in the key too
 * @param number 1 or more, in the key too
 * @param stateDirectory of the server that wrote it
 * @param created cut to milliseconds
 * @param height 1 or more: one above that of the object before it in the chain
 * @param previous the link before this object
 * @param firstSequence 1 or more
 * @param lastSequence at least {@code firstSequence - 1}
 * @param barrier whether the state after it is whole
 * @param lineage whether it begins a lineage: its writer was rebuilt from the bucket as of {@code firstSequence - 1}, so records
 *     and checkpoints before it in the chain count up to there only
 * @param body not copied, at most {@link #MAX_BODY} bytes
 */
public record LogObject(
        long incarnation,
        long number,
        UUID stateDirectory,
        Instant created,
        long height,
        Link previous,
        long firstSequence,
        long lastSequence,
        boolean barrier,
        boolean lineage,
        @SuppressWarnings("ArrayRecordComponent") byte[] body)
        implements ChainObject {
    /** The longest body, in bytes. */
    public static final int MAX_BODY = 20 << 20;

    /** The longest that the sealed object can be, in bytes. */
    public static final int MAX_LENGTH = MAX_BODY + (1 << 20);

    private static final int VERSION = 1;
    private static final int BARRIER = 1;
    private static final int LINEAGE = 2;

    /** Checks the bounds. */
    public LogObject {
        if (incarnation < 1 || number < 1 || height < 1 || firstSequence < 1 || lastSequence < firstSequence - 1) {
            throw new IllegalArgumentException("log object out of bounds: " + incarnation + "/" + number + ", height "
                    + height + ", sequences " + firstSequence + " to " + lastSequence);
        }
        if (body.length > MAX_BODY) {
            throw new IllegalArgumentException("log object with a body of " + body.length + " bytes");
        }
        Objects.requireNonNull(stateDirectory);
        Objects.requireNonNull(previous);
        created = created.truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public String objectKey() {
        return BucketLayout.log(incarnation, number);
    }

    @Override
    public byte[] encode() {
        return new FieldWriter()
                .u8(VERSION)
                .i64(incarnation)
                .i64(number)
                .uuid(stateDirectory)
                .i64(created.toEpochMilli())
                .i64(height)
                .bytes(previous.toBytes())
                .i64(firstSequence)
                .i64(lastSequence)
                .u8((barrier ? BARRIER : 0) | (lineage ? LINEAGE : 0))
                .u32(body.length)
                .bytes(body)
                .toBytes();
    }

    /** Reads what {@link #encode} writes, and objects of later versions that only added something at the end. */
    public static LogObject decode(byte[] plain) throws MalformedException {
        FieldReader in = new FieldReader("log", plain);
        int version = in.u8();
        if (version < VERSION) {
            throw in.malformed("version " + version + " is not known");
        }
        long incarnation = in.i64(1);
        long number = in.i64(1);
        UUID stateDirectory = in.uuid();
        Instant created = Instant.ofEpochMilli(in.i64());
        long height = in.i64(1);
        Link previous = Link.of(in.bytes(Link.LENGTH));
        long first = in.i64(1);
        long last = in.i64(first - 1);
        int flags = in.u8();
        if ((flags & ~(BARRIER | LINEAGE)) != 0) {
            throw in.malformed("flags of " + flags);
        }
        byte[] body = in.bytes(in.u32(0, MAX_BODY));
        if (version == VERSION) {
            in.expectEnd();
        }
        return new LogObject(
                incarnation,
                number,
                stateDirectory,
                created,
                height,
                previous,
                first,
                last,
                (flags & BARRIER) != 0,
                (flags & LINEAGE) != 0,
                body);
    }

    /** Names the object; not its body. */
    @Override
    public String toString() {
        return "LogObject[" + objectKey() + ", height " + height + ", sequences " + firstSequence + " to "
                + lastSequence + (barrier ? ", barrier]" : "]");
    }
}
