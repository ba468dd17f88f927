package org.cairnfs.server.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.Session41;

/**
 * A client that changes a directory of {@link NumberedFiles} in steps, each of which makes a file {@code new-STEP}, removes an older one of those,
 * removes a file whose number ends in 0, and renames one whose number ends in 1 to {@code moved-NUMBER}. No name is ever used
 * twice, and none of the other eight of ten files is touched.
 *
 * <p>Its steps are made by a thread of its own between {@link #start} and {@link #stop}; all else is for one thread, in between.
 */
final class ChangingNames implements AutoCloseable {
    static final String NEW = "new-";
    static final String MOVED = "moved-";

    /** How many new files there are at a time. */
    private static final int ALIVE = 20;

    /** Prime, so that the files are taken from all over the directory and each one once. */
    private static final long STRIDE = 7919;

    private static final int SECONDS = 60;

    private final Session41 session;
    private final NumberedFiles files;
    private final int most;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private Future<Integer> running;
    private volatile boolean stopping;
    private int steps;

    /** @param count how many files there are: a multiple of ten that the stride does not divide */
    ChangingNames(Session41 session, NumberedFiles files, int count) {
        this.session = session;
        this.files = files;
        this.most = count / 10;
    }

    /** The steps that were made. */
    int steps() {
        return steps;
    }

    /** The number of the file that a step removes; the next number is renamed by it. */
    int removedBy(int step) {
        return (int) (step * STRIDE % most) * 10;
    }

    /** Begins, and returns after the first step. */
    void start() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        stopping = false;
        int from = steps;
        running = thread.submit(() -> run(from, begun));
        if (!begun.await(SECONDS, TimeUnit.SECONDS)) {
            stop();
        }
    }

    /** Ends after the step that is being made. */
    void stop() throws Exception {
        stopping = true;
        steps = running.get(SECONDS, TimeUnit.SECONDS);
    }

    private int run(int from, CountDownLatch begun) throws Exception {
        int step = from;
        while (!stopping && step < most) {
            step(step);
            step++;
            begun.countDown();
        }
        return step;
    }

    private void step(int step) throws Exception {
        int number = removedBy(step);
        List<Op> operations = new ArrayList<>(List.of(Ops.putFh(files.directory())));
        operations.addAll(NumberedFiles.making(NEW + step));
        operations.addAll(List.of(
                Ops.putFh(files.directory()),
                Ops.remove(NumberedFiles.name(number)),
                Ops.saveFh(),
                Ops.rename(NumberedFiles.name(number + 1), MOVED + (number + 1))));
        if (step >= ALIVE) {
            operations.add(Ops.remove(NEW + (step - ALIVE)));
        }
        session.expect(NfsStatus.OK, operations.toArray(new Op[0]));
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
