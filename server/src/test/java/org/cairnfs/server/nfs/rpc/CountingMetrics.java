package org.cairnfs.server.nfs.rpc;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Counts what a server tells, and lets a test wait for it. Thread-safe by its monitor. */
class CountingMetrics implements RpcMetrics {
    /** Only so that a test fails instead of hanging. */
    private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Map<Refusal, Integer> refusals = new EnumMap<>(Refusal.class);
    private int opened;
    private int closed;
    private int started;
    private int ended;
    private int pauses;
    private int heldBack;
    private long received;
    private long sent;

    @Override
    public synchronized void connectionOpened() {
        opened++;
        notifyAll();
    }

    @Override
    public synchronized void connectionClosed() {
        closed++;
        notifyAll();
    }

    @Override
    public synchronized void bytesReceived(long bytes) {
        received += bytes;
        notifyAll();
    }

    @Override
    public synchronized void bytesSent(long bytes) {
        sent += bytes;
        notifyAll();
    }

    @Override
    public synchronized void callStarted(int program, int version, int procedure) {
        started++;
        notifyAll();
    }

    @Override
    public synchronized void callEnded(int program, int version, int procedure, long nanos) {
        ended++;
        notifyAll();
    }

    @Override
    public synchronized void refused(Refusal reason) {
        refusals.merge(reason, 1, Integer::sum);
        notifyAll();
    }

    @Override
    public synchronized void readingPaused() {
        pauses++;
        notifyAll();
    }

    @Override
    public synchronized void callsHeldBack() {
        heldBack++;
        notifyAll();
    }

    synchronized int heldBack() {
        return heldBack;
    }

    synchronized int refusals(Refusal reason) {
        return refusals.getOrDefault(reason, 0);
    }

    synchronized int opened() {
        return opened;
    }

    synchronized int closed() {
        return closed;
    }

    synchronized int callsStarted() {
        return started;
    }

    synchronized int callsEnded() {
        return ended;
    }

    synchronized int pauses() {
        return pauses;
    }

    synchronized long received() {
        return received;
    }

    synchronized long sent() {
        return sent;
    }

    /** Waits until {@code condition}, which may ask this object, holds. */
    synchronized void await(String what, BooleanSupplier condition) throws InterruptedException, TimeoutException {
        long end = System.nanoTime() + GIVE_UP_NANOS;
        while (!condition.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new TimeoutException("never happened: " + what);
            }
            wait(Math.min(left, 100));
        }
    }

    void awaitRefusals(Refusal reason, int count) throws InterruptedException, TimeoutException {
        await(count + " times " + reason, () -> refusals(reason) >= count);
    }
}
