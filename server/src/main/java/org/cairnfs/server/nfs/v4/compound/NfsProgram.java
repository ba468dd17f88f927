package org.cairnfs.server.nfs.v4.compound;

import org.cairnfs.server.nfs.rpc.AcceptStat;
import org.cairnfs.server.nfs.rpc.RpcCall;
import org.cairnfs.server.nfs.rpc.RpcProgram;
import org.cairnfs.server.nfs.xdr.XdrException;

/** NFS version 4 as the RPC server calls it (RFC 8881 section 16): one procedure, COMPOUND, beside NULL. */
public final class NfsProgram implements RpcProgram {
    /** The program number of NFS. */
    public static final int PROGRAM = 100003;

    public static final int VERSION = 4;

    private static final int COMPOUND = 1;

    private final CompoundDispatcher dispatcher;

    public NfsProgram(CompoundDispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    @Override
    public void handle(RpcCall call) throws XdrException {
        if (call.procedure() == COMPOUND) {
            dispatcher.dispatch(call);
        } else {
            call.reject(AcceptStat.PROC_UNAVAIL);
        }
    }
}
