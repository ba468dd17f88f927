package org.cairnfs.core.record;

import java.nio.charset.StandardCharsets;
import org.cairnfs.core.fs.Bytes;

/** Takes fields one after the other, which a {@link FieldReader} gives back in the same order. */
public interface FieldWriter {
    /** 0 to 255. */
    FieldWriter putByte(int value);

    /** A number that is mostly small and not below zero. */
    FieldWriter putVarint(long value);

    /** A number that may be below zero but is mostly small. */
    FieldWriter putSigned(long value);

    /** A number that is seldom small: hashes, times. */
    FieldWriter putFixed64(long value);

    /** A number that is mostly close to another one, which the reader will know. */
    FieldWriter putNear(long value, long other);

    FieldWriter putBytes(Bytes bytes);

    default FieldWriter putBytes(byte[] bytes) {
        return putBytes(Bytes.ofTrusted(bytes));
    }

    /** Bytes or null. */
    FieldWriter putNullable(Bytes bytes);

    /** UTF-8, as bytes. */
    default FieldWriter putString(String text) {
        return putBytes(Bytes.ofTrusted(text.getBytes(StandardCharsets.UTF_8)));
    }
}
