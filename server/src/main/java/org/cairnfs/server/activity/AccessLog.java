package org.cairnfs.server.activity;

import com.google.common.net.InetAddresses;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.server.nfs.rpc.RpcCredential;
import org.cairnfs.server.nfs.watch.OperationWatch.Detail;

/**
 * Each single operation, for those who read it now; nobody else, and nothing is kept. Each reader has a queue of its own; what does not fit is
 * dropped and counted, so no client ever waits for a reader. Where nobody reads, an operation costs a look at a map that is empty.
 *
 * <p>A reader that has not asked for {@value #PATIENCE_SECONDS} s is gone. Safe for any number of threads, but one reader is for one.
 */
public final class AccessLog {
    static final int QUEUE = 8_192;
    static final int READERS = 8;
    static final int PATIENCE_SECONDS = 30;
    private static final int MAX_TEXT = 500;

    private final Function<FileHandle, Optional<String>> paths;
    private final LongSupplier ticker;
    private final ConcurrentMap<Long, Reader> readers = new ConcurrentHashMap<>();
    private final AtomicLong lastReader = new AtomicLong();

    /**
     * An operation.
     *
     * @param atMillis when it ended, milliseconds since 1970
     * @param client the address that it came from; of a mount, the process
     * @param user number of AUTH_SYS, or name of Kerberos; "-" for nobody
     * @param version of NFS, or fuse
     * @param path one that leads to what it was about by now; its handle's inode in brackets if none does; empty if it was about none
     * @param asked its arguments
     * @param result its status
     * @param nanos how long it took
     */
    public record Line(
            long atMillis,
            String client,
            String user,
            String version,
            String operation,
            String path,
            String asked,
            String result,
            long nanos) {}

    /**
     * What there was since the last time.
     *
     * @param reader to be given next time
     * @param dropped how many lines are missing before the first of these
     */
    public record Batch(long reader, List<Line> lines, long dropped) {}

    /** One queued operation, without its path, which is looked for by who reads. */
    private record Entry(Line line, Optional<FileHandle> at) {}

    private final class Reader {
        private final BlockingQueue<Entry> queue = new ArrayBlockingQueue<>(QUEUE);
        private final AtomicLong dropped = new AtomicLong();
        private volatile long asked = ticker.getAsLong();

        boolean isGone() {
            return ticker.getAsLong() - asked > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        }
    }

    /**
     * A log that nobody reads yet.
     *
     * @param paths finds a path for a handle, for the threads of readers
     * @param ticker nanoseconds since some moment
     */
    public AccessLog(Function<FileHandle, Optional<String>> paths, LongSupplier ticker) {
        this.paths = paths;
        this.ticker = ticker;
    }

    /** Whether anybody reads. */
    boolean isRead() {
        return !readers.isEmpty();
    }

    void add(Detail detail) {
        add(line(detail), detail.at());
    }

    /** @param line without its path; what comes from clients in it may be as it came */
    void add(Line line, Optional<FileHandle> at) {
        Entry entry = new Entry(line, at);
        readers.forEach((number, reader) -> {
            if (reader.isGone()) {
                readers.remove(number);
            } else if (!reader.queue.offer(entry)) {
                reader.dropped.incrementAndGet();
            }
        });
    }

    private static Line line(Detail detail) {
        return new Line(
                System.currentTimeMillis(),
                InetAddresses.toAddrString(
                        detail.call().connection().remoteAddress().getAddress()),
                user(detail.call().credential()),
                detail.version(),
                detail.operation(),
                "",
                bounded(detail.asked() == null ? "" : detail.asked().toString()),
                detail.result(),
                detail.nanos());
    }

    private static String user(RpcCredential credential) {
        if (credential instanceof RpcCredential.AuthSys sys) {
            return Integer.toUnsignedString(sys.ids().uid());
        }
        return credential instanceof RpcCredential.Gss gss ? printable(gss.principal()) : "-";
    }

    /** Names come from clients: nothing of them may move the cursor of a terminal, or begin another line. */
    private static String printable(String text) {
        return bounded(text).replaceAll("\\p{C}", "?");
    }

    private static String bounded(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "...";
    }

    /**
     * Takes what there is for a reader, and waits for it if there is nothing.
     *
     * @param number as the last batch said; 0 for a new reader, whose first batch is empty
     * @return empty if there is no such reader any more, or there are too many
     */
    public Optional<Batch> read(long number, int most, long waitMillis) throws InterruptedException {
        if (number == 0) {
            return begin();
        }
        Reader reader = readers.get(number);
        if (reader == null) {
            return Optional.empty();
        }
        reader.asked = ticker.getAsLong();
        List<Entry> entries = new ArrayList<>();
        Entry first = reader.queue.poll(waitMillis, TimeUnit.MILLISECONDS);
        if (first != null) {
            entries.add(first);
            reader.queue.drainTo(entries, most - 1);
        }
        return Optional.of(
                new Batch(number, entries.stream().map(this::withPath).toList(), reader.dropped.getAndSet(0)));
    }

    private Optional<Batch> begin() {
        readers.values().removeIf(Reader::isGone);
        if (readers.size() >= READERS) {
            return Optional.empty();
        }
        long number = lastReader.incrementAndGet();
        readers.put(number, new Reader());
        return Optional.of(new Batch(number, List.of(), 0));
    }

    private Line withPath(Entry entry) {
        Line line = entry.line();
        String path = entry.at()
                .map(handle -> paths.apply(handle).map(AccessLog::printable).orElse("[" + handle.inode() + "]"))
                .orElse("");
        return new Line(
                line.atMillis(),
                line.client(),
                line.user(),
                line.version(),
                line.operation(),
                path,
                printable(Arguments.readable(bounded(line.asked()))),
                line.result(),
                line.nanos());
    }
}
