package org.cairnfs.server.nfs.fuzz;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.cairnfs.server.nfs.rpc.RawClient;
import org.cairnfs.server.nfs.v3.portmap.UniversalAddress;
import org.cairnfs.server.nfs.xdr.XdrException;

/**
 * The callback service of clients of NFSv4.0, whose answers are right, damaged, of wrong length, or none.
 *
 * <p>A thread accepts and one serves each connection; {@code random} is guarded by this object's monitor.
 */
final class CallbackService implements AutoCloseable {
    private static final int LARGEST = 1 << 16;

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger calls = new AtomicInteger();
    private final Random random;

    CallbackService(long seed) throws IOException {
        random = new Random(seed);
        start(this::accept);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "callback-service");
        thread.setDaemon(true);
        thread.start();
    }

    /** As SETCLIENTID has it. */
    String universalAddress() {
        InetSocketAddress at = (InetSocketAddress) listener.getLocalSocketAddress();
        return UniversalAddress.of(at.getAddress(), at.getPort());
    }

    /** Calls that have come in. */
    int calls() {
        return calls.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket connection = listener.accept();
                open.add(connection);
                start(() -> serve(connection));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            DataInputStream in = new DataInputStream(connection.getInputStream());
            while (true) {
                byte[] call = new byte[Math.min(in.readInt() & Integer.MAX_VALUE, LARGEST)];
                in.readFully(call);
                calls.incrementAndGet();
                connection.getOutputStream().write(answer(CallbackAnswers.to(call)));
            }
        } catch (IOException | XdrException closed) {
            open.remove(connection);
        }
    }

    private synchronized byte[] answer(byte[] right) {
        Mutator mutator = new Mutator(random);
        byte[] record = RawClient.record(mutator.answer(right));
        return random.nextInt(20) == 0 ? mutator.answer(record) : record;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket connection : open) {
            connection.close();
        }
    }
}
