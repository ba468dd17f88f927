package org.cairnfs.server.nfs.rpc.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * The server's certificate and key, and whose certificates of clients it trusts; makes the server's side of TLS 1.3 for connections.
 *
 * <p>{@link #reload} puts new files in place for connections that are made later, all of them or none. Thread-safe: {@code current} is replaced
 * as a whole.
 */
public final class TlsIdentity implements Supplier<SSLEngine> {
    private static final String VERSION = "TLSv1.3";

    /** RFC 9289 section 8.2. */
    private static final String PROTOCOL = "sunrpc";

    private static final char[] NO_PASSWORD = {};

    /** By the algorithm of a key, one of the signatures that show that two keys belong together. */
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    private final Path certificate;
    private final Path key;
    private final Optional<Path> clientCa;
    private volatile SSLContext current;

    /**
     * Reads the files, all of them PEM.
     *
     * @param certificate of the server, and those that lead to a root
     * @param key of the certificate, PKCS #8, not encrypted
     * @param clientCa roots of the certificates of clients, who are then asked for one, and need not have any
     */
    public TlsIdentity(Path certificate, Path key, Optional<Path> clientCa)
            throws IOException, GeneralSecurityException {
        this.certificate = certificate;
        this.key = key;
        this.clientCa = clientCa;
        this.current = read();
    }

    /** Reads the files again; when one cannot be used, all stays as it is. */
    public void reload() throws IOException, GeneralSecurityException {
        current = read();
    }

    @Override
    public SSLEngine get() {
        SSLEngine engine = current.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {VERSION});
        parameters.setApplicationProtocols(new String[] {PROTOCOL});
        parameters.setWantClientAuth(clientCa.isPresent());
        engine.setSSLParameters(parameters);
        return engine;
    }

    private SSLContext read() throws IOException, GeneralSecurityException {
        List<X509Certificate> chain = PemFiles.certificates(certificate);
        X509Certificate own = chain.get(0);
        PrivateKey secret = PemFiles.privateKey(key, own.getPublicKey().getAlgorithm());
        requirePair(own, secret);
        KeyStore keys = emptyStore();
        keys.setKeyEntry("server", secret, NO_PASSWORD, chain.toArray(Certificate[]::new));
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, NO_PASSWORD);
        SSLContext context = SSLContext.getInstance(VERSION);
        context.init(keyManagers.getKeyManagers(), trustManagers(), null);
        return context;
    }

    private TrustManager[] trustManagers() throws IOException, GeneralSecurityException {
        if (clientCa.isEmpty()) {
            return new TrustManager[0];
        }
        KeyStore roots = emptyStore();
        int number = 0;
        for (X509Certificate root : PemFiles.certificates(clientCa.get())) {
            roots.setCertificateEntry("root" + number++, root);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(roots);
        return trust.getTrustManagers();
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** A certificate with another's key would be noticed by clients only. */
    private void requirePair(X509Certificate own, PrivateKey secret) throws GeneralSecurityException {
        String algorithm = SIGNATURES.get(own.getPublicKey().getAlgorithm());
        if (algorithm == null) {
            throw new GeneralSecurityException(certificate + " has a key of a kind that is not known: "
                    + own.getPublicKey().getAlgorithm());
        }
        byte[] something = own.getEncoded();
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(secret);
        signature.update(something);
        byte[] signed = signature.sign();
        signature.initVerify(own.getPublicKey());
        signature.update(something);
        if (!signature.verify(signed)) {
            throw new GeneralSecurityException(
                    "the key in " + key + " is not that of the certificate in " + certificate);
        }
    }
}
