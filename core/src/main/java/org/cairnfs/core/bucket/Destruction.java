package org.cairnfs.core.bucket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;

/**
 * Deletes a file system from its bucket, and nothing else that lies there.
 *
 * <p>First the roots and the log, so that nobody takes what is left for a file system; last {@code format} and {@code keys}, so that a
 * destruction that was broken off is gone on with by another, which finds the lease its own. Used once, by one thread.
 */
public final class Destruction {
    private static final int AT_ONCE = 8;
    private static final int BATCH = 1_000;

    private final Bucket bucket;
    private final Listener listener;
    private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, task -> {
        Thread thread = new Thread(task, "cairn-destroy");
        thread.setDaemon(true);
        return thread;
    });
    private long deleted;

    private Destruction(Bucket bucket, Listener listener) {
        this.bucket = bucket;
        this.listener = listener;
    }

    /** Hears how far it is. */
    @FunctionalInterface
    public interface Listener {
        void deleted(long objects);
    }

    /**
     * Does it.
     *
     * @param takeOver whether the server that holds the bucket is known to be dead
     * @return how many objects were deleted
     * @throws BucketException of kind HELD if a server has the bucket
     */
    public static long run(Bucket bucket, boolean takeOver, Clock clock, Listener listener) throws IOException {
        Destruction destruction = new Destruction(bucket, listener);
        try {
            Lease lease = Lease.take(bucket, holder(bucket), takeOver, clock);
            destruction.run(lease);
            return destruction.deleted;
        } finally {
            destruction.threads.shutdownNow();
        }
    }

    /** The same each time, so that what was broken off is not in the way of the next. */
    private static Lease.Holder holder(Bucket bucket) {
        String name = "destruction of " + bucket.format().fileSystem();
        return new Lease.Holder(
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)),
                hostName(),
                ProcessHandle.current().pid());
    }

    private void run(Lease lease) throws IOException {
        try {
            for (String prefix : List.of(BucketLayout.ROOTS, BucketLayout.LOGS, BucketLayout.PACKS)) {
                deleteAll(prefix, lease);
            }
            for (String key : List.of(BucketLayout.LEASE, BucketLayout.FORMAT, BucketLayout.KEYS)) {
                delete(List.of(key));
            }
        } catch (IOException e) {
            if (deleted == 0) {
                giveBack(lease, e);
            }
            throw e;
        }
    }

    /** It is as it was, so it can be served. */
    private static void giveBack(Lease lease, IOException failure) {
        try {
            lease.release();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private void deleteAll(String prefix, Lease lease) throws IOException {
        ObjectStore store = bucket.store();
        List<String> batch;
        do {
            batch = new ArrayList<>();
            for (var object : store.list(prefix, "", BATCH)) {
                batch.add(object.key());
            }
            lease.check();
            delete(batch);
        } while (!batch.isEmpty());
    }

    private void delete(List<String> keys) throws IOException {
        List<Callable<Void>> tasks = new ArrayList<>();
        for (String key : keys) {
            tasks.add(() -> {
                bucket.store().delete(key);
                return null;
            });
        }
        try {
            for (Future<Void> task : threads.invokeAll(tasks)) {
                task.get();
                listener.deleted(++deleted);
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ObjectStoreException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ObjectStoreException(
                    ObjectStoreException.Kind.TRANSIENT, "interrupted while objects were deleted", e);
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
