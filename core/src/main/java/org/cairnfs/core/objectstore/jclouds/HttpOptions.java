package org.cairnfs.core.objectstore.jclouds;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.StoreOption;
import org.cairnfs.core.objectstore.StoreOptions;

/** How to speak HTTP with a store, as the options of its URL say. */
final class HttpOptions {
    private HttpOptions() {}

    static HttpSettings settings(StorageUrl url) throws ObjectStoreException {
        StoreOptions options = url.options();
        Optional<String> ca = options.get(StoreOption.CA);
        return new HttpSettings(
                options.connectTimeout(),
                options.timeout(),
                options.connections(),
                ca.isEmpty() ? Optional.empty() : Optional.of(trusting(Path.of(ca.get()))),
                options.get(StoreOption.PROXY).map(HttpOptions::proxy));
    }

    /** {@code https://HOST}, or {@code http://HOST} with {@code tls=off} or, where nothing is said, on this machine. */
    static String endpoint(StorageUrl url) {
        boolean tls = url.options().isOn(StoreOption.TLS, !isThisMachine(url.endpoint()));
        return (tls ? "https://" : "http://") + url.endpoint();
    }

    private static boolean isThisMachine(String endpoint) {
        String host = endpoint.replaceFirst(":[0-9]{1,5}$", "");
        if (host.equals("localhost")) {
            return true;
        }
        if (!host.matches("[0-9.]+|\\[.*]")) {
            return false; // a name would have to be looked up
        }
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (IOException e) {
            return false; // no address; making a connection will tell
        }
    }

    private static ProxySelector proxy(String text) {
        if (text.equals("none")) {
            return new Fixed(Proxy.NO_PROXY);
        }
        int colon = text.lastIndexOf(':');
        InetSocketAddress address =
                new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
        return new Fixed(new Proxy(Proxy.Type.HTTP, address));
    }

    /** Trusts the certificates of a file, and no others. */
    private static SSLContext trusting(Path pem) throws ObjectStoreException {
        try (InputStream in = Files.newInputStream(pem)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new IOException("there are none");
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("ca" + number++, certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new ObjectStoreException(
                    Kind.PERMANENT, "the certificates in " + pem + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** The same proxy for every address. */
    private static final class Fixed extends ProxySelector {
        private final Proxy proxy;

        Fixed(Proxy proxy) {
            this.proxy = proxy;
        }

        @Override
        public List<Proxy> select(URI uri) {
            return List.of(proxy);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            // there is no other; the call fails
        }
    }
}
