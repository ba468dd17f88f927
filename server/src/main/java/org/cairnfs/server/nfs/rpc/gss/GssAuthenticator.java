package org.cairnfs.server.nfs.rpc.gss;

import com.google.common.base.Ticker;
import com.google.common.net.InetAddresses;
import java.security.SecureRandom;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.server.nfs.rpc.AuthException;
import org.cairnfs.server.nfs.rpc.AuthStat;
import org.cairnfs.server.nfs.rpc.CallHeader;
import org.cairnfs.server.nfs.rpc.OpaqueAuth;
import org.cairnfs.server.nfs.rpc.RefusalLog;
import org.cairnfs.server.nfs.rpc.RpcAuthenticator;
import org.cairnfs.server.nfs.rpc.RpcConnection;
import org.cairnfs.server.nfs.rpc.RpcCredential.Gss;
import org.cairnfs.server.nfs.rpc.RpcCredential.Gss.Service;
import org.cairnfs.server.nfs.rpc.RpcMetrics.Refusal;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.ietf.jgss.GSSException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RPCSEC_GSS version 1 (RFC 2203): makes and ends contexts, and checks and unwraps the calls in them.
 *
 * <p>Stateless but for the contexts; runs on worker threads, many at a time.
 */
public final class GssAuthenticator implements RpcAuthenticator {
    private static final Logger LOG = LoggerFactory.getLogger(GssAuthenticator.class);

    private static final int NULL_PROCEDURE = 0;

    /** The highest sequence number of a context is below this (MAXSEQ, RFC 2203 section 5.3.3.1). */
    private static final long MAX_SEQUENCE = 0x8000_0000L;

    private static final int MAX_TOKEN_BYTES = 64 << 10;
    private static final int MAX_RESULT_BYTES = MAX_TOKEN_BYTES + 1024;
    private static final int MAX_MIC_BYTES = 400;
    private static final int HANDLE_BYTES = 16;

    private static final int GSS_S_COMPLETE = 0;
    private static final int GSS_S_CONTINUE_NEEDED = 1;

    /** The position of GSS_S_* among the bits of a major status (RFC 2744 section 3.9.1). */
    private static final int ROUTINE_ERROR_SHIFT = 16;

    /** How long a client may take to make a context. */
    private static final int SECONDS_TO_ESTABLISH = 30;

    /** How long a context counts at most: what a principal is here, and whether it may be, is looked at again then. */
    private static final int MAX_SECONDS = 8 * 60 * 60;

    private final SecurityMechanism mechanism;
    private final Principals principals;
    private final GssContexts contexts;
    private final RefusalLog refusals = new RefusalLog();
    private final SecureRandom random = new SecureRandom();

    public GssAuthenticator(SecurityMechanism mechanism, Principals principals) {
        this(mechanism, principals, new GssContexts(GssContexts.MAX, GssContexts.MAX_PER_OWNER, Ticker.systemTicker()));
    }

    GssAuthenticator(SecurityMechanism mechanism, Principals principals, GssContexts contexts) {
        this.mechanism = mechanism;
        this.principals = principals;
        this.contexts = contexts;
    }

    @Override
    public Outcome authenticate(CallHeader header, XdrReader record, RpcConnection connection) throws AuthException {
        GssCredential credential = GssCredential.read(header.credential().body());
        return switch (credential.procedure()) {
            case INIT, CONTINUE_INIT -> establish(credential, header, record, connection);
            case DATA -> data(credential, header, record);
            case DESTROY -> destroy(credential, header, record);
        };
    }

    // ---- making a context (section 5.2)

    private Outcome establish(GssCredential credential, CallHeader header, XdrReader record, RpcConnection connection)
            throws AuthException {
        requireNullProcedure(header);
        byte[] token;
        try {
            token = record.readOpaque(MAX_TOKEN_BYTES);
        } catch (XdrException e) {
            return new Undecodable(ReplyProtection.NONE, "token of RPCSEC_GSS: " + e.getMessage());
        }
        String address = InetAddresses.toAddrString(connection.remoteAddress().getAddress());
        try {
            SecurityMechanism.Context context = begun(credential);
            byte[] answer = context.accept(token);
            if (!context.isEstablished()) {
                Bytes handle = add(address, "", SECONDS_TO_ESTABLISH, context);
                return new Answered(initResult(handle, GSS_S_CONTINUE_NEEDED, 0, answer), ReplyProtection.NONE);
            }
            // Before it is added, so that nothing is kept of what fails.
            String principal = context.initiator();
            byte[] verifier = context.mic(GssProtection.bytes(SequenceWindow.SIZE));
            int seconds = Math.min(MAX_SECONDS, context.lifetimeSeconds());
            Bytes handle = add(principal + " at " + address, principal, seconds, context);
            LOG.debug("{} at {} has a context for {} s", principal, address, seconds);
            return new Answered(
                    initResult(handle, GSS_S_COMPLETE, 0, answer),
                    out -> out.writeInt(OpaqueAuth.RPCSEC_GSS).writeOpaque(verifier));
        } catch (GSSException e) {
            refusals.log(Refusal.AUTH_ERROR, connection, "not accepted by Kerberos: " + e.getMessage());
            return new Answered(
                    initResult(Bytes.EMPTY, e.getMajor() << ROUTINE_ERROR_SHIFT, e.getMinor(), new byte[0]),
                    ReplyProtection.NONE);
        }
    }

