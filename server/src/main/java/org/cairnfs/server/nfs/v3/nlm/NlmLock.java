package org.cairnfs.server.nfs.v3.nlm;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.lock.LockRange;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * A lock as a client names it (nlm4_lock, RFC 1813 appendix II).
 *
 * @param caller name of the client's host
 * @param file handle of NFS
 * @param ownerHandle opaque to us; some clients make a new one for each request, so it does not tell owners apart
 * @param svid the owner: a process, unique on its host
 * @param offset unsigned
 * @param length unsigned; 0 to the end of the file
 */
record NlmLock(Bytes caller, Bytes file, Bytes ownerHandle, int svid, long offset, long length) {
    /** LM_MAXSTRLEN, also of a netobj. */
    static final int MAX_BYTES = 1024;

    static NlmLock decode(XdrReader in) throws XdrException {
        return new NlmLock(readBytes(in), readBytes(in), readBytes(in), in.readInt(), in.readHyper(), in.readHyper());
    }

    void encode(XdrWriter out) throws XdrException {
        out.writeOpaque(caller.toArray()).writeOpaque(file.toArray()).writeOpaque(ownerHandle.toArray());
        out.writeInt(svid).writeHyper(offset).writeHyper(length);
    }

    /** A string or a netobj. */
    static Bytes readBytes(XdrReader in) throws XdrException {
        return Bytes.ofTrusted(in.readOpaque(MAX_BYTES));
    }

    /** Empty for an end beyond 2^64 - 1. */
    Optional<LockRange> range() {
        return LockRange.of(offset, length == 0 ? LockRange.TO_END : length);
    }

    /** The owner's name in the tables. */
    Bytes owner() {
        return Bytes.ofTrusted(ByteBuffer.allocate(Integer.BYTES).putInt(svid).array());
    }

    /** The host's name, for people. */
    static String printable(Bytes name) {
        return new String(name.toArray(), StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?");
    }
}
