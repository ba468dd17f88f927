package org.cairnfs.core.namespace;

import java.nio.ByteBuffer;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.DirectoryChange;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Renamed;

/**
 * The answers of verbs as they stand in journal records, for requests that are sent again after a restart: 64-bit numbers,
 * big-endian, nothing else. The origin holds a hash of operation and arguments, so the verb that asks is the one that wrote.
 */
final class Results {
    private Results() {}

    /**
     * Of a create.
     *
     * @param inode that was made
     * @param directory change of the directory
     */
    record Creation(long inode, DirectoryChange directory) {}

    static Bytes encode(Creation made) {
        return numbers(made.inode(), made.directory().before(), made.directory().after());
    }

    static Creation creation(Bytes result) throws FsException {
        ByteBuffer in = parse(result, 3);
        return new Creation(in.getLong(), new DirectoryChange(in.getLong(), in.getLong()));
    }

    static Bytes encode(DirectoryChange change) {
        return numbers(change.before(), change.after());
    }

    static DirectoryChange change(Bytes result) throws FsException {
        ByteBuffer in = parse(result, 2);
        return new DirectoryChange(in.getLong(), in.getLong());
    }

    static Bytes encode(Renamed renamed) {
        return numbers(
                renamed.source().before(),
                renamed.source().after(),
                renamed.target().before(),
                renamed.target().after());
    }

    static Renamed renamed(Bytes result) throws FsException {
        ByteBuffer in = parse(result, 4);
        return new Renamed(
                new DirectoryChange(in.getLong(), in.getLong()), new DirectoryChange(in.getLong(), in.getLong()));
    }

    private static Bytes numbers(long... numbers) {
        ByteBuffer out = ByteBuffer.allocate(numbers.length * Long.BYTES);
        for (long number : numbers) {
            out.putLong(number);
        }
        return Bytes.ofTrusted(out.array());
    }

    private static ByteBuffer parse(Bytes result, int numbers) throws FsException {
        if (result.length() != numbers * Long.BYTES) {
            throw new FsException(Errno.EIO, "the journaled answer of another operation: " + result);
        }
        return result.asBuffer();
    }
}
