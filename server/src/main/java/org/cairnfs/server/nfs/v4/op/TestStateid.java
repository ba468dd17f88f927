package org.cairnfs.server.nfs.v4.op;

import com.google.common.collect.ImmutableList;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** TEST_STATEID (section 18.48): which stateids are still good. */
record TestStateid(ImmutableList<Stateid> stateids) implements Operation {
    private static final int STATEID_BYTES = 16;
    private static final int MAX_STATEIDS = 1 << 16;

    static TestStateid decode(XdrReader in) throws XdrException {
        int count = in.readCount(MAX_STATEIDS, STATEID_BYTES);
        ImmutableList.Builder<Stateid> stateids = ImmutableList.builderWithExpectedSize(count);
        for (int i = 0; i < count; i++) {
            stateids.add(Wire.readStateid(in));
        }
        return new TestStateid(stateids.build());
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, XdrException {
        result.writeInt(stateids.size());
        for (Stateid stateid : stateids) {
            NfsStatus status = compound.state().files().test(SessionClient.of(compound), stateid);
            result.writeInt(status.code());
        }
        return NfsStatus.OK;
    }
}
