package org.cairnfs.server.nfs.v4.compound;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/**
 * What stands before the operations of a COMPOUND (COMPOUND4args, RFC 8881 section 16.2.1).
 *
 * @param tag whatever the client wants to see again, at most {@value #MAX_TAG_BYTES} bytes
 * @param minorVersion unsigned
 * @param operations how many follow, unsigned; not yet checked against what is there
 */
record CompoundHeader(Bytes tag, int minorVersion, int operations) {
    private static final int MAX_TAG_BYTES = 1024;

    static CompoundHeader decode(XdrReader in) throws XdrException {
        return new CompoundHeader(Bytes.ofTrusted(in.readString(MAX_TAG_BYTES)), in.readInt(), in.readInt());
    }
}
