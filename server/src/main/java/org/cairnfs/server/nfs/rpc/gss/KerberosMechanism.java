package org.cairnfs.server.nfs.rpc.gss;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.nio.file.Path;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.Map;
import javax.security.auth.Subject;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSCredential;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.MessageProp;
import org.ietf.jgss.Oid;

/**
 * Kerberos V5 (RFC 4121) by the JDK's GSS-API, as acceptor, with the keys of a keytab. Asks no KDC for anything.
 *
 * <p>The keytab is read again when it has changed, so a key may be renewed while the server runs. Authenticators are kept by the JDK, in memory,
 * so that none is taken twice.
 *
 * <p>Thread-safe: the JDK does not say that its contexts are, so the monitor of each {@link Accepted} guards its own.
 */
public final class KerberosMechanism implements SecurityMechanism {
    private static final String MECHANISM = "1.2.840.113554.1.2.2";

    /** Whatever principal the keytab has a key of. */
    private static final String ANY = "*";

    private static final int DEFAULT_QOP = 0;

    private final GSSManager manager = GSSManager.getInstance();
    private final Subject subject;
    private final GSSCredential credential;

    private KerberosMechanism(Subject subject) throws GSSException {
        this.subject = subject;
        this.credential = as(() -> manager.createCredential(
                null, GSSCredential.INDEFINITE_LIFETIME, new Oid(MECHANISM), GSSCredential.ACCEPT_ONLY));
    }

    /**
     * With the keys of a keytab.
     *
     * @param principal the server's, such as {@code nfs/host@REALM}; or {@code *} for each one that the keytab has a key of
     */
    public static KerberosMechanism of(Path keytab, String principal) throws LoginException, GSSException {
        Map<String, String> options = Map.of(
                "useKeyTab", "true",
                "keyTab", keytab.toAbsolutePath().toString(),
                "storeKey", "true",
                "doNotPrompt", "true",
                "isInitiator", "false",
                "principal", principal);
        LoginContext login = new LoginContext("cairn", null, null, new Configuration() {
            @Override
            public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
                return new AppConfigurationEntry[] {
                    new AppConfigurationEntry(
                            "com.sun.security.auth.module.Krb5LoginModule", LoginModuleControlFlag.REQUIRED, options)
                };
            }
        });
        login.login();
        return new KerberosMechanism(login.getSubject());
    }

    /** The same for each principal of the keytab. */
    public static KerberosMechanism of(Path keytab) throws LoginException, GSSException {
        return of(keytab, ANY);
    }

    @Override
    public Context newContext() throws GSSException {
        return new Accepted(manager.createContext(credential));
    }

    private <T> T as(PrivilegedExceptionAction<T> action) throws GSSException {
        try {
            return Subject.doAs(subject, action);
        } catch (PrivilegedActionException e) {
            if (e.getException() instanceof GSSException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getException());
        }
    }

    /** What the JDK does with the bytes of a peer, for some of which it throws more than it says. */
    private interface OfPeer<T> {
        T get() throws GSSException;
    }

    @CanIgnoreReturnValue
    private static <T> T ofPeer(OfPeer<T> work) throws GSSException {
        try {
            return work.get();
        } catch (IndexOutOfBoundsException
                | IllegalArgumentException
                | NegativeArraySizeException
                | NullPointerException e) {
            GSSException defective = new GSSException(GSSException.DEFECTIVE_TOKEN, 0, e.toString());
            defective.initCause(e);
            throw defective;
        }
    }

    /** One context of the JDK; the monitor guards it. */
    private final class Accepted implements Context {
        private final GSSContext context;

        Accepted(GSSContext context) {
            this.context = context;
        }

        @Override
        public synchronized byte[] accept(byte[] token) throws GSSException {
            byte[] answer = ofPeer(() -> as(() -> context.acceptSecContext(token, 0, token.length)));
            return answer == null ? new byte[0] : answer;
        }

        @Override
        public synchronized boolean isEstablished() {
            return context.isEstablished();
        }

        @Override
        public synchronized String initiator() throws GSSException {
            return context.getSrcName().toString();
        }

        @Override
        public synchronized int lifetimeSeconds() {
            return context.getLifetime();
        }

        @Override
        public synchronized byte[] mic(byte[] message) throws GSSException {
            return context.getMIC(message, 0, message.length, new MessageProp(DEFAULT_QOP, false));
        }

        @Override
        public synchronized void verifyMic(byte[] mic, byte[] message) throws GSSException {
            ofPeer(() -> {
                MessageProp properties = new MessageProp(DEFAULT_QOP, false);
                context.verifyMIC(mic, 0, mic.length, message, 0, message.length, properties);
                return properties;
            });
        }

        @Override
        public synchronized byte[] wrap(byte[] message) throws GSSException {
            return context.wrap(message, 0, message.length, new MessageProp(DEFAULT_QOP, true));
        }

        @Override
        public synchronized byte[] unwrap(byte[] wrapped) throws GSSException {
            MessageProp properties = new MessageProp(DEFAULT_QOP, true);
            byte[] message = ofPeer(() -> context.unwrap(wrapped, 0, wrapped.length, properties));
            if (!properties.getPrivacy()) {
                throw new GSSException(GSSException.DEFECTIVE_TOKEN, 0, "a message that is not encrypted");
            }
            return message;
        }
    }
}
