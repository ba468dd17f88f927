package org.cairnfs.core.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A TCP line to a server on this machine that can be slow, freeze, or be cut; counts the HTTP requests that go over it. For
 * any thread.
 */
public final class TroubledLine implements AutoCloseable {
    private static final Pattern REQUEST = Pattern.compile("(GET|PUT|HEAD|DELETE|POST) [^\\r\\n]* HTTP/1.1\r\n");
    private static final int CHUNK = 8192;

    private final ServerSocket listener;
    private final int target;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong cutAfter = new AtomicLong(Long.MAX_VALUE);
    private final Object gate = new Object();
    private boolean frozen;
    private boolean closed;
    private volatile long delayMillis;

    private TroubledLine(ServerSocket listener, int target) {
        this.listener = listener;
        this.target = target;
    }

    /** Opens a line to a port. */
    public static TroubledLine to(int port) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        TroubledLine line = new TroubledLine(listener, port);
        line.threads.execute(line::accept);
        return line;
    }

    /** Where to connect to. */
    public int port() {
        return listener.getLocalPort();
    }

    /** How many requests went over it. */
    public int requests() {
        return requests.get();
    }

    /** Each piece of up to 8 KiB takes so long, in either direction. */
    public void delay(long millis) {
        delayMillis = millis;
    }

    /** Lets nothing pass any more, or again. */
    public void freeze(boolean nowFrozen) {
        synchronized (gate) {
            frozen = nowFrozen;
            gate.notifyAll();
        }
    }

    /** Cuts the connection on which that many bytes from now, of all connections together, have passed; once. */
    public void cutAfter(long bytes) {
        cutAfter.set(bytes);
    }

    private void accept() {
        while (true) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(client);
                sockets.add(server);
                threads.execute(() -> pump(server, client, true));
                threads.execute(() -> pump(server, client, false));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    /** In one direction. A cut reaches the client first: a server that saw it before would answer, and the client take that. */
    private void pump(Socket server, Socket client, boolean upwards) {
        byte[] buffer = new byte[CHUNK];
        try (server;
                client) {
            InputStream in = (upwards ? client : server).getInputStream();
            OutputStream out = (upwards ? server : client).getOutputStream();
            int read = in.read(buffer);
            while (read >= 0 && pass(read)) {
                if (upwards) {
                    count(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
                }
                out.write(buffer, 0, read);
                read = in.read(buffer);
            }
        } catch (IOException e) {
            // the other end went
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Requests are short and begin a piece or follow the end of a body, so none is split. */
    private void count(String piece) {
        Matcher matcher = REQUEST.matcher(piece);
        while (matcher.find()) {
            requests.incrementAndGet();
        }
    }

    private boolean pass(int bytes) throws InterruptedException {
        if (delayMillis > 0) {
            Thread.sleep(delayMillis); // the delay itself: nothing waits for an event here
        }
        synchronized (gate) {
            while (frozen && !closed) {
                gate.wait();
            }
            if (closed) {
                return false;
            }
        }
        if (cutAfter.addAndGet(-bytes) < 0) {
            cutAfter.set(Long.MAX_VALUE);
            return false;
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        synchronized (gate) {
            closed = true;
            gate.notifyAll();
        }
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
