package org.cairnfs.server.admin;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;
import org.cairnfs.server.admin.Messages.ProgressEvent;

/**
 * The way of an answer from the thread that does the work to the one that sends it: parts in order, progress at most ten times a second, and at the
 * end the result. Whoever works waits while several parts are on the way, and is told when nobody sends them any more.
 */
final class AnswerQueue implements Progress, AdminHandler.Parts, AutoCloseable {
    private static final long PROGRESS_MILLIS = 100;
    private static final int PARTS_ON_THE_WAY = 4;

    /** @param isLast whether it is the result, or the error */
    private record Line(byte[] bytes, boolean isLast) {}

    private final BlockingQueue<Line> lines = new ArrayBlockingQueue<>(PARTS_ON_THE_WAY);
    private final AtomicReference<ProgressEvent> latest = new AtomicReference<>();
    private volatile boolean closed;

    @Override
    public void report(String phase, long done, long total, Unit unit) {
        latest.set(new ProgressEvent(phase, done, total, unit));
    }

    @Override
    public void put(Object part) throws CairnException {
        if (!offer(new Line(Messages.part(part), false))) {
            throw new CairnException(ExitCode.INTERRUPTED, "nobody listens to the answer any more", "");
        }
    }

    /** The last line of the answer. */
    void end(byte[] line) {
        offer(new Line(line, true));
    }

    /** Waits for room; false when there is nobody any more. */
    private boolean offer(Line line) {
        try {
            while (!closed) {
                if (lines.offer(line, PROGRESS_MILLIS, TimeUnit.MILLISECONDS)) {
                    return true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** Sends everything, up to the last line. */
    void send(LineChannel to) throws IOException {
        try {
            while (true) {
                Line line = lines.poll(PROGRESS_MILLIS, TimeUnit.MILLISECONDS);
                ProgressEvent event = latest.getAndSet(null);
                if (line != null) {
                    to.write(line.bytes());
                    if (line.isLast()) {
                        return;
                    }
                } else if (event != null) {
                    to.write(Messages.progress(event));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Nobody sends any more. */
    @Override
    public void close() {
        closed = true;
    }
}
