package org.cairnfs.server.nfs.rpc;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.NavigableMap;
import org.cairnfs.server.nfs.rpc.RpcAuthenticator.Answered;
import org.cairnfs.server.nfs.rpc.RpcAuthenticator.Authenticated;
import org.cairnfs.server.nfs.rpc.RpcAuthenticator.Discarded;
import org.cairnfs.server.nfs.rpc.RpcAuthenticator.Outcome;
import org.cairnfs.server.nfs.rpc.RpcAuthenticator.ReplyProtection;
import org.cairnfs.server.nfs.rpc.RpcAuthenticator.Undecodable;
import org.cairnfs.server.nfs.rpc.RpcMetrics.Refusal;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a record that is a call from its first byte to its program, or refuses it as RFC 5531 section 9 says.
 *
 * <p>Immutable; runs on worker threads, many at a time.
 */
final class CallDispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(CallDispatcher.class);
    private static final int NULL_PROCEDURE = 0;

    private final Map<Integer, NavigableMap<Integer, RpcProgram>> programs;
    private final Map<Integer, RpcAuthenticator> authenticators;
    private final CallContext context;

    /**
     * @param programs by program, then version
     * @param authenticators by flavour
     */
    CallDispatcher(
            Map<Integer, NavigableMap<Integer, RpcProgram>> programs,
            Map<Integer, RpcAuthenticator> authenticators,
            CallContext context) {
        this.programs = programs;
        this.authenticators = authenticators;
        this.context = context;
    }

    /**
     * Serves one call.
     *
     * @param record the whole record, whose kind has been looked at
     * @param arrivedNanos when it had arrived, by {@link System#nanoTime}
     * @param onEnded runs once the call has been answered or dropped
     */
    void serve(TcpConnection connection, ByteBuffer record, long arrivedNanos, Runnable onEnded) {
        Runnable unlessTaken = onEnded;
        try {
            XdrReader in = new XdrReader(record);
            int xid = in.readInt();
            in.readInt();
            try {
                CallHeader header = CallHeader.read(xid, in);
                if (serve(connection, header, in, arrivedNanos, onEnded)) {
                    unlessTaken = null;
                }
            } catch (CallHeader.RpcMismatchException e) {
                refuse(connection, Refusal.RPC_MISMATCH, e.getMessage());
                connection.send(Messages.rpcMismatch(xid));
            } catch (AuthException e) {
                refuse(connection, Refusal.AUTH_ERROR, e.status() + ": " + e.getMessage());
                connection.send(Messages.authError(xid, e.status()));
            }
        } catch (XdrException e) {
            connection.refuse(Refusal.MALFORMED, "call header: " + e.getMessage());
        } catch (Throwable e) {
            // The call may never be answered, and a client sends it again over a new connection only.
            connection.close("internal error");
            throw e;
        } finally {
            if (unlessTaken != null) {
                unlessTaken.run();
            }
        }
    }

    /** Whether a call is for a program that is here. */
    boolean has(CallHeader header) {
        NavigableMap<Integer, RpcProgram> versions = programs.get(header.program());
        return versions != null && versions.containsKey(header.version());
    }

    /** Serves a call whose header is sound; whether its program ends it, now or later. */
    private boolean serve(
            TcpConnection connection, CallHeader header, XdrReader in, long arrivedNanos, Runnable onEnded)
            throws AuthException {
        Outcome outcome = authenticator(header).authenticate(header, in, connection);
        if (outcome instanceof Authenticated caller) {
            RpcProgram program = programFor(connection, header, caller.protection());
            if (program == null) {
                return false;
            }
            run(program, new ServerCall(header, caller, connection, context, arrivedNanos, onEnded));
            return true;
        }
        if (outcome instanceof Answered answered) {
            if (programFor(connection, header, answered.protection()) != null) {
                connection.send(Messages.answered(header.xid(), answered));
            }
        } else if (outcome instanceof Undecodable undecodable) {
            refuse(connection, Refusal.GARBAGE_ARGS, undecodable.reason());
            connection.send(Messages.notDone(header.xid(), undecodable.protection(), AcceptStat.GARBAGE_ARGS));
        } else if (outcome instanceof Discarded discarded) {
            refuse(connection, Refusal.DISCARDED, discarded.reason());
        }
        return false;
    }

    private RpcAuthenticator authenticator(CallHeader header) throws AuthException {
        int flavor = header.credential().flavor();
        RpcAuthenticator authenticator = authenticators.get(flavor);
        if (authenticator == null) {
            throw new AuthException(AuthStat.AUTH_REJECTEDCRED, "flavour " + Integer.toUnsignedString(flavor));
        }
        return authenticator;
    }

    private static String called(CallHeader header) {
        return "program " + Integer.toUnsignedString(header.program()) + " version "
                + Integer.toUnsignedString(header.version());
    }

    /** The program that is called; {@code null} when there is none, which has then been answered. */
    private RpcProgram programFor(TcpConnection connection, CallHeader header, ReplyProtection protection) {
        NavigableMap<Integer, RpcProgram> versions = programs.get(header.program());
        if (versions == null) {
            refuse(connection, Refusal.PROG_UNAVAIL, called(header));
            connection.send(Messages.notDone(header.xid(), protection, AcceptStat.PROG_UNAVAIL));
            return null;
        }
        RpcProgram program = versions.get(header.version());
        if (program == null) {
            refuse(connection, Refusal.PROG_MISMATCH, called(header));
            connection.send(
                    Messages.programMismatch(header.xid(), protection, versions.firstKey(), versions.lastKey()));
        }
        return program;
    }

    private void run(RpcProgram program, ServerCall call) {
        context.metrics().callStarted(call.program(), call.version(), call.procedure());
        try {
            if (call.procedure() == NULL_PROCEDURE) {
                call.reply(call.newResults());
            } else {
                program.handle(call);
            }
        } catch (XdrException e) {
            endFailed(call, AcceptStat.GARBAGE_ARGS);
            context.refusals()
                    .log(
                            Refusal.GARBAGE_ARGS,
                            call.connection(),
                            describe(call) + " cannot be decoded: " + e.getMessage());
        } catch (InterruptedException e) {
            // The server stops: the client sends the call again after the restart.
            Thread.currentThread().interrupt();
            if (!call.isEnded()) {
                call.drop();
            }
        } catch (Throwable e) {
            if (FatalErrors.isFatal(e)) {
                // What was being done is half done, so how to go on is not ours to decide.
                context.onFatalError().accept(e);
            } else {
                LOG.error("{} failed; it is answered with SYSTEM_ERR", describe(call), e);
            }
            endFailed(call, AcceptStat.SYSTEM_ERR);
        }
    }

    private static void endFailed(ServerCall call, AcceptStat status) {
        if (!call.isEnded()) {
            call.reject(status);
        }
    }

    private void refuse(TcpConnection connection, Refusal reason, String detail) {
        context.metrics().refused(reason);
        context.refusals().log(reason, connection, detail);
    }

    private static String describe(ServerCall call) {
        return "Call of program " + Integer.toUnsignedString(call.program()) + " version "
                + Integer.toUnsignedString(call.version()) + " procedure " + Integer.toUnsignedString(call.procedure())
                + " from " + call.connection().remoteAddress();
    }
}
