package org.cairnfs.core.volume;

import java.time.Duration;
import java.util.Optional;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.row.TreeLockRow;
import org.cairnfs.core.namespace.Trash;
import org.cairnfs.core.quota.QuotaSetting;
import org.cairnfs.core.treelock.TreeLocking;
import org.cairnfs.core.treelock.TreeLocks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clears away tree locks whose date has passed, which hold nothing from that moment on, whenever this comes by; notes since when soft
 * quotas are exceeded; and frees what was in the trash long enough. One thread of its own.
 */
final class TreeUpkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TreeUpkeep.class);
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final TreeLocking locking;
    private final QuotaSetting quotas;
    private final Trash trash;
    private final PacedThread thread = new PacedThread("cairn-trees", Duration.ofMinutes(1), this::round);

    TreeUpkeep(TreeLocking locking, QuotaSetting quotas, Trash trash) {
        this.locking = locking;
        this.quotas = quotas;
        this.trash = trash;
    }

    void start() {
        thread.start();
    }

    private Optional<Duration> round() {
        try {
            for (TreeLockRow ended : locking.keep()) {
                LOG.info("tree lock {}: its date has passed, and it is cleared away", TreeLocks.describe(ended));
            }
            quotas.keep();
            long freed = trash.expire();
            if (freed > 0) {
                LOG.info("{} inodes have been in the trash long enough, and are freed", freed);
            }
        } catch (FsException e) {
            LOG.warn("tree locks, quotas and the trash are looked at again in {}: {}", PAUSE, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error(
                    "the metadata store has failed; tree locks, quotas and the trash are looked at after the next"
                            + " start",
                    e);
            return Optional.empty();
        }
        return Optional.of(PAUSE);
    }

    @Override
    public void close() {
        thread.close();
    }
}
