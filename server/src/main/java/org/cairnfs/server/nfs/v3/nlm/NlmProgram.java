package org.cairnfs.server.nfs.v3.nlm;

import java.net.InetAddress;
import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.lock.LockConflict;
import org.cairnfs.core.lock.LockMode;
import org.cairnfs.core.lock.LockRange;
import org.cairnfs.server.nfs.export.Entrance;
import org.cairnfs.server.nfs.export.ExportAccess;
import org.cairnfs.server.nfs.export.ExportResolver;
import org.cairnfs.server.nfs.rpc.AcceptStat;
import org.cairnfs.server.nfs.rpc.RpcCall;
import org.cairnfs.server.nfs.rpc.RpcProgram;
import org.cairnfs.server.nfs.v3.nsm.HostMonitor;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * NLM version 4 as the RPC server calls it: checks file, export and grace, and answers in the form that was asked for: at
 * once, or (the {@code _MSG} procedures) by a call of its own on the same connection.
 *
 * <p>Safe for use by any number of threads.
 */
public final class NlmProgram implements RpcProgram {
    /** The program number of NLM. */
    public static final int PROGRAM = 100021;

    public static final int VERSION = 4;

    private static final int TEST = 1;
    private static final int LOCK = 2;
    private static final int CANCEL = 3;
    private static final int UNLOCK = 4;
    private static final int FIRST_MSG = 6;
    private static final int TEST_MSG = FIRST_MSG;
    private static final int UNLOCK_MSG = 9;
    private static final int FIRST_RES = 11;
    private static final int LAST_RES = 15;
    private static final int SHARE = 20;
    private static final int UNSHARE = 21;
    private static final int NM_LOCK = 22;
    private static final int FREE_ALL = 23;

    private final NlmServices services;
    private final NlmLocks locks;
    private final HostMonitor monitor;

    NlmProgram(NlmServices services, NlmLocks locks, HostMonitor monitor) {
        this.services = services;
        this.locks = locks;
        this.monitor = monitor;
    }

    @Override
    public void handle(RpcCall call) throws XdrException {
        int procedure = call.procedure();
        if (procedure >= TEST_MSG && procedure <= UNLOCK_MSG) {
            XdrWriter results = call.newResults();
            // The caller wants to hear only that it has arrived; what comes of it is sent as a call.
            run(call, procedure - FIRST_MSG + TEST, results);
            call.reply(call.newResults());
            AsyncReply.send(call.connection(), procedure - FIRST_MSG + FIRST_RES, results);
        } else if (procedure >= FIRST_RES && procedure <= LAST_RES) {
            call.reply(call.newResults());
        } else {
            XdrWriter results = call.newResults();
            if (run(call, procedure, results)) {
                call.reply(results);
            } else {
                call.reject(AcceptStat.PROC_UNAVAIL);
            }
        }
    }

    private boolean run(RpcCall call, int procedure, XdrWriter results) throws XdrException {
        XdrReader in = call.arguments();
        switch (procedure) {
            case TEST -> test(call, LockCall.decodeTest(in), results);
            case LOCK -> lock(call, LockCall.decodeLock(in), true, results);
            case NM_LOCK -> lock(call, LockCall.decodeLock(in), false, results);
            case CANCEL -> cancel(call, LockCall.decodeCancel(in), results);
            case UNLOCK -> unlock(call, LockCall.decodeUnlock(in), results);
            case SHARE, UNSHARE -> share(call, ShareCall.decode(in), procedure == SHARE, results);
            case FREE_ALL -> locks.freeAll(key(call, NlmLock.readBytes(in)));
            default -> {
                return false;
            }
        }
        return true;
    }

    private void test(RpcCall call, LockCall wanted, XdrWriter results) throws XdrException {
        results.writeOpaque(wanted.cookie().toArray());
        try {
            FileHandle inode = file(call, wanted.lock().file(), false);
            LockRange range = range(wanted);
            requireGrace(false);
            Optional<LockConflict> conflict =
                    locks.test(host(call, wanted.lock().caller()), inode, wanted, range);
            results.writeInt((conflict.isEmpty() ? NlmStatus.GRANTED : NlmStatus.DENIED).code());
            if (conflict.isPresent()) {
                writeHolder(results, conflict.get());
            }
        } catch (Refusal e) {
            results.writeInt(e.status.code());
        }
    }

    /** nlm4_holder. */
    private static void writeHolder(XdrWriter results, LockConflict conflict) throws XdrException {
        byte[] owner = conflict.owner().owner().toArray();
        boolean ours = conflict.owner().client().adapter().equals(NlmHost.ADAPTER) && owner.length == Integer.BYTES;
        int svid = ours ? conflict.owner().owner().asBuffer().getInt() : 0;
        LockRange range = conflict.range();
        results.writeBoolean(NlmLocks.isExclusive(conflict)).writeInt(svid).writeOpaque(owner);
        results.writeHyper(range.first()).writeHyper(range.last() == LockRange.TO_END ? 0 : range.length());
    }

