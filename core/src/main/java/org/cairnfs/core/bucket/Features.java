package org.cairnfs.core.bucket;

import org.cairnfs.core.bucket.BucketException.Kind;

/**
 * What a file system uses of what came after the first format, as three sets of bits; the idea is that of ext2. None are
 * defined yet.
 *
 * @param compat whoever does not know these may read and write all the same
 * @param readOnlyCompat whoever does not know these may read, but must not write
 * @param incompat whoever does not know these must not open it
 */
public record Features(long compat, long readOnlyCompat, long incompat) {
    /** None. */
    public static final Features NONE = new Features(0, 0, 0);

    private static final long KNOWN_READ_ONLY_COMPAT = 0;
    private static final long KNOWN_INCOMPAT = 0;

    /** Whether this program may write. */
    public boolean mayWrite() {
        return (readOnlyCompat & ~KNOWN_READ_ONLY_COMPAT) == 0;
    }

    /** Checks that this program may read. */
    void checkReadable(String where) throws BucketException {
        long unknown = incompat & ~KNOWN_INCOMPAT;
        if (unknown != 0) {
            throw new BucketException(
                    Kind.UNSUPPORTED,
                    "the file system in " + where + " uses features that this version of Cairn does not know (incompat "
                            + Long.toHexString(unknown) + "): use a newer version");
        }
    }

    /** Checks that this program may write. */
    void checkWritable(String where) throws BucketException {
        if (!mayWrite()) {
            throw new BucketException(
                    Kind.UNSUPPORTED,
                    "the file system in " + where
                            + " uses features that this version of Cairn does not know (ro-compat "
                            + Long.toHexString(readOnlyCompat & ~KNOWN_READ_ONLY_COMPAT)
                            + "): it can be read only, use a newer version to write");
        }
    }
}
