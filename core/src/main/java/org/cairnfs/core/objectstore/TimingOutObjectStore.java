package org.cairnfs.core.objectstore;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;

/**
 * Ends calls that take for ever, though something may still trickle: each has a time that grows with its bytes; then its
 * thread is interrupted, and the call fails in passing. For stores whose calls may be interrupted, which files are not.
 * Thread-safe.
 */
public final class TimingOutObjectStore extends ForwardingObjectStore {
    private final Duration base;
    private final long slowestRate;
    private final Alarm alarm;

    /** Does something later, unless it is called off. */
    @FunctionalInterface
    interface Alarm {
        /** Does it after so long; running what is given calls it off. */
        Runnable after(Duration time, Runnable action);
    }

    /**
     * Bounds the calls of a store.
     *
     * @param base what every call may take
     * @param slowestRate in bytes per second, which bodies may move at besides
     */
    public TimingOutObjectStore(ObjectStore delegate, Duration base, long slowestRate) {
        this(delegate, base, slowestRate, new Timer());
    }

    TimingOutObjectStore(ObjectStore delegate, Duration base, long slowestRate, Alarm alarm) {
        super(delegate);
        this.base = base;
        this.slowestRate = slowestRate;
        this.alarm = alarm;
    }

    @Override
    public void put(String key, ByteBuffer... body) throws ObjectStoreException {
        bounded("put " + key, length(body), () -> {
            super.put(key, body);
            return key;
        });
    }

    @Override
    public boolean putIfAbsent(String key, ByteBuffer... body) throws ObjectStoreException {
        return bounded("put " + key, length(body), () -> super.putIfAbsent(key, body));
    }

    @Override
    public byte[] get(String key, long offset, int length) throws ObjectStoreException {
        return bounded("get " + key, length, () -> super.get(key, offset, length));
    }

    @Override
    public byte[] get(String key, int maxLength) throws ObjectStoreException {
        return bounded("get " + key, maxLength, () -> super.get(key, maxLength));
    }

    @Override
    public Optional<ObjectInfo> head(String key) throws ObjectStoreException {
        return bounded("head " + key, 0, () -> super.head(key));
    }

    @Override
    public List<ObjectInfo> list(String prefix, String after, int limit) throws ObjectStoreException {
        return bounded("list " + prefix, 0, () -> super.list(prefix, after, limit));
    }

    @Override
    public void delete(String key) throws ObjectStoreException {
        bounded("delete " + key, 0, () -> {
            super.delete(key);
            return key;
        });
    }

    @Override
    public void close() {
        super.close();
        if (alarm instanceof Timer timer) {
            timer.close();
        }
    }

    @FunctionalInterface
    private interface Call<T> {
        T run() throws ObjectStoreException;
    }

    private <T> T bounded(String what, long bytes, Call<T> call) throws ObjectStoreException {
        Duration time = base.plusMillis(bytes * 1000 / slowestRate);
        Watch watch = new Watch(Thread.currentThread());
        Runnable callOff = alarm.after(time, watch::ring);
        try {
            return call.run();
        } catch (ObjectStoreException e) {
            if (watch.hasRung()) {
                throw new ObjectStoreException(
                        Kind.TRANSIENT, what + " in " + describe() + " took longer than " + time.toSeconds() + " s", e);
            }
            throw e;
        } finally {
            callOff.run();
            watch.end();
        }
    }

    private static long length(ByteBuffer[] body) {
        long length = 0;
        for (ByteBuffer part : body) {
            length += part.remaining();
        }
        return length;
    }

    /** Interrupts a thread while it is in a call, never after. This monitor guards both flags. */
    private static final class Watch {
        private final Thread thread;
        private boolean rung;
        private boolean ended;

        Watch(Thread thread) {
            this.thread = thread;
        }

        synchronized void ring() {
            if (!ended) {
                rung = true;
                thread.interrupt();
            }
        }

        synchronized boolean hasRung() {
            return rung;
        }

        /** Takes our own interrupt back, which is not for the caller. */
        synchronized void end() {
            ended = true;
            if (rung && Thread.interrupted()) {
                rung = false;
            }
        }
    }

    /** Alarms in real time, by one daemon thread. */
    private static final class Timer implements Alarm {
        private final ScheduledThreadPoolExecutor thread;

        Timer() {
            thread = new ScheduledThreadPoolExecutor(1, task -> {
                Thread made = new Thread(task, "cairn-store-timer");
                made.setDaemon(true);
                return made;
            });
            thread.setRemoveOnCancelPolicy(true);
        }

        @Override
        public Runnable after(Duration time, Runnable action) {
            ScheduledFuture<?> alarm = thread.schedule(action, time.toMillis(), TimeUnit.MILLISECONDS);
            return () -> alarm.cancel(false);
        }

        void close() {
            thread.shutdownNow();
        }
    }
}
