package org.cairnfs.fuse.lowlevel;

import com.kenai.jffi.MemoryIO;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.cairnfs.fuse.call.Blocking;
import org.cairnfs.fuse.call.KernelPages;
import org.cairnfs.fuse.call.MountCalls;
import org.cairnfs.fuse.call.RequestWatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection with the kernel, and the threads that serve it. They are threads of this process that read from the connection themselves: their number is
 * bounded, and libfuse makes none.
 *
 * <p>A thread that waits for long says so ({@link Blocking}), and while it does another one serves in its place, up to {@value #MOST_THREADS} in all.
 *
 * <p>Threading: {@code serving} counts threads that are not waiting. The session ends when the kernel says that the mount is gone; then every
 * thread ends by itself, and the last one lets {@link #awaitEnd} return.
 */
public final class Session implements Blocking, KernelPages {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final int MOST_THREADS = 128;
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;

    private final LibFuse library;
    private final SessionSettings settings;
    private final MemoryIO memory = MemoryIO.getInstance();
    private final Layout layout = new Layout();
    private final OperationTable table = new OperationTable();
    private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(this::newScratch);
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final AtomicInteger serving = new AtomicInteger();
    private final AtomicInteger named = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);
    private byte[] mountPoint;
    private long channel;
    private long session;
    private int requestBytes;
    private volatile boolean closed;

    public Session(LibFuse library, SessionSettings settings) {
        this.library = library;
        this.settings = settings;
    }

    /**
     * Mounts, and begins to serve.
     *
     * @param directory to mount on
     * @param options of the mount, as {@code -o} takes them
     * @param watch told of each request
     * @param onFatalError told of an error after which the process may not be sound
     * @return false if the kernel or fusermount refused; they have said why on standard error
     */
    public boolean start(
            Path directory, String options, MountCalls calls, RequestWatch watch, Consumer<Throwable> onFatalError) {
        new Callbacks(library, calls, settings, scratch::get, watch, onFatalError).putInto(table);
        mountPoint = terminated(directory.toString());
        channel = library.fuse_mount(mountPoint, arguments(List.of("cairn", "-o", options)));
        if (channel == 0) {
            return false;
        }
        session = library.fuse_lowlevel_new(
                arguments(List.of("cairn", "-o", "big_writes")), table.write(), OperationTable.BYTES, 0);
        if (session == 0) {
            library.fuse_unmount(mountPoint, channel);
            return false;
        }
        library.fuse_session_add_chan(session, channel);
        requestBytes = (int) library.fuse_chan_bufsize(channel);
        for (int i = 0; i < settings.threads(); i++) {
            addThread();
        }
        return true;
    }

    /** struct fuse_args; small, and kept for the life of the process, as libfuse may refer to it. */
    private long arguments(List<String> words) {
        long vector = memory.allocateMemory((words.size() + 1L) * Long.BYTES, true);
        for (int i = 0; i < words.size(); i++) {
            byte[] word = terminated(words.get(i));
            long copy = memory.allocateMemory(word.length, true);
            memory.putByteArray(copy, word, 0, word.length);
            memory.putLong(vector + (long) i * Long.BYTES, copy);
        }
        long arguments = memory.allocateMemory(3L * Long.BYTES, true);
        memory.putInt(arguments, words.size());
        memory.putLong(arguments + Long.BYTES, vector);
        return arguments;
    }

    private static byte[] terminated(String text) {
        return (text + '\0').getBytes(StandardCharsets.UTF_8);
    }

    private Scratch newScratch() {
        return new Scratch(requestBytes);
    }

    private void addThread() {
        Thread thread = new Thread(this::serve, "cairn-fuse-" + named.incrementAndGet());
        thread.setDaemon(true);
        serving.incrementAndGet();
        threads.add(thread);
        thread.start();
    }

    private void serve() {
        long channelPointer = memory.allocateMemory(Long.BYTES, true);
        boolean left = false;
        try {
            Scratch own = scratch.get();
            while (!left) {
                memory.putLong(channelPointer, channel);
                int length = library.fuse_chan_recv(channelPointer, own.input(), own.inputBytes());
                if (length > 0) {
                    library.fuse_session_process(session, own.input(), length, memory.getLong(channelPointer));
                } else if (length != -EINTR && length != -EAGAIN) {
                    break;
                }
                left = isSuperfluous();
            }
        } finally {
            memory.freeMemory(channelPointer);
            if (!left) {
                serving.decrementAndGet();
            }
            threads.remove(Thread.currentThread());
            if (library.fuse_session_exited(session) != 0 && threads.isEmpty()) {
                ended.countDown();
            }
        }
    }

    /** Whether more threads serve than are wanted, as one that waited goes on: then the one that asks ends, and counts no more. */
    private boolean isSuperfluous() {
        int now = serving.get();
        return now > settings.threads() && serving.compareAndSet(now, now - 1);
    }

    @Override
    public void begin() {
        serving.decrementAndGet();
        if (!closed && serving.get() < settings.threads() && threads.size() < MOST_THREADS) {
            addThread();
        }
    }

    @Override
    public void end() {
        serving.incrementAndGet();
    }

    /** Has the kernel drop what it has of the contents of an inode, and its attributes. */
    public void invalidate(long inode) {
        int result = library.fuse_lowlevel_notify_inval_inode(channel, inode, 0, 0);
        LOG.debug("the kernel drops its pages of inode {}: {}", inode, result);
    }

    @Override
    public boolean store(long inode, byte[] contents) {
        Scratch own = scratch.get();
        if (contents.length > own.outputBytes()) {
            return false;
        }
        own.output().put(contents);
        layout.putBuffers(own.structure(), own.outputAddress(), contents.length);
        int result = library.fuse_lowlevel_notify_store(channel, inode, 0, own.structure(), 0);
        LOG.trace("the kernel is given {} bytes of inode {}: {}", contents.length, inode, result);
        return result == 0;
    }

    /** Whether the mount is gone. */
    public boolean hasEnded() {
        return ended.getCount() == 0;
    }

    /** Waits until the mount is gone; false after the time-out. */
    public boolean awaitEnd(Duration timeout) throws InterruptedException {
        return ended.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits until the mount is gone. */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /**
     * Closes the connection after the mount is gone. Where processes still hold files of a mount that is in no directory any more, the connection ends with
     * this process: till then, threads may be reading from it.
     */
    public void close() {
        closed = true;
        if (hasEnded()) {
            library.fuse_session_destroy(session);
        } else {
            library.fuse_session_exit(session);
        }
    }
}
