package org.cairnfs.server.nfs.rpc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * Stands between a client and a server, and meddles with what the client sends from its second piece on, which are the probe for TLS and the
 * rest: what comes back is as it was. A thread for each direction of the one connection at a time.
 */
final class MeddlingProxy implements AutoCloseable {
    private static final int PIECE = 1 << 14;

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final InetSocketAddress server;
    private final int silenceMillis;
    private final UnaryOperator<byte[]> meddling;

    /**
     * A proxy for connections to a server.
     *
     * @param silenceMillis after which a connection on which the client sends nothing ends: both may wait for each other; 0 for never
     * @param meddling makes what is forwarded of each piece; called by one thread at a time
     */
    MeddlingProxy(InetSocketAddress server, int silenceMillis, UnaryOperator<byte[]> meddling) throws IOException {
        this.server = server;
        this.silenceMillis = silenceMillis;
        this.meddling = meddling;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Serves the connection that is made next; the thread ends with it. */
    Thread serveNext() {
        Thread thread = new Thread(
                () -> {
                    try (Socket client = listener.accept();
                            Socket to = new Socket(server.getAddress(), server.getPort())) {
                        Thread back = new Thread(() -> copy(to, client), "proxy-back");
                        back.start();
                        forward(client, to);
                        back.join();
                    } catch (IOException closed) {
                        // By either side: that is how most attacks end.
                        Thread.currentThread().interrupt();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "proxy");
        thread.start();
        return thread;
    }

    /** The probe goes through; behind it there is meddling, until the client sends no more. */
    private void forward(Socket client, Socket to) throws IOException {
        client.setSoTimeout(silenceMillis);
        try (InputStream in = client.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] piece = new byte[PIECE];
            boolean first = true;
            int length = in.read(piece);
            while (length >= 0) {
                byte[] right = Arrays.copyOf(piece, length);
                out.write(first ? right : meddling.apply(right));
                first = false;
                length = in.read(piece);
            }
        }
    }

    private static void copy(Socket from, Socket to) {
        try (to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException closed) {
            // The other direction sees it, too.
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
