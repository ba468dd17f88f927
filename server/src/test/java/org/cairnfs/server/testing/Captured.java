package org.cairnfs.server.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The lines of a stream, read by a thread of its own until the end, for a test to wait for and to look at. The newest 4 MiB
 * are kept.
 */
public final class Captured {
    private static final int MAX_CHARACTERS = 4 << 20;

    private final StringBuilder text = new StringBuilder();
    private final Thread reader;
    private int scanned;
    private boolean ended;

    public Captured(InputStream stream, String name) {
        reader = new Thread(() -> read(stream), "capture " + name);
        reader.setDaemon(true);
        reader.start();
    }

    private void read(InputStream stream) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                append(line);
                line = lines.readLine();
            }
        } catch (IOException e) {
            append("(the stream broke: " + e + ")");
        } finally {
            end();
        }
    }

    private synchronized void append(String line) {
        text.append(line).append('\n');
        int excess = text.length() - MAX_CHARACTERS;
        if (excess > 0) {
            text.delete(0, excess);
            scanned = Math.max(0, scanned - excess);
        }
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Waits for a line not waited for before; empty at the end of the stream or after the time-out. */
    public synchronized Optional<String> awaitLine(Predicate<String> wanted, long timeoutSeconds)
            throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
        while (true) {
            for (int end = text.indexOf("\n", scanned); end >= 0; end = text.indexOf("\n", scanned)) {
                String line = text.substring(scanned, end);
                scanned = end + 1;
                if (wanted.test(line)) {
                    return Optional.of(line);
                }
            }
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (ended || left <= 0) {
                return Optional.empty();
            }
            wait(left);
        }
    }

    /** All of it, once the stream has ended (waits a little for that). */
    public String all() throws InterruptedException {
        reader.join(TimeUnit.SECONDS.toMillis(10));
        return soFar();
    }

    public synchronized String soFar() {
        return text.toString();
    }
}
