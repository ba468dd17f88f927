package org.cairnfs.server.nfs.v3.call;

import java.nio.ByteBuffer;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.rpc.AcceptStat;
import org.cairnfs.server.nfs.rpc.AuthStat;
import org.cairnfs.server.nfs.rpc.ReplyCache;
import org.cairnfs.server.nfs.rpc.RpcCall;
import org.cairnfs.server.nfs.rpc.RpcProgram;
import org.cairnfs.server.nfs.v3.Nfs3Exception;
import org.cairnfs.server.nfs.v3.Nfs3Status;
import org.cairnfs.server.nfs.watch.OperationWatch;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * NFS version 3 as the RPC server calls it (RFC 1813 section 3).
 *
 * <p>Safe for use by any number of threads.
 */
public final class Nfs3Program implements RpcProgram {
    /** The program number of NFS. */
    public static final int PROGRAM = 100003;

    public static final int VERSION = 3;

    private static final Logger log = LoggerFactory.getLogger(Nfs3Program.class);

    private final Nfs3Services services;
    private final ProcedureDecoder decoder;
    private final ReplyCache replies;

    public Nfs3Program(Nfs3Services services, ProcedureDecoder decoder, ReplyCache replies) {
        this.services = services;
        this.decoder = decoder;
        this.replies = replies;
    }

    @Override
    public void handle(RpcCall call) throws Exception {
        ProcedureNumber number = ProcedureNumber.of(call.procedure()).orElse(null);
        if (number == null || number == ProcedureNumber.NULL) {
            call.reject(AcceptStat.PROC_UNAVAIL);
            return;
        }
        XdrReader in = call.arguments();
        int from = in.position();
        Procedure procedure = decoder.decode(number, in);
        ByteBuffer arguments = in.slice(from, in.position());
        Nfs3Call running = new Nfs3Call(services, call, arguments);
        try {
            if (number.isOnce()) {
                replies.answer(call, arguments, () -> run(running, number, procedure, call));
            } else {
                call.reply(run(running, number, procedure, call).results());
            }
        } catch (TooWeakException e) {
            log.debug("{}: {}", procedure, e.getMessage());
            call.reject(AuthStat.AUTH_TOOWEAK);
        }
    }

    /** Success or failure. JUKEBOX is no answer to keep: the request was not carried out and is to come again. */
    private ReplyCache.Outcome run(Nfs3Call running, ProcedureNumber number, Procedure procedure, RpcCall call)
            throws XdrException, TooWeakException {
        long begun = System.nanoTime();
        XdrWriter results = call.newResults();
        int statusAt = results.position();
        results.writeInt(Nfs3Status.OK.code());
        Nfs3Status status = execute(running, procedure, results);
        long nanos = System.nanoTime() - begun;
        try {
            running.awaitStable();
        } catch (FsException e) {
            log.error("what a client changed cannot be made stable: it gets an error", e);
            status = status == Nfs3Status.OK ? Nfs3Status.of(e.errno()) : status;
        }
        if (status != Nfs3Status.OK) {
            results.truncate(statusAt).writeInt(status.code());
            procedure.encodeFailure(running, results);
        }
        services.watch().ended(number.name(), status != Nfs3Status.OK, nanos);
        if (services.watch().wantsDetails()) {
            services.watch()
                    .detailed(new OperationWatch.Detail(
                            call, "3", number.name(), running.standsAt(), procedure, status.name(), nanos));
        }
        return new ReplyCache.Outcome(results, status != Nfs3Status.JUKEBOX);
    }

    private static Nfs3Status execute(Nfs3Call running, Procedure procedure, XdrWriter results)
            throws TooWeakException {
        try {
            procedure.execute(running, results);
            return Nfs3Status.OK;
        } catch (Nfs3Exception e) {
            if (running.isTooWeak()) {
                throw new TooWeakException();
            }
            log.debug("{}: {}", procedure, e.getMessage());
            return e.status();
        } catch (FsException e) {
            return Nfs3Status.of(e.errno());
        } catch (XdrException | RuntimeException e) {
            log.error("{} failed: the client gets SERVERFAULT", procedure, e);
            return Nfs3Status.SERVERFAULT;
        }
    }
}
