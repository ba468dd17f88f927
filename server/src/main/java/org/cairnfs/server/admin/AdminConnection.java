package org.cairnfs.server.admin;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.admin.LineChannel.LineTooLongException;
import org.cairnfs.server.admin.Messages.ProgressEvent;
import org.cairnfs.server.admin.Messages.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of the admin channel: reads a request, has it done by another thread, sends progress at most ten times a second
 * and the answer, and so on.
 *
 * <p>{@link #serve} is for one thread; {@code busy} and {@code idleSince} are shared with the one that ends idle connections, and
 * guarded by this object's lock.
 */
final class AdminConnection implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AdminConnection.class);
    private static final long PROGRESS_MILLIS = 100;

    private final LineChannel lines;
    private final Map<String, AdminHandler> handlers;
    private final ExecutorService threads;
    private boolean busy;
    private boolean closing;
    private long idleSince = System.nanoTime();

    AdminConnection(SocketChannel channel, Map<String, AdminHandler> handlers, ExecutorService threads) {
        this.lines = new LineChannel(channel, Messages.MAX_REQUEST_BYTES);
        this.handlers = handlers;
        this.threads = threads;
    }

    /** Serves until the client leaves, sends nonsense, or this is closed. */
    void serve() throws IOException {
        try {
            Optional<byte[]> line = lines.read();
            while (line.isPresent() && begin()) {
                answer(Messages.parseRequest(line.get()));
                if (!end()) {
                    return;
                }
                line = lines.read();
            }
        } catch (LineTooLongException e) {
            lines.write(Messages.error(
                    new CairnException(ExitCode.SERVER_NOT_ANSWERING, String.valueOf(e.getMessage()), "")));
        } catch (CairnException e) {
            lines.write(Messages.error(e));
        }
    }

    private void answer(Request request) throws IOException {
        AdminHandler handler = handlers.get(request.operation());
        if (handler == null) {
            lines.write(Messages.error(new CairnException(
                    ExitCode.SERVER_NOT_ANSWERING,
                    "the server knows no operation '" + request.operation() + "'",
                    "use the cairn command of the version that runs the server")));
            return;
        }
        AtomicReference<ProgressEvent> latest = new AtomicReference<>();
        try {
            Future<byte[]> answer = threads.submit(() -> perform(handler, request, latest));
            lines.write(sendProgressUntilDone(answer, latest));
        } catch (RejectedExecutionException e) {
            lines.write(Messages.error(new CairnException(ExitCode.NO_SERVER, "the server is ending", "", e)));
        }
    }

    private static byte[] perform(AdminHandler handler, Request request, AtomicReference<ProgressEvent> latest) {
        try {
            return Messages.result(handler.handle(
                    request.arguments(),
                    (phase, done, total, unit) -> latest.set(new ProgressEvent(phase, done, total, unit))));
        } catch (CairnException e) {
            return Messages.error(e);
        } catch (RuntimeException e) {
            log.error("admin channel: operation {} failed", request.operation(), e);
            return Messages.error(new CairnException(
                    ExitCode.INTERNAL,
                    "the server failed to do '" + request.operation() + "': " + e,
                    "its log has the details",
                    e));
        }
    }

    private byte[] sendProgressUntilDone(Future<byte[]> answer, AtomicReference<ProgressEvent> latest)
            throws IOException {
        while (true) {
            try {
                return answer.get(PROGRESS_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                ProgressEvent event = latest.getAndSet(null);
                if (event != null) {
                    lines.write(Messages.progress(event));
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException("a handler of the admin channel died", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }

    private synchronized boolean begin() {
        busy = !closing;
        return busy;
    }

    private synchronized boolean end() {
        busy = false;
        idleSince = System.nanoTime();
        return !closing;
    }

    /** Closes it now if nothing is being answered (for so long); else, with 0, after the answer. */
    synchronized void closeIfIdleFor(long nanos) {
        closing |= nanos == 0;
        if (!busy && System.nanoTime() - idleSince >= nanos) {
            close();
        }
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException e) {
            log.debug("admin channel: closing a connection failed: {}", e.toString());
        }
    }
}
