package org.cairnfs.server.nfs.v3.nsm;

import java.net.InetAddress;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.server.nfs.rpc.AcceptStat;
import org.cairnfs.server.nfs.rpc.RpcCall;
import org.cairnfs.server.nfs.rpc.RpcProgram;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/**
 * NSM as the RPC server calls it: hears of reboots of hosts (SM_NOTIFY). What status monitors do for the processes of their own
 * machine is not to be had.
 */
public final class NsmProgram implements RpcProgram {
    /** The program number of NSM. */
    public static final int PROGRAM = 100024;

    public static final int VERSION = 1;

    static final int NOTIFY = 6;

    /** SM_MAXSTRLEN. */
    private static final int MAX_NAME_BYTES = 1024;

    private final Listener listener;

    /** Told of reboots. */
    @FunctionalInterface
    public interface Listener {
        /**
         * A host has rebooted, as it says itself.
         *
         * @param address where the notice came from
         * @param name of the host for itself
         * @param state after the reboot
         */
        void rebooted(InetAddress address, Bytes name, int state);
    }

    public NsmProgram(Listener listener) {
        this.listener = listener;
    }

    @Override
    public void handle(RpcCall call) throws XdrException {
        if (answer(
                call.procedure(),
                call.arguments(),
                call.connection().remoteAddress().getAddress())) {
            call.reply(call.newResults());
        } else {
            call.reject(AcceptStat.PROC_UNAVAIL);
        }
    }

    /** Answers a call, whatever its transport: with nothing, or false if there is no such procedure. */
    public boolean answer(int procedure, XdrReader in, InetAddress from) throws XdrException {
        if (procedure != NOTIFY) {
            return false;
        }
        Bytes name = Bytes.ofTrusted(in.readString(MAX_NAME_BYTES));
        listener.rebooted(from, name, in.readInt());
        return true;
    }
}
