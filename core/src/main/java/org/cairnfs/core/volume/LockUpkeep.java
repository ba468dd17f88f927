package org.cairnfs.core.volume;

import java.time.Duration;
import java.util.Optional;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.row.TreeLockRow;
import org.cairnfs.core.treelock.TreeLocking;
import org.cairnfs.core.treelock.TreeLocks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Clears away tree locks whose date has passed; they hold nothing from that moment on, whenever this comes by. One thread of its own. */
final class LockUpkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LockUpkeep.class);
    private static final Duration PAUSE = Duration.ofMinutes(10);

    private final TreeLocking locking;
    private final PacedThread thread = new PacedThread("cairn-locks", Duration.ofMinutes(1), this::round);

    LockUpkeep(TreeLocking locking) {
        this.locking = locking;
    }

    void start() {
        thread.start();
    }

    private Optional<Duration> round() {
        try {
            for (TreeLockRow ended : locking.keep()) {
                LOG.info("tree lock {}: its date has passed, and it is cleared away", TreeLocks.describe(ended));
            }
        } catch (FsException e) {
            LOG.warn("tree locks are looked at again in {}: {}", PAUSE, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("the metadata store has failed; tree locks are looked at after the next start", e);
            return Optional.empty();
        }
        return Optional.of(PAUSE);
    }

    @Override
    public void close() {
        thread.close();
    }
}