    /** The context that the token is for, which is nobody else's until it is added anew. */
    private SecurityMechanism.Context begun(GssCredential credential) throws AuthException, GSSException {
        if (credential.procedure() == GssCredential.Procedure.INIT) {
            return mechanism.newContext();
        }
        return contexts.takeBegun(credential.handle())
                .orElseThrow(
                        () -> new AuthException(AuthStat.RPCSEC_GSS_CREDPROBLEM, "no context that waits for a token"))
                .mechanism();
    }

    private Bytes add(String owner, String principal, int seconds, SecurityMechanism.Context context) {
        byte[] handle = new byte[HANDLE_BYTES];
        random.nextBytes(handle);
        Bytes name = Bytes.ofTrusted(handle);
        contexts.add(
                new GssContext(name, owner, principal, contexts.inSeconds(seconds), context, new SequenceWindow()));
        return name;
    }

    /** rpc_gss_init_res (section 5.2.3.1). */
    private static XdrWriter initResult(Bytes handle, int major, int minor, byte[] token) {
        try {
            return new XdrWriter(MAX_RESULT_BYTES)
                    .writeOpaque(handle.toArray())
                    .writeInt(major)
                    .writeInt(minor)
                    .writeInt(SequenceWindow.SIZE)
                    .writeOpaque(token);
        } catch (XdrException e) {
            throw new IllegalStateException("a token over " + MAX_TOKEN_BYTES + " bytes", e);
        }
    }

    // ---- calls in a context (section 5.3)

    private Outcome data(GssCredential credential, CallHeader header, XdrReader record) throws AuthException {
        Service service = credential
                .service()
                .orElseThrow(() -> new AuthException(AuthStat.AUTH_BADCRED, "no such service of RPCSEC_GSS"));
        GssContext context = verified(credential, header, record);
        if (!context.window().admit(credential.sequence())) {
            return discarded(context, credential);
        }
        GssProtection protection = protection(context, service, credential);
        try {
            XdrReader arguments = protection.open(record);
            Gss caller = new Gss(context.principal(), service, principals.find(context.principal()));
            return new Authenticated(caller, arguments, protection);
        } catch (XdrException | GSSException e) {
            return new Undecodable(protection, "arguments protected by RPCSEC_GSS: " + e.getMessage());
        }
    }

    private Outcome destroy(GssCredential credential, CallHeader header, XdrReader record) throws AuthException {
        requireNullProcedure(header);
        GssContext context = verified(credential, header, record);
        if (!context.window().admit(credential.sequence())) {
            return discarded(context, credential);
        }
        contexts.remove(context.handle());
        return new Answered(new XdrWriter(0), protection(context, Service.NONE, credential));
    }

    private static Outcome discarded(GssContext context, GssCredential credential) {
        return new Discarded("sequence number " + credential.sequence() + " of " + context.principal()
                + " was there before, or is too old to tell");
    }

    private static GssProtection protection(GssContext context, Service service, GssCredential credential)
            throws AuthException {
        try {
            return new GssProtection(context.mechanism(), service, (int) credential.sequence());
        } catch (GSSException e) {
            throw new AuthException(AuthStat.RPCSEC_GSS_CTXPROBLEM, "no verifier for the reply: " + e.getMessage());
        }
    }

    /** The context of a call whose header is what its user has sent (section 5.3.3.1). */
    private GssContext verified(GssCredential credential, CallHeader header, XdrReader record) throws AuthException {
        GssContext context = find(credential);
        if (context.isBegun()) {
            throw new AuthException(AuthStat.RPCSEC_GSS_CREDPROBLEM, "a context that is not established yet");
        }
        OpaqueAuth verifier = header.verifier();
        if (verifier.flavor() != OpaqueAuth.RPCSEC_GSS) {
            throw new AuthException(AuthStat.AUTH_BADVERF, "verifier of flavour " + verifier.flavor());
        }
        try {
            byte[] mic = new byte[Math.min(MAX_MIC_BYTES, verifier.body().remaining())];
            verifier.body().duplicate().get(mic);
            byte[] signed = new byte[header.credentialEnd()];
            record.slice(0, signed.length).get(signed);
            context.mechanism().verifyMic(mic, signed);
        } catch (GSSException e) {
            throw new AuthException(AuthStat.RPCSEC_GSS_CREDPROBLEM, "verifier: " + e.getMessage());
        }
        if (contexts.isOver(context)) {
            contexts.remove(context.handle());
            throw new AuthException(
                    AuthStat.RPCSEC_GSS_CTXPROBLEM, "the context of " + context.principal() + " is over");
        }
        if (credential.sequence() >= MAX_SEQUENCE) {
            contexts.remove(context.handle());
            throw new AuthException(AuthStat.RPCSEC_GSS_CTXPROBLEM, "sequence number " + credential.sequence());
        }
        return context;
    }

    private GssContext find(GssCredential credential) throws AuthException {
        return contexts.find(credential.handle())
                .orElseThrow(() -> new AuthException(AuthStat.RPCSEC_GSS_CREDPROBLEM, "no such context"));
    }

    private static void requireNullProcedure(CallHeader header) throws AuthException {
        if (header.procedure() != NULL_PROCEDURE) {
            throw new AuthException(
                    AuthStat.AUTH_BADCRED, "procedure " + header.procedure() + " to set up or end a context");
        }
    }
}
