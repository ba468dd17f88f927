package org.cairnfs.server.nfs.rpc;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** A client that asks for TLS by a probe, and speaks it by the JDK's sockets. For one thread. */
final class TlsClient implements AutoCloseable {
    static final int PROBE_XID = 0x7157;

    private final SSLContext context;
    private final Socket plain = new Socket();
    private SSLSocket tls;
    private DataInputStream in;

    /** @param own name of the client's certificate, if it has any */
    TlsClient(InetSocketAddress server, TestCertificates certificates, String trusted, Optional<String> own)
            throws Exception {
        context = context(certificates, trusted, own);
        plain.setSoTimeout((int) TimeUnit.SECONDS.toMillis(60));
        plain.connect(server);
        in = new DataInputStream(plain.getInputStream());
    }

    private static SSLContext context(TestCertificates certificates, String trusted, Optional<String> own)
            throws Exception {
        KeyStore roots = store();
        roots.setCertificateEntry("root", certificate(certificates.certificate(trusted)));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(roots);
        KeyStore keys = store();
        if (own.isPresent()) {
            keys.setKeyEntry("own", key(certificates.key(own.get())), new char[0], new Certificate[] {
                certificate(certificates.certificate(own.get()))
            });
        }
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore store() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Certificate certificate(Path file) throws Exception {
        try (InputStream pem = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificate(pem);
        }
    }

    private static PrivateKey key(Path file) throws Exception {
        String base64 = Files.readString(file).replaceAll("-----[A-Z ]+-----", "");
        return KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
    }

    static byte[] probe() throws Exception {
        return RawClient.message(
                PROBE_XID, EchoProgram.PROGRAM, EchoProgram.VERSION, 0, OpaqueAuth.AUTH_TLS, new byte[0]);
    }

    /** Sends bytes in the clear. */
    void sendInClear(byte[] bytes) throws IOException {
        plain.getOutputStream().write(bytes);
    }

    /** Asks for TLS; whether the server agrees. */
    boolean ask() throws Exception {
        sendInClear(RawClient.record(probe()));
        XdrReader reply = receive();
        byte[] agreed = new XdrWriter(100)
                .writeInt(PROBE_XID)
                .writeInt(1)
                .writeInt(0)
                .writeInt(0)
                .writeUtf8("STARTTLS")
                .writeInt(0)
                .toByteArray();
        return reply.slice(0, reply.remaining()).equals(ByteBuffer.wrap(agreed));
    }

    /** Shakes hands. */
    void handshake(String... protocols) throws IOException {
        handshake(new String[] {"TLSv1.3"}, protocols);
    }

    void handshake(String[] versions, String... protocols) throws IOException {
        tls = (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setProtocols(versions);
        parameters.setApplicationProtocols(protocols);
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        in = new DataInputStream(tls.getInputStream());
    }

    SSLSocket tls() {
        return tls;
    }

    byte[] echo(int xid, byte[] data) throws Exception {
        send(RawClient.record(ServedEcho.echoMessage(xid, data)));
        return RawClient.results(xid, receive()).readOpaque(EchoProgram.BULK);
    }

    void send(byte[] bytes) throws IOException {
        tls.getOutputStream().write(bytes);
        tls.getOutputStream().flush();
    }

    XdrReader receive() throws IOException {
        byte[] body = new byte[in.readInt() & ~RawClient.LAST_FRAGMENT];
        in.readFully(body);
        return new XdrReader(ByteBuffer.wrap(body));
    }

    /** Whether the server closes the connection without sending anything more that can be read. */
    boolean isClosedByServer() {
        try {
            return in.read() < 0;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        plain.close();
    }
}
