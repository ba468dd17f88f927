package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.attr.Fattr4;
import org.cairnfs.server.nfs.v4.attr.WantedAttributes;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/**
 * How OPEN treats a name that is not there (openflag4, section 18.16.1).
 *
 * @param mode of creation
 * @param attributes to begin with; null for {@link Mode#NONE} and {@link Mode#EXCLUSIVE}
 * @param verifier of the exclusive modes, else 0
 */
record OpenHow(Mode mode, Fattr4 attributes, long verifier) {
    private static final int OPEN4_NOCREATE = 0;
    private static final int OPEN4_CREATE = 1;

    /** createmode4, and that nothing is created. */
    enum Mode {
        NONE,
        UNCHECKED,
        GUARDED,
        EXCLUSIVE,
        EXCLUSIVE_WITH_ATTRIBUTES;

        boolean isExclusive() {
            return this == EXCLUSIVE || this == EXCLUSIVE_WITH_ATTRIBUTES;
        }
    }

    static OpenHow decode(XdrReader in, int minorVersion) throws XdrException {
        int type = in.readInt();
        if (type == OPEN4_NOCREATE) {
            return new OpenHow(Mode.NONE, null, 0);
        }
        if (type != OPEN4_CREATE) {
            throw new XdrException("opentype4 is " + type);
        }
        int mode = in.readInt();
        return switch (mode) {
            case 0 -> new OpenHow(Mode.UNCHECKED, Fattr4.decode(in), 0);
            case 1 -> new OpenHow(Mode.GUARDED, Fattr4.decode(in), 0);
            case 2 -> new OpenHow(Mode.EXCLUSIVE, null, in.readHyper());
            case 3 -> {
                if (minorVersion == 0) {
                    throw new XdrException("EXCLUSIVE4_1 in 4.0");
                }
                long verifier = in.readHyper();
                yield new OpenHow(Mode.EXCLUSIVE_WITH_ATTRIBUTES, Fattr4.decode(in), verifier);
            }
            default -> throw new XdrException("createmode4 is " + mode);
        };
    }

    boolean creates() {
        return mode != Mode.NONE;
    }

    /** The attributes that are wanted. */
    WantedAttributes wanted(Compound compound) throws NfsException {
        return attributes == null
                ? WantedAttributes.NONE
                : WantedAttributes.of(
                        attributes, compound.minorVersion(), compound.services().owners());
    }
}
