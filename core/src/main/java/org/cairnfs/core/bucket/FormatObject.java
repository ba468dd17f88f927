package org.cairnfs.core.bucket;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Objects;
import java.util.SortedMap;
import java.util.UUID;
import org.cairnfs.core.bytes.FieldReader;
import org.cairnfs.core.bytes.FieldWriter;
import org.cairnfs.core.bytes.MalformedException;
import org.cairnfs.core.crypto.ObjectKind;
import org.cairnfs.core.crypto.Sealer;
import org.cairnfs.core.crypto.Suite;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.objectstore.CorruptObjectException;

/**
 * The object {@code format}: what the file system is, fixed when it is made.
 *
 * <pre>
 * sealed part (plaintext; strings are 2 bytes of length and UTF-8)
 *      1  version, 1
 *     32  SHA-256 of the part in clear ({@link FormatHead})
 *      8  time of creation, milliseconds since 1970 UTC
 *     12  chunk sizes: min, average, max, 4 bytes each
 *         compression of new chunks by default, a string as {@link Compression#parse} takes it
 *         label, a string of 255 bytes at most
 *     96  chunk-id key, gear key, link key, 32 bytes each; zeros without encryption
 *      2  number of properties; for each, by name: two strings, name and value
 * </pre>
 *
 * @param fileSystem its id, random
 * @param created cut to milliseconds
 * @param label what a person calls it; may be empty
 * @param properties what may be added without another version; at most 100, names of 64 bytes, values of 1024
 */
public record FormatObject(
        UUID fileSystem,
        Suite suite,
        Features features,
        Instant created,
        ChunkSizes chunkSizes,
        Compression compression,
        String label,
        SortedMap<String, String> properties) {
    /** The longest that the object can be, in bytes. */
    public static final int MAX_LENGTH = 1 << 20;

    /** The longest label, in bytes of UTF-8. */
    public static final int MAX_LABEL = 255;

    private static final int VERSION = 1;
    private static final int DIGEST_LENGTH = 32;
    private static final int MAX_COMPRESSION = 64;

    /** Copies the properties. */
    public FormatObject {
        created = created.truncatedTo(ChronoUnit.MILLIS);
        Objects.requireNonNull(chunkSizes);
        Objects.requireNonNull(compression);
        if (label.getBytes(StandardCharsets.UTF_8).length > MAX_LABEL) {
            throw new IllegalArgumentException("the label is longer than " + MAX_LABEL + " bytes");
        }
        properties = Properties.checkStrings(properties);
    }

    /** An object that was opened. */
    record Opened(FormatObject format, FormatSecrets secrets) {}

    private FormatHead head() {
        return new FormatHead(fileSystem, suite, features);
    }

    byte[] encode(Sealer sealer, FormatSecrets secrets) {
        FieldWriter out = new FieldWriter()
                .u8(VERSION)
                .bytes(head().digest())
                .i64(created.toEpochMilli())
                .u32(chunkSizes.min())
                .u32(chunkSizes.average())
                .u32(chunkSizes.max())
                .string(compression.toString())
                .string(label);
        secrets.writeTo(out);
        Properties.writeStrings(out, properties);
        byte[] body = out.toBytes();
        out.wipe();
        byte[] sealed = sealer.seal(ObjectKind.FORMAT, BucketLayout.FORMAT, body);
        Arrays.fill(body, (byte) 0);
        return new FieldWriter().bytes(head().encode()).bytes(sealed).toBytes();
    }

    /** @param object untrusted */
    static Opened open(FormatHead head, Sealer sealer, byte[] object) throws CorruptObjectException {
        byte[] body = sealer.open(ObjectKind.FORMAT, BucketLayout.FORMAT, FormatHead.sealedPart(object));
        FieldReader in = new FieldReader("sealed part of format", body);
        try {
            int version = in.u8();
            if (version != VERSION) {
                throw in.malformed("version " + version + " is not known to this version of Cairn");
            }
            if (!MessageDigest.isEqual(in.bytes(DIGEST_LENGTH), head.digest())) {
                throw in.malformed("the part in clear was altered");
            }
            Instant created = Instant.ofEpochMilli(in.i64());
            ChunkSizes sizes = sizes(in);
            Compression compression = compression(in);
            String label = in.string(MAX_LABEL);
            FormatSecrets secrets = FormatSecrets.read(in);
            SortedMap<String, String> properties = Properties.readStrings(in);
            in.expectEnd();
            return new Opened(
                    new FormatObject(
                            head.fileSystem(),
                            head.suite(),
                            head.features(),
                            created,
                            sizes,
                            compression,
                            label,
                            properties),
                    secrets);
        } catch (MalformedException e) {
            throw new CorruptObjectException(BucketLayout.FORMAT, -1, e.getMessage(), e);
        } finally {
            Arrays.fill(body, (byte) 0);
        }
    }

    private static ChunkSizes sizes(FieldReader in) throws MalformedException {
        int min = in.u32(0, Integer.MAX_VALUE);
        int average = in.u32(0, Integer.MAX_VALUE);
        int max = in.u32(0, Integer.MAX_VALUE);
        if (!ChunkSizes.isAllowed(min, average, max)) {
            throw in.malformed("chunk sizes " + min + "/" + average + "/" + max + " cannot be");
        }
        return new ChunkSizes(min, average, max);
    }

    private static Compression compression(FieldReader in) throws MalformedException {
        try {
            return Compression.parse(in.string(MAX_COMPRESSION));
        } catch (IllegalArgumentException e) {
            throw in.malformed(e.getMessage());
        }
    }
}
