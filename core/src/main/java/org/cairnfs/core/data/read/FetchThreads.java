package org.cairnfs.core.data.read;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads that fetch what is read soon; they end when idle. */
public final class FetchThreads {
    /** Each may hold a run of 4 MiB, and its contents. */
    private static final int THREADS = 8;

    private static final long IDLE_SECONDS = 30;

    private FetchThreads() {}

    /** Some of them; the caller shuts them down. */
    public static ExecutorService start() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "cairn-fetch");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
