package org.cairnfs.core.record;

import java.nio.charset.StandardCharsets;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;

/**
 * Gives back the fields that a {@link FieldWriter} took, from bytes that may be anything: what cannot be a field of the wanted
 * kind is refused, and no memory is taken for what is not there.
 */
public interface FieldReader {
    /** 0 to 255. */
    int readByte() throws RecordFormatException;

    long readVarint() throws RecordFormatException;

    long readSigned() throws RecordFormatException;

    long readFixed64() throws RecordFormatException;

    /** A number that was put near another one. */
    long readNear(long other) throws RecordFormatException;

    Bytes readBytes() throws RecordFormatException;

    /** Bytes or null. */
    Bytes readNullable() throws RecordFormatException;

    /** A byte that is 0 or 1. */
    default boolean readFlag() throws RecordFormatException {
        int value = readByte();
        if (value > 1) {
            throw new RecordFormatException("a flag of " + value);
        }
        return value == 1;
    }

    /** A varint that is the bits of an int, unsigned. */
    default int readUnsignedInt() throws RecordFormatException {
        long value = readVarint();
        if (value >>> 32 != 0) {
            throw new RecordFormatException("a number of over 32 bits");
        }
        return (int) value;
    }

    /** A varint from 0 to {@code Integer.MAX_VALUE}. */
    default int readInt() throws RecordFormatException {
        int value = readUnsignedInt();
        if (value < 0) {
            throw new RecordFormatException("a number of over 31 bits");
        }
        return value;
    }

    default Name readName() throws RecordFormatException {
        Bytes bytes = readNameBytes();
        try {
            return Name.of(bytes.toArray());
        } catch (FsException e) {
            throw new RecordFormatException("no name", e);
        }
    }

    /** The name of an extended attribute. */
    default Name readAttributeName() throws RecordFormatException {
        Bytes bytes = readNameBytes();
        try {
            return Name.ofAttribute(bytes.toArray());
        } catch (FsException e) {
            throw new RecordFormatException("no name of an attribute", e);
        }
    }

    private Bytes readNameBytes() throws RecordFormatException {
        Bytes bytes = readBytes();
        if (bytes.length() > Name.MAX_BYTES) {
            throw new RecordFormatException("a name of " + bytes.length() + " bytes");
        }
        return bytes;
    }

    default String readString() throws RecordFormatException {
        return new String(readBytes().toArray(), StandardCharsets.UTF_8);
    }
}
