package org.cairnfs.core.bucket;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;
import org.cairnfs.core.bucket.BucketException.Kind;
import org.cairnfs.core.bytes.FieldReader;
import org.cairnfs.core.bytes.FieldWriter;
import org.cairnfs.core.bytes.MalformedException;
import org.cairnfs.core.crypto.Suite;

/**
 * The part of the object {@code format} that is in clear: enough to know whether and how to open the rest, which is a sealed
 * object and holds the digest of this part. Until that was compared, nothing here is trusted.
 *
 * <pre>
 *  0   8  magic "CAIRNFMT"
 *  8   2  version, 1
 * 10   1  suite ({@link Suite#id})
 * 11   1  zero
 * 12  16  id of the file system
 * 28   8  compat features
 * 36   8  ro-compat features
 * 44   8  incompat features
 * 52      the sealed part
 * </pre>
 *
 * @param fileSystem its id, random
 */
record FormatHead(UUID fileSystem, Suite suite, Features features) {
    static final int LENGTH = 52;

    private static final byte[] MAGIC = "CAIRNFMT".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;

    FormatHead {
        Objects.requireNonNull(fileSystem);
        Objects.requireNonNull(suite);
        Objects.requireNonNull(features);
    }

    byte[] encode() {
        return new FieldWriter()
                .bytes(MAGIC)
                .u16(VERSION)
                .u8(suite.id())
                .u8(0)
                .uuid(fileSystem)
                .i64(features.compat())
                .i64(features.readOnlyCompat())
                .i64(features.incompat())
                .toBytes();
    }

    /**
     * Reads the head.
     *
     * @param object the whole object, untrusted
     * @throws BucketException of kind UNSUPPORTED if a newer version is needed
     */
    static FormatHead decode(byte[] object, String where) throws MalformedException, BucketException {
        FieldReader in = new FieldReader("format", object, 0, Math.min(object.length, LENGTH));
        in.expect(MAGIC);
        int version = in.u16();
        if (version > VERSION) {
            throw new BucketException(
                    Kind.UNSUPPORTED,
                    "the file system in " + where + " has format " + version + ", this version of Cairn knows "
                            + VERSION + ": use a newer version");
        }
        if (version < VERSION) {
            throw in.malformed("version " + version + " was never used");
        }
        int suiteId = in.u8();
        Suite suite = Suite.of(suiteId).orElseThrow(() -> in.malformed("suite " + suiteId + " is not known"));
        if (in.u8() != 0) {
            throw in.malformed("reserved byte is not zero");
        }
        FormatHead head = new FormatHead(in.uuid(), suite, new Features(in.i64(), in.i64(), in.i64()));
        head.features().checkReadable(where);
        return head;
    }

    /** The digest that the sealed part holds. */
    byte[] digest() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(encode());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /** The rest of the object. */
    static byte[] sealedPart(byte[] object) {
        return Arrays.copyOfRange(object, LENGTH, object.length);
    }
}
