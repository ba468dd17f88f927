package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.Name;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/**
 * By what right OPEN opens, and what (open_claim4, section 18.16.1).
 *
 * @param name in the current directory, for the claims that have one; else null
 * @param delegation by whose right, for the claims that go by one; else null
 * @param reclaimsRead whether the client held a read delegation before the server restarted; only of {@link Kind#PREVIOUS}
 */
record OpenClaim(Kind kind, Name name, Stateid delegation, boolean reclaimsRead) {
    private static final int OPEN_DELEGATE_READ = 1;

    /** open_claim_type4, in the order of its numbers. */
    enum Kind {
        /** A name in the current directory, anew. */
        NULL,
        /** The current file, as it was open before the server restarted. */
        PREVIOUS,
        DELEGATE_CUR,
        DELEGATE_PREV,
        /** The current file, anew (4.1). */
        FH,
        DELEG_CUR_FH,
        DELEG_PREV_FH
    }

    private static final Kind[] KINDS = Kind.values();

    /** CLAIM_FH and what follows it came with 4.1. */
    private static final int KINDS_OF_MINOR_0 = 4;

    static OpenClaim decode(XdrReader in, int minorVersion) throws XdrException, NfsException {
        int number = in.readInt();
        if (number < 0 || number >= (minorVersion == 0 ? KINDS_OF_MINOR_0 : KINDS.length)) {
            throw new XdrException("open_claim_type4 is " + number);
        }
        Kind kind = KINDS[number];
        return switch (kind) {
            case NULL, DELEGATE_PREV -> new OpenClaim(kind, Wire.readName(in), null, false);
            case PREVIOUS -> new OpenClaim(kind, null, null, in.readInt() == OPEN_DELEGATE_READ);
            case DELEGATE_CUR -> {
                Stateid delegation = Wire.readStateid(in);
                yield new OpenClaim(kind, Wire.readName(in), delegation, false);
            }
            case DELEG_CUR_FH -> new OpenClaim(kind, null, Wire.readStateid(in), false);
            case FH, DELEG_PREV_FH -> new OpenClaim(kind, null, null, false);
        };
    }
}
