package org.cairnfs.server.admin;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.admin.LineChannel.LineTooLongException;
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
        try (AnswerQueue queue = new AnswerQueue()) {
            threads.execute(() -> queue.end(perform(handler, request, queue)));
            queue.send(lines);
        } catch (RejectedExecutionException e) {
            lines.write(Messages.error(new CairnException(ExitCode.NO_SERVER, "the server is ending", "", e)));
        }
    }

    private static byte[] perform(AdminHandler handler, Request request, AnswerQueue queue) {
        try {
            return Messages.result(
                    handler instanceof AdminHandler.InParts inParts
                            ? inParts.handle(request.arguments(), queue, queue)
                            : handler.handle(request.arguments(), queue));
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
