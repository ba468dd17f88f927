package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.CloneRequest;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * COPY (RFC 7862 section 15.2) within this server: a range of the saved file appears in the current one. It is done by clones of
 * parts of it, so no byte moves, and it is done when it is answered.
 *
 * @param fromElsewhere whether the client named servers to copy from
 */
record Copy(TwoRanges ranges, boolean fromElsewhere) implements Operation {
    private static final int UNSTABLE4 = 0;

    /** One part, if it is not in too many pieces. */
    private static final long PART_BYTES = 1L << 30;

    /** A part in too many pieces is halved, but not below this. */
    private static final long SMALLEST_PART_BYTES = 1L << 20;

    /** Of one operation, so that it is answered soon: the client asks for the rest by another. */
    private static final long MOST_BYTES = 16 * PART_BYTES;

    private static final int MAX_SERVERS = 16;
    private static final int MAX_SERVER_BYTES = 4096;
    private static final int NL4_NAME = 1;
    private static final int NL4_URL = 2;
    private static final int NL4_NETADDR = 3;

    static Copy decode(XdrReader in) throws XdrException {
        TwoRanges ranges = TwoRanges.decode(in);
        // Consecutive and synchronous is what the copy is anyhow.
        in.readBoolean();
        in.readBoolean();
        int servers = in.readCount(MAX_SERVERS, 2 * Integer.BYTES);
        for (int i = 0; i < servers; i++) {
            skipServer(in);
        }
        return new Copy(ranges, servers > 0);
    }

    /** netloc4. */
    private static void skipServer(XdrReader in) throws XdrException {
        int type = in.readInt();
        switch (type) {
            case NL4_NAME, NL4_URL -> in.skipOpaque(MAX_SERVER_BYTES);
            case NL4_NETADDR -> {
                in.skipOpaque(MAX_SERVER_BYTES);
                in.skipOpaque(MAX_SERVER_BYTES);
            }
            default -> throw new XdrException("netloc_type4 is " + type);
        }
    }

    @Override
    public boolean changes() {
        return true;
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        if (fromElsewhere) {
            throw new NfsException(NfsStatus.NOTSUPP, "copies are made within this server only");
        }
        OpContext op = compound.copying();
        long copied = copy(compound.fileSystem(), op, ranges.check(compound, op));
        result.writeInt(0).writeHyper(copied).writeInt(UNSTABLE4);
        result.writeHyper(compound.fileSystem().bootVerifier());
        result.writeBoolean(true).writeBoolean(true);
        return NfsStatus.OK;
    }

    /** Copies part by part; once something is copied, an error ends it short, and the client meets it when it goes on. */
    private static long copy(FileSystem fileSystem, OpContext op, CloneRequest whole) throws FsException {
        long wanted = Math.min(whole.length(), MOST_BYTES);
        long part = PART_BYTES;
        long done = 0;
        while (done < wanted) {
            long length = Math.min(part, wanted - done);
            try {
                fileSystem.cloneRange(op, whole.part(done, length));
                done += length;
            } catch (FsException e) {
                if (e.errno() == Errno.EFBIG && length > SMALLEST_PART_BYTES) {
                    part = length / 2;
                } else if (done > 0) {
                    return done;
                } else {
                    throw e;
                }
            }
        }
        return done;
    }
}
