package org.cairnfs.server.nfs.rpc.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and keys in PEM (RFC 7468). Stateless. */
final class PemFiles {
    private static final int MAX_BYTES = 1 << 20;
    private static final Pattern PRIVATE_KEY = Pattern.compile(
            "-----BEGIN ([A-Z0-9 ]*)PRIVATE KEY-----([A-Za-z0-9+/=\\s]*)-----END [A-Z0-9 ]*PRIVATE KEY-----");

    private PemFiles() {}

    /** The certificates of a file, in its order; at least one. */
    static List<X509Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        List<X509Certificate> certificates = new ArrayList<>();
        CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(read(file)))
                .forEach(certificate -> certificates.add((X509Certificate) certificate));
        if (certificates.isEmpty()) {
            throw new GeneralSecurityException("there is no certificate in " + file);
        }
        return certificates;
    }

    /**
     * The key of a file, for a certificate.
     *
     * @param algorithm of the certificate's public key
     */
    static PrivateKey privateKey(Path file, String algorithm) throws IOException, GeneralSecurityException {
        Matcher key = PRIVATE_KEY.matcher(new String(read(file), StandardCharsets.ISO_8859_1));
        if (!key.find()) {
            throw new GeneralSecurityException("there is no PEM private key in " + file);
        }
        if (!key.group(1).isEmpty()) {
            throw new GeneralSecurityException("the private key in " + file
                    + " is encrypted, or in an old format; convert it: openssl pkcs8 -topk8 -nocrypt");
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(key.group(2));
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("the private key in " + file + " is no base64", e);
        }
    }

    private static byte[] read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " is over 1 MiB");
        }
        return Files.readAllBytes(file);
    }
}
