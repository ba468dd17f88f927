package org.cairnfs.server.nfs.watch;

import java.util.ArrayList;
import java.util.List;

/** Notes what it hears; details once they are wanted. Thread-safe. */
public final class RecordedOperations implements OperationWatch {
    private final List<String> ended = new ArrayList<>();
    private final List<String> details = new ArrayList<>();
    private boolean wanted;

    /** From now on. */
    public synchronized void wantDetails() {
        wanted = true;
        ended.clear();
    }

    /** Names, with a mark for those that failed. */
    public synchronized List<String> ended() {
        return List.copyOf(ended);
    }

    /** Version, name, inode, arguments and status. */
    public synchronized List<String> details() {
        return List.copyOf(details);
    }

    @Override
    public synchronized void ended(String operation, boolean failed, long nanos) {
        if (nanos < 0) {
            throw new AssertionError("took " + nanos);
        }
        ended.add(operation + (failed ? "!" : ""));
    }

    @Override
    public synchronized boolean wantsDetails() {
        return wanted;
    }

    @Override
    public synchronized void detailed(Detail detail) {
        details.add(String.join(
                " ",
                detail.version(),
                detail.operation(),
                detail.at().map(handle -> String.valueOf(handle.inode())).orElse("-"),
                String.valueOf(detail.asked()),
                detail.result()));
    }
}
