package org.cairnfs.server.nfs.v3.portmap;

import org.cairnfs.server.nfs.rpc.AcceptStat;
import org.cairnfs.server.nfs.rpc.RpcCall;
import org.cairnfs.server.nfs.rpc.RpcProgram;
import org.cairnfs.server.nfs.rpc.RpcServerBuilder;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** {@link Portmap} as the RPC server calls it, in all versions. */
public final class PortmapProgram implements RpcProgram {
    private final Portmap portmap;

    public PortmapProgram(Portmap portmap) {
        this.portmap = portmap;
    }

    /** Adds all versions to a server. */
    public void addTo(RpcServerBuilder server) {
        for (int version = Portmap.FIRST_VERSION; version <= Portmap.LAST_VERSION; version++) {
            server.program(Portmap.PROGRAM, version, this);
        }
    }

    @Override
    public void handle(RpcCall call) throws XdrException {
        XdrWriter results = call.newResults();
        boolean known = portmap.answer(
                call.version(),
                call.procedure(),
                call.arguments(),
                call.connection().localAddress().getAddress(),
                results);
        if (known) {
            call.reply(results);
        } else {
            call.reject(AcceptStat.PROC_UNAVAIL);
        }
    }
}
