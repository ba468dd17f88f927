package org.cairnfs.server.systemd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;

/** What systemd would hear. */
public final class FakeSystemd implements AutoCloseable {
    private static final int MAX_MESSAGE = 4096;
    private static final String END = "the end of the test";

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final UnixDatagramChannel channel;
    private final NotifySocket self;
    private final Thread listener;

    /** @param name as in NOTIFY_SOCKET */
    public FakeSystemd(String name) throws IOException {
        channel = UnixDatagramChannel.open();
        channel.bind(new UnixSocketAddress(name.startsWith("@") ? '\0' + name.substring(1) : name));
        self = NotifySocket.open(name);
        listener = new Thread(this::listen, "fake-systemd");
        listener.setDaemon(true);
        listener.start();
    }

    private void listen() {
        try {
            String message;
            do {
                ByteBuffer buffer = ByteBuffer.allocate(MAX_MESSAGE);
                channel.receive(buffer);
                message = UTF_8.decode(buffer.flip()).toString();
                heard.add(message);
            } while (!message.equals(END));
        } catch (IOException e) {
            heard.add(e.toString());
        }
    }

    /** The next message; fails after half a minute. */
    public String next() throws InterruptedException {
        String message = heard.poll(30, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("nothing was heard");
        }
        return message;
    }

    /** The next message that begins so, all before it left out. */
    public String nextWith(String beginning) throws InterruptedException {
        String message = next();
        while (!message.startsWith(beginning)) {
            message = next();
        }
        return message;
    }

    @Override
    public void close() throws IOException {
        self.send(END);
        try {
            listener.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        self.close();
        channel.close();
    }
}
