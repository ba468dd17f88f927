package org.cairnfs.server.cli;

import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.cairnfs.server.Progress;

/**
 * Progress as a bar on a terminal, once work has taken a moment; nothing elsewhere. One bar for each phase. Thread-safe: all
 * state is guarded by this object's lock.
 */
final class ProgressDisplay implements Progress, AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(400);
    private static final int UPDATE_MILLIS = 100;
    private static final long MIB = 1L << 20;

    private final Session session;
    private final long begun = System.nanoTime();
    private String shown = "";
    private ProgressBar bar;

    ProgressDisplay(Session session) {
        this.session = session;
    }

    @Override
    public synchronized void report(String phase, long done, long total, Unit unit) {
        if (!session.terminal().isInteractive() || System.nanoTime() - begun < PATIENCE_NANOS) {
            return;
        }
        if (bar == null || !shown.equals(phase)) {
            close();
            shown = phase;
            bar = start(phase, unit);
        }
        if (total >= 0) {
            bar.maxHint(total);
        }
        bar.stepTo(done);
    }

    private ProgressBar start(String phase, Unit unit) {
        ProgressBarBuilder builder = ProgressBar.builder()
                .setTaskName("cairn: " + phase)
                .setInitialMax(-1)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(UPDATE_MILLIS)
                .setConsumer(new ConsoleProgressBarConsumer(session.err()));
        return (unit == Unit.BYTES ? builder.setUnit(" MiB", MIB) : builder).build();
    }

    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
