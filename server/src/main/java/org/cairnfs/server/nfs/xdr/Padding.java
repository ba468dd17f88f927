package org.cairnfs.server.nfs.xdr;

/** The zero bytes that fill opaque data up to a multiple of four (RFC 4506 section 3). */
final class Padding {
    private Padding() {}

    /** The number of padding bytes after {@code length} bytes, 0 to 3. */
    static int of(int length) {
        return -length & 3;
    }
}
