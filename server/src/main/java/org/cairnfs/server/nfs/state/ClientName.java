package org.cairnfs.server.nfs.state;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import org.cairnfs.core.fs.Bytes;

/**
 * What a client calls itself. Names of 4.0 and of 4.1 are apart: a client that changes its version leaves its old state to
 * its lease.
 *
 * @param minorVersion 0 for SETCLIENTID, 1 for EXCHANGE_ID
 * @param owner id string or co_ownerid, 1 to {@value #MAX_OWNER_BYTES} bytes
 */
public record ClientName(int minorVersion, Bytes owner) {
    /** NFS4_OPAQUE_LIMIT. */
    public static final int MAX_OWNER_BYTES = 1024;

    /** SHA-256 of both, in hexadecimal: names the client's file. */
    String digest() {
        return hash().hash().toString();
    }

    /** The first 64 bits of it. */
    long key() {
        return hash().hash().asLong();
    }

    private Hasher hash() {
        return Hashing.sha256().newHasher().putInt(minorVersion).putBytes(owner.asBuffer());
    }

    /** Readable for logs: the owner's printable characters. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("NFSv4." + minorVersion + " client \"");
        for (byte b : owner.toArray()) {
            text.append(b >= ' ' && b < 0x7f ? (char) b : '?');
        }
        return text.append('"').toString();
    }
}
