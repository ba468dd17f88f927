package org.cairnfs.server.nfs.rpc.gss;

import java.nio.file.Path;
import java.security.PrivilegedExceptionAction;
import java.util.Map;
import javax.security.auth.Subject;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSCredential;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.MessageProp;
import org.ietf.jgss.Oid;

/** The client's side of a Kerberos context, by the JDK, with a ticket that a KDC gives for a keytab. For one thread. */
final class KerberosInitiator implements SecurityMechanism.Context {
    private final Subject subject;
    private final GSSContext context;

    /** Logs in. */
    KerberosInitiator(Path keytab, String principal, String service) throws Exception {
        Map<String, String> options = Map.of(
                "useKeyTab", "true",
                "keyTab", keytab.toString(),
                "principal", principal,
                "doNotPrompt", "true",
                "refreshKrb5Config", "true");
        LoginContext login = new LoginContext("client", null, null, new Configuration() {
            @Override
            public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
                return new AppConfigurationEntry[] {
                    new AppConfigurationEntry(
                            "com.sun.security.auth.module.Krb5LoginModule", LoginModuleControlFlag.REQUIRED, options)
                };
            }
        });
        login.login();
        subject = login.getSubject();
        GSSManager manager = GSSManager.getInstance();
        Oid kerberos = new Oid("1.2.840.113554.1.2.2");
        context = as(() -> manager.createContext(
                manager.createName(service, new Oid("1.2.840.113554.1.2.2.1"), kerberos),
                kerberos,
                manager.createCredential(
                        null, GSSCredential.INDEFINITE_LIFETIME, kerberos, GSSCredential.INITIATE_ONLY),
                GSSContext.DEFAULT_LIFETIME));
        context.requestMutualAuth(true);
        context.requestConf(true);
        context.requestInteg(true);
    }

    private <T> T as(PrivilegedExceptionAction<T> action) throws Exception {
        return Subject.doAs(subject, action);
    }

    /** The next token to send; empty for the first one to be made. */
    byte[] next(byte[] token) throws Exception {
        return as(() -> context.initSecContext(token, 0, token.length));
    }

    @Override
    public byte[] accept(byte[] token) {
        throw new UnsupportedOperationException("this is the initiator");
    }

    @Override
    public boolean isEstablished() {
        return context.isEstablished();
    }

    @Override
    public String initiator() throws GSSException {
        return context.getSrcName().toString();
    }

    @Override
    public int lifetimeSeconds() {
        return context.getLifetime();
    }

    @Override
    public byte[] mic(byte[] message) throws GSSException {
        return context.getMIC(message, 0, message.length, new MessageProp(0, false));
    }

    @Override
    public void verifyMic(byte[] mic, byte[] message) throws GSSException {
        context.verifyMIC(mic, 0, mic.length, message, 0, message.length, new MessageProp(0, false));
    }

    @Override
    public byte[] wrap(byte[] message) throws GSSException {
        return context.wrap(message, 0, message.length, new MessageProp(0, true));
    }

    /** Wraps, but does not encrypt. */
    byte[] wrapInClear(byte[] message) throws GSSException {
        return context.wrap(message, 0, message.length, new MessageProp(0, false));
    }

    @Override
    public byte[] unwrap(byte[] wrapped) throws GSSException {
        return context.unwrap(wrapped, 0, wrapped.length, new MessageProp(0, true));
    }
}
