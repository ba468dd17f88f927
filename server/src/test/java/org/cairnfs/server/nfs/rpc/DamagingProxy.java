package org.cairnfs.server.nfs.rpc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * Stands between a client and a server, and damages what the client sends from its second piece on: what comes back is as it was. A thread
 * for each direction of the one connection at a time.
 */
final class DamagingProxy implements AutoCloseable {
    private static final int PIECE = 1 << 14;

    /** When the client has sent nothing for so long, both wait for each other because of the damage: the connection ends. */
    private static final int SILENCE_MILLIS = 200;

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final InetSocketAddress server;
    private final Random random;
    private final UnaryOperator<byte[]> damage;

    /** @param damage makes another piece of one; called by one thread at a time */
    DamagingProxy(InetSocketAddress server, Random random, UnaryOperator<byte[]> damage) throws IOException {
        this.server = server;
        this.random = random;
        this.damage = damage;
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

    /** The probe goes through; behind it every third piece or so is damaged, until the client sends no more. */
    private void forward(Socket client, Socket to) throws IOException {
        client.setSoTimeout(SILENCE_MILLIS);
        try (InputStream in = client.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] piece = new byte[PIECE];
            boolean first = true;
            int length = in.read(piece);
            while (length >= 0) {
                byte[] right = Arrays.copyOf(piece, length);
                out.write(first || random.nextInt(3) > 0 ? right : damage.apply(right));
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
