package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.server.nfs.state.ExchangeIdRequest;
import org.cairnfs.server.nfs.state.ExchangeIdResult;
import org.cairnfs.server.nfs.state.ServerIdentity;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.attr.Bitmap4;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * EXCHANGE_ID (section 18.35): a client makes itself known.
 *
 * @param protection spa_how
 */
record ExchangeId(long verifier, Bytes owner, int flags, int protection) implements Operation {
    private static final int SP4_NONE = 0;
    private static final int SP4_MACH_CRED = 1;
    private static final int SP4_SSV = 2;
    private static final int MAX_ALGORITHMS = 64;
    private static final int MAX_STRING_BYTES = 1024;
    private static final int OID_BYTES = 64;

    static ExchangeId decode(XdrReader in) throws XdrException {
        long verifier = in.readHyper();
        Bytes owner = Wire.readOwner(in);
        int flags = in.readInt();
        int protection = in.readInt();
        skipProtection(in, protection);
        skipImplementation(in);
        return new ExchangeId(verifier, owner, flags, protection);
    }

    /** state_protect4_a: whatever is asked for is refused unless it is SP4_NONE, but must be read past. */
    private static void skipProtection(XdrReader in, int protection) throws XdrException {
        switch (protection) {
            case SP4_NONE -> {}
            case SP4_MACH_CRED, SP4_SSV -> {
                Bitmap4.decode(in);
                Bitmap4.decode(in);
                if (protection == SP4_SSV) {
                    skipAlgorithms(in);
                    skipAlgorithms(in);
                    in.readInt();
                    in.readInt();
                }
            }
            default -> throw new XdrException("state_protect_how4 is " + protection);
        }
    }

    private static void skipAlgorithms(XdrReader in) throws XdrException {
        int count = in.readCount(MAX_ALGORITHMS, Integer.BYTES);
        for (int i = 0; i < count; i++) {
            in.skipOpaque(OID_BYTES);
        }
    }

    /** nfs_impl_id4, of which there may be one. */
    private static void skipImplementation(XdrReader in) throws XdrException {
        if (in.readCount(1, Integer.BYTES) == 1) {
            in.skipOpaque(MAX_STRING_BYTES);
            in.skipOpaque(MAX_STRING_BYTES);
            in.readHyper();
            in.readInt();
        }
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, XdrException {
        ExchangeIdResult granted = compound.state()
                .clients()
                .exchangeId(new ExchangeIdRequest(compound.principal(), verifier, owner, flags, protection));
        result.writeHyper(granted.clientId()).writeInt(granted.sequence()).writeInt(granted.flags());
        result.writeInt(SP4_NONE);
        ServerIdentity identity = compound.state().identity();
        result.writeHyper(identity.ownerMinor())
                .writeOpaque(identity.ownerMajor().toArray());
        result.writeOpaque(identity.scope().toArray());
        result.writeInt(1).writeUtf8(identity.implementationDomain()).writeUtf8(identity.implementationName());
        result.writeHyper(0).writeInt(0);
        return NfsStatus.OK;
    }
}