    private void lock(RpcCall call, LockCall wanted, boolean monitored, XdrWriter results) throws XdrException {
        answer(results, wanted.cookie(), () -> {
            FileHandle inode = file(call, wanted.lock().file(), wanted.mode() == LockMode.WRITE);
            LockRange range = range(wanted);
            requireGrace(wanted.reclaim());
            NlmHost host = host(call, wanted.lock().caller());
            NlmStatus status = locks.lock(host, inode, wanted, range);
            boolean holds = status == NlmStatus.GRANTED || status == NlmStatus.BLOCKED;
            if (holds && monitored && !monitor.watch(host.record())) {
                locks.cancel(host, inode, wanted, range);
                locks.unlock(host, inode, wanted, range);
                return NlmStatus.DENIED_NOLOCKS;
            }
            return status;
        });
    }

    private void cancel(RpcCall call, LockCall wanted, XdrWriter results) throws XdrException {
        answer(
                results,
                wanted.cookie(),
                () -> locks.cancel(
                        host(call, wanted.lock().caller()),
                        file(call, wanted.lock().file(), false),
                        wanted,
                        range(wanted)));
    }

    private void unlock(RpcCall call, LockCall wanted, XdrWriter results) throws XdrException {
        answer(
                results,
                wanted.cookie(),
                () -> locks.unlock(
                        host(call, wanted.lock().caller()),
                        file(call, wanted.lock().file(), false),
                        wanted,
                        range(wanted)));
    }

    private void share(RpcCall call, ShareCall wanted, boolean take, XdrWriter results) throws XdrException {
        answer(results, wanted.cookie(), () -> {
            FileHandle inode = file(call, wanted.file(), false);
            NlmHost host = host(call, wanted.caller());
            if (!take) {
                locks.unshare(host, inode, wanted);
                return NlmStatus.GRANTED;
            }
            requireGrace(wanted.reclaim());
            return locks.share(host, inode, wanted);
        });
        results.writeInt(0); // A sequence number that nobody uses any more.
    }

    /** A request that ends before anything is done. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        private final NlmStatus status;

        Refusal(NlmStatus status) {
            super(status.name(), null, false, false);
            this.status = status;
        }
    }

    @FunctionalInterface
    private interface Work {
        NlmStatus run() throws Refusal;
    }

    /** nlm4_res. */
    private static void answer(XdrWriter results, Bytes cookie, Work work) throws XdrException {
        NlmStatus status;
        try {
            status = work.run();
        } catch (Refusal e) {
            status = e.status;
        }
        results.writeOpaque(cookie.toArray()).writeInt(status.code());
    }

    private NlmHost host(RpcCall call, Bytes name) throws Refusal {
        return locks.host(key(call, name), call.connection().localAddress().getAddress())
                .orElseThrow(() -> new Refusal(NlmStatus.DENIED_NOLOCKS));
    }

    private static NlmHost.Key key(RpcCall call, Bytes name) {
        InetAddress address = call.connection().remoteAddress().getAddress();
        return new NlmHost.Key(address, name);
    }

    private static LockRange range(LockCall wanted) throws Refusal {
        return wanted.lock().range().orElseThrow(() -> new Refusal(NlmStatus.FBIG));
    }

    private void requireGrace(boolean reclaim) throws Refusal {
        if (services.inGrace().getAsBoolean() != reclaim) {
            throw new Refusal(NlmStatus.DENIED_GRACE_PERIOD);
        }
    }

    /**
     * The file that is meant, if the client may get at it and it is there. The mode of the file is not asked: the client's
     * kernel has done that when it was opened, and may call as somebody else.
     */
    private FileHandle file(RpcCall call, Bytes handle, boolean exclusive) throws Refusal {
        try {
            ExportResolver.Presented presented =
                    services.exports().present(call.connection(), call.credential(), handle.toArray());
            FileHandle inode = presented.handle();
            Entrance entrance = presented.entrance();
            ExportAccess access = entrance.access()
                    .filter(found -> !entrance.isPassage())
                    .orElseThrow(() -> new Refusal(NlmStatus.FAILED));
            if (exclusive && !access.writable()) {
                throw new Refusal(NlmStatus.ROFS);
            }
            services.fileSystem().getattr(new OpContext(Credentials.ROOT), inode);
            return inode;
        } catch (FsException e) {
            throw new Refusal(
                    switch (e.errno()) {
                        case ESTALE, EINVAL -> NlmStatus.STALE_FH;
                        default -> NlmStatus.FAILED;
                    });
        }
    }
}
