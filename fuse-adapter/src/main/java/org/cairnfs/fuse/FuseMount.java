package org.cairnfs.fuse;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.fuse.MountException.Reason;
import org.cairnfs.fuse.call.MountCalls;
import org.cairnfs.fuse.call.RequestWatch;
import org.cairnfs.fuse.call.Shared;
import org.cairnfs.fuse.lowlevel.LibFuse;
import org.cairnfs.fuse.lowlevel.Session;
import org.cairnfs.fuse.lowlevel.SessionSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link FileSystem} mounted on a directory of this machine, by FUSE.
 *
 * <p>Native code is loaded when a mount is started, and not before. The mount ends by {@link #unmount}, or because somebody unmounts the directory: either
 * way {@link #ended} is completed. Whoever owns the file system unmounts before closing it.
 *
 * <p>Once a {@link MountOptions#attributeTimeout} the open files are looked at for changes that did not come through the mount; of these the kernel drops
 * its pages.
 *
 * <p>Safe for any number of threads.
 */
public final class FuseMount {
    private static final Logger LOG = LoggerFactory.getLogger(FuseMount.class);
    private static final Duration END_GRACE = Duration.ofSeconds(5);
    private static final long SHORTEST_LOOK_MILLIS = 100;

    private final MountOptions options;
    private final MountCalls calls;
    private final Session session;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final ScheduledExecutorService looker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "cairn-fuse-look");
        thread.setDaemon(true);
        return thread;
    });

    private Future<?> looks = CompletableFuture.completedFuture(null);

    private FuseMount(MountOptions options, MountCalls calls, Session session) {
        this.options = options;
        this.calls = calls;
        this.session = session;
    }

    /**
     * Mounts; when this returns, programs find the file system in the directory.
     *
     * @param watch told of each request
     * @param onFatalError told, on a thread of the mount, that the process may not be sound any more; must not wait for the mount to end
     */
    public static FuseMount start(
            Shared shared, MountOptions options, RequestWatch watch, Consumer<Throwable> onFatalError)
            throws MountException, InterruptedException {
        LibFuse library = Prerequisites.check(options);
        Session[] session = new Session[1];
        SessionSettings settings = new SessionSettings(
                seconds(options.attributeTimeout()), seconds(options.entryTimeout()), options.threads());
        session[0] = new Session(library, settings);
        MountCalls calls = new MountCalls(shared, session[0], session[0]);
        if (!session[0].start(options.directory(), options.text(), calls, watch, onFatalError)) {
            calls.close();
            throw new MountException(
                    Reason.REFUSED, "mounting on " + options.directory() + " was refused; standard error says why");
        }
        FuseMount mount = new FuseMount(options, calls, session[0]);
        mount.begin();
        return mount;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / (double) TimeUnit.SECONDS.toNanos(1);
    }

    private void begin() {
        Thread watcher = new Thread(this::watch, "cairn-fuse-watch");
        watcher.setDaemon(true);
        watcher.start();
        long period = Math.max(SHORTEST_LOOK_MILLIS, options.attributeTimeout().toMillis());
        looks = looker.scheduleWithFixedDelay(this::look, period, period, TimeUnit.MILLISECONDS);
        LOG.info("mounted on {}", options.directory());
    }

    private void look() {
        try {
            calls.outdated().forEach(session::invalidate);
        } catch (RuntimeException e) {
            LOG.error("Open files were not looked at for changes by others; tried again", e);
        }
    }

    private void watch() {
        try {
            session.awaitEnd();
            finish();
            LOG.info("no longer mounted on {}", options.directory());
        } catch (InterruptedException e) {
            LOG.debug("no longer watching {}", options.directory());
        }
    }

    /** Once, when the kernel has nothing more to ask, or must not get an answer any more. */
    private synchronized void finish() {
        if (!ended.isDone()) {
            looks.cancel(false);
            looker.shutdownNow();
            calls.close();
            session.close();
            ended.complete(null);
        }
    }

    public Path directory() {
        return options.directory();
    }

    /** How it is mounted, as {@code -o} of mount(8) would say it. */
    public String options() {
        return options.text();
    }

    /** Files and directories that programs have open through it. */
    public int openFiles() {
        return calls.openFiles();
    }

    /** Completed when the mount is gone, by whomever. */
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    /**
     * Unmounts, and returns when no call is under way any more.
     *
     * @throws MountException BUSY while programs use it, and then it stays mounted
     */
    public void unmount() throws MountException, InterruptedException {
        if (!ended.isDone()) {
            Unmounting.unmount(options.directory(), false);
            awaitEnd();
        }
    }

    /** Unmounts, whoever uses it: programs that still have files open get errors from now on. Waits some seconds for calls that are under way. */
    public void abandon() throws InterruptedException {
        if (ended.isDone()) {
            return;
        }
        try {
            Unmounting.unmount(options.directory(), false);
        } catch (MountException e) {
            LOG.warn("{}: it is taken away from them", e.getMessage());
            try {
                Unmounting.unmount(options.directory(), true);
            } catch (MountException again) {
                LOG.warn(
                        "{}; when this process has ended, do: fusermount -u {}",
                        again.getMessage(),
                        options.directory());
            }
        }
        awaitEnd();
    }

    private void awaitEnd() throws InterruptedException {
        session.awaitEnd(END_GRACE);
        finish();
    }
}
