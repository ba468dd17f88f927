package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.server.nfs.state.ChannelDirection;
import org.cairnfs.server.nfs.state.SessionId;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * BIND_CONN_TO_SESSION (section 18.34): the connection that it comes in on is to be used by a session.
 *
 * @param wanted of "or both", both
 */
record BindConnToSession(SessionId session, ChannelDirection wanted) implements Operation {
    private static final int FORE = 1;
    private static final int BACK = 2;
    private static final int FORE_OR_BOTH = 3;
    private static final int BACK_OR_BOTH = 7;
    private static final int BOTH = 3;

    static BindConnToSession decode(XdrReader in) throws XdrException {
        SessionId session = Wire.readSessionId(in);
        int direction = in.readInt();
        in.readBoolean();
        return new BindConnToSession(
                session,
                switch (direction) {
                    case FORE -> ChannelDirection.FORE;
                    case BACK -> ChannelDirection.BACK;
                    case FORE_OR_BOTH, BACK_OR_BOTH -> ChannelDirection.BOTH;
                    default -> throw new XdrException("channel_dir_from_client4 is " + direction);
                });
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, XdrException {
        ChannelDirection bound = compound.state().clients().bindConnection(session, compound.connection(), wanted);
        Wire.writeSessionId(result, session);
        result.writeInt(
                switch (bound) {
                    case FORE -> FORE;
                    case BACK -> BACK;
                    case BOTH -> BOTH;
                });
        result.writeBoolean(false);
        return NfsStatus.OK;
    }
}
