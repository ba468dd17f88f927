package org.cairnfs.server.nfs.rpc;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the connections of a running server share: limits and budgets, the threads that run calls, and whether it stops.
 *
 * <p>Thread-safe by its parts; {@code lock} guards only the waiting for {@code progress}.
 */
final class RunningContext implements ServerContext {
    private static final Logger LOG = LoggerFactory.getLogger(RunningContext.class);

    private final RpcLimits limits;
    private final RpcMetrics metrics;
    private final RefusalLog refusals = new RefusalLog();
    private final AnsweredCalls answeredCalls = new AnsweredCalls();
    private final Consumer<Throwable> onFatalError;
    private final MemoryBudget requestBudget;
    private final MemoryBudget replyBudget;
    private final CallScheduler scheduler;
    private final NetworkShares shares;
    private final CallDispatcher dispatcher;
    private final ScheduledExecutorService timer;
    private final Optional<Supplier<SSLEngine>> tls;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition progress = lock.newCondition();
    private volatile boolean stopping;

    RunningContext(RpcServerBuilder builder) {
        limits = builder.limits();
        metrics = builder.metrics();
        onFatalError = builder.onFatalError();
        requestBudget = new MemoryBudget(limits.requestBytes(), () -> {});
        replyBudget = new MemoryBudget(limits.replyBytes(), this::repliesHaveGone);
        scheduler = new CallScheduler(builder.workers(), replyBudget::isOver, this::taskFailed, metrics::callsHeldBack);
        shares = new NetworkShares(limits, requestBudget, replyBudget, scheduler);
        dispatcher = new CallDispatcher(
                builder.programs(),
                builder.authenticators(),
                new CallContext(limits, metrics, refusals, answeredCalls, onFatalError));
        tls = builder.tls();
        timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "cairn-rpc-timer");
            thread.setDaemon(true);
            return thread;
        });
    }

    private void repliesHaveGone() {
        scheduler.wakeUp();
    }

    /** The call has been dropped and its connection closed; the worker goes on. */
    private void taskFailed(Throwable failure) {
        if (FatalErrors.isFatal(failure)) {
            onFatalError.accept(failure);
        } else {
            LOG.error("A call failed before it reached its program; its connection is closed", failure);
        }
    }

    AnsweredCalls answeredCalls() {
        return answeredCalls;
    }

    /** From now on no more calls are taken on. */
    void beginStopping() {
        stopping = true;
    }

    /** Ends the threads; the server has stopped. */
    void endThreads(long millis) throws InterruptedException {
        scheduler.stop(millis);
        timer.shutdownNow();
    }

    /** Waits until no call is in flight and no reply unsent, for at most {@code grace}; whether that came. */
    boolean awaitQuiet(ConnectionTable connections, Duration grace) throws InterruptedException {
        lock.lock();
        try {
            long left = grace.toNanos();
            while (!connections.all().stream().allMatch(TcpConnection::isQuiet)) {
                if (left <= 0) {
                    return false;
                }
                left = progress.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void signalProgress() {
        if (stopping) {
            lock.lock();
            try {
                progress.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    @Override
    public RpcLimits limits() {
        return limits;
    }

    @Override
    public RpcMetrics metrics() {
        return metrics;
    }

    @Override
    public RefusalLog refusals() {
        return refusals;
    }

    @Override
    public MemoryBudget requestBudget() {
        return requestBudget;
    }

    @Override
    public MemoryBudget replyBudget() {
        return replyBudget;
    }

    @Override
    public NetworkShares shares() {
        return shares;
    }

    @Override
    public CallScheduler scheduler() {
        return scheduler;
    }

    @Override
    public CallDispatcher dispatcher() {
        return dispatcher;
    }

    @Override
    public ScheduledExecutorService timer() {
        return timer;
    }

    @Override
    public Optional<Supplier<SSLEngine>> tls() {
        return tls;
    }

    @Override
    public boolean isStopping() {
        return stopping;
    }

    @Override
    public Runnable onProgress() {
        return this::signalProgress;
    }
}
