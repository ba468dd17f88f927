package org.cairnfs.core.namespace;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.InodeRow;

/**
 * One step of emptying a detached tree, within a mutation: removes entries, those of a directory before it, and keeps the rows of
 * the directories that are left in order, so that the next step, or a check, finds a sound tree. Used once.
 */
final class Emptying {
    private static final int PAGE = 256;

    private final Transaction transaction;
    private final Orphans orphans;
    private final long top;
    private final Optional<FormerPlace> kept;

    /** From the directory that is being emptied up, as far as this step came down to it. */
    private final Deque<Frame> frames = new ArrayDeque<>();

    private long entries;
    private long bytes;

    /** @param kept where the tree was, if the trash is to keep what is in it; else it is freed */
    Emptying(Transaction transaction, Orphans orphans, long top, Optional<FormerPlace> kept) {
        this.transaction = transaction;
        this.orphans = orphans;
        this.top = top;
        this.kept = kept;
    }

    /** A directory of which this step removes entries. */
    private final class Frame {
        private final InodeRow directory;
        private final DirectoryEdit edit;
        private final Deque<DirentRow> page = new ArrayDeque<>();
        private long after;
        private boolean changed;

        Frame(InodeRow directory) {
            this.directory = directory;
            this.edit = new DirectoryEdit(transaction, directory);
        }

        Optional<DirentRow> next() {
            if (page.isEmpty()) {
                page.addAll(transaction.dirents(directory.inode(), after, PAGE));
            }
            DirentRow entry = page.poll();
            if (entry != null) {
                after = entry.cookie();
            }
            return Optional.ofNullable(entry);
        }

        void remove(DirentRow entry, InodeRow child) {
            changed = true;
            edit.remove(entry.name(), child);
            entries++;
            bytes += child.type() == FileType.REGULAR && child.nlink() == 1 ? child.size() : 0;
            if (kept.isPresent()) {
                orphans.loseName(transaction, child, entry);
            } else {
                orphans.loseName(transaction, child);
            }
        }

        void finish() {
            if (changed) {
                edit.finish();
            }
        }
    }

    /** How many entries were removed. */
    long entries() {
        return entries;
    }

    /** What the files held whose last names went. */
    long bytes() {
        return bytes;
    }

    /**
     * Goes on.
     *
     * @param from the directory that was being emptied
     * @param steps entries to be removed, and directories to be entered
     * @return the directory to go on in; empty when the tree is gone
     */
    Optional<Long> run(long from, int steps) throws FsException {
        frames.push(new Frame(directory(from)));
        for (int left = steps; left > 0; left--) {
            Frame frame = frames.element();
            Optional<DirentRow> next = frame.next();
            if (next.isPresent()) {
                InodeRow child = Entries.toChange(transaction, next.get());
                if (child.isDirectory() && child.entries() > 0) {
                    frames.push(new Frame(child));
                } else {
                    frame.remove(next.get(), child);
                }
            } else if (frame.directory.inode() == top) {
                orphans.emptied(transaction, emptied(frame.directory), kept);
                return Optional.empty();
            } else {
                leave(frames.pop().directory);
            }
        }
        long at = frames.element().directory.inode();
        frames.forEach(Frame::finish);
        return Optional.of(at);
    }

    /** Removes a directory that was emptied now from the one above. */
    private void leave(InodeRow directory) throws FsException {
        if (frames.isEmpty()) {
            frames.push(new Frame(directory(directory.parent())));
        }
        DirentRow own = transaction
                .anyName(directory.inode())
                .orElseThrow(() -> new FsException(
                        Errno.EIO, "directory " + directory.inode() + " is in no other, though being removed"));
        frames.element().remove(own, emptied(directory));
    }

    private static InodeRow emptied(InodeRow directory) {
        return directory.edit().entries(0).build();
    }

    private InodeRow directory(long inode) throws FsException {
        return transaction
                .inode(inode)
                .orElseThrow(
                        () -> new FsException(Errno.EIO, "directory " + inode + " is missing, though being removed"));
    }
}
