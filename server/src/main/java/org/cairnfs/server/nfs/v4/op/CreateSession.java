package org.cairnfs.server.nfs.v4.op;

import java.util.Optional;
import org.cairnfs.server.nfs.state.CallbackCredential;
import org.cairnfs.server.nfs.state.ChannelAttributes;
import org.cairnfs.server.nfs.state.CreateSessionRequest;
import org.cairnfs.server.nfs.state.CreateSessionResult;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** CREATE_SESSION (section 18.36): a client gets a session, and is confirmed by its first one. */
record CreateSession(
        long clientId,
        int sequence,
        int flags,
        ChannelAttributes fore,
        ChannelAttributes back,
        int callbackProgram,
        Optional<CallbackCredential> callbackCredential)
        implements Operation {
    static CreateSession decode(XdrReader in) throws XdrException {
        long clientId = in.readHyper();
        int sequence = in.readInt();
        int flags = in.readInt();
        ChannelAttributes fore = readChannel(in);
        ChannelAttributes back = readChannel(in);
        int callbackProgram = in.readInt();
        return new CreateSession(
                clientId, sequence, flags, fore, back, callbackProgram, SecurityFlavor.readCallbackCredential(in));
    }

    /** channel_attrs4; what it says of RDMA is of no use here. */
    private static ChannelAttributes readChannel(XdrReader in) throws XdrException {
        ChannelAttributes channel = new ChannelAttributes(
                in.readUnsignedInt(),
                in.readUnsignedInt(),
                in.readUnsignedInt(),
                in.readUnsignedInt(),
                in.readUnsignedInt(),
                in.readUnsignedInt());
        in.readInts(1);
        return channel;
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, XdrException {
        CreateSessionResult created = compound.state()
                .clients()
                .createSession(new CreateSessionRequest(
                        compound.principal(),
                        compound.connection(),
                        clientId,
                        sequence,
                        flags,
                        fore,
                        back,
                        callbackProgram,
                        callbackCredential,
                        compound.minorVersion()));
        Wire.writeSessionId(result, created.session());
        result.writeInt(created.sequence()).writeInt(created.flags());
        writeChannel(result, created.fore());
        writeChannel(result, created.back());
        return NfsStatus.OK;
    }

    private static void writeChannel(XdrWriter out, ChannelAttributes channel) throws XdrException {
        out.writeUnsignedInt(channel.headerPad());
        out.writeUnsignedInt(channel.maxRequest());
        out.writeUnsignedInt(channel.maxResponse());
        out.writeUnsignedInt(channel.maxResponseCached());
        out.writeUnsignedInt(channel.maxOperations());
        out.writeUnsignedInt(channel.maxRequests());
        out.writeInts();
    }
}
