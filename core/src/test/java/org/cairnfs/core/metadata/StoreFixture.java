package org.cairnfs.core.metadata;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.metadata.h2.DatabaseOptions;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.InodeRowBuilder;
import org.cairnfs.core.record.ContentOp;
import org.cairnfs.core.testkit.MemoryJournal;

/** A store over a journal in memory, opened and reopened by a test; and the simplest of namespaces on it. */
final class StoreFixture {
    static final long ROOT = 1;

    private final Path directory;
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final AtomicLong oldestUnflushed = new AtomicLong(Long.MAX_VALUE);
    private final List<Heard> heard = new ArrayList<>();
    private MemoryJournal journal = new MemoryJournal();
    private CheckpointSource checkpoints = CheckpointSource.NONE;
    private long incarnation;
    private int sweepMillis = 50;

    /** A content operation that the store replayed. */
    record Heard(long sequence, ContentOp op) {}

    StoreFixture(Path directory) {
        this.directory = directory;
    }

    Path directory() {
        return directory;
    }

    MemoryJournal journal() {
        return journal;
    }

    StoreFixture journal(MemoryJournal other) {
        journal = other;
        return this;
    }

    StoreFixture checkpoints(CheckpointSource other) {
        checkpoints = other;
        return this;
    }

    /** How long lazy rows stay in memory. */
    StoreFixture sweepMillis(int millis) {
        sweepMillis = millis;
        return this;
    }

    AtomicLong oldestUnflushed() {
        return oldestUnflushed;
    }

    List<Throwable> failures() {
        return failures;
    }

    /** What the last opening replayed of contents. */
    List<Heard> heard() {
        return heard;
    }

    MetadataOptions options() {
        return new MetadataOptions(
                Math.max(1, incarnation),
                () -> 1_000_000_000L * incarnation,
                oldestUnflushed::get,
                1 << 20,
                64,
                1 << 20,
                sweepMillis,
                4_096,
                10,
                failures::add,
                new DatabaseOptions(4 << 20, 20, 70, 0, Optional.empty()));
    }

    H2MetadataStore open() throws Exception {
        incarnation++;
        heard.clear();
        return H2MetadataStore.open(
                directory,
                journal,
                options(),
                checkpoints,
                (sequence, epoch, op, payload) -> heard.add(new Heard(sequence, op)));
    }

    /** Makes the root directory, as inode 1. */
    static void makeRoot(MetadataStore store) throws FsException {
        store.mutate(transaction -> {
            long inode = transaction.newInode();
            transaction.put(new InodeRowBuilder(inode, transaction.incarnation(), FileType.DIRECTORY)
                    .nlink(2)
                    .mode(0755)
                    .parent(inode)
                    .nextCookie(3)
                    .change(transaction.nextChange())
                    .build());
            return inode;
        });
    }

    /** Makes a file in the root directory. */
    static long create(MetadataStore store, String name) throws FsException {
        return store.mutate(creation(name)).value();
    }

    static Mutation<Long> creation(String name) throws FsException {
        Name entry = Name.of(name);
        return transaction -> {
            InodeRow root = transaction.peek(ROOT).orElseThrow();
            if (transaction.dirent(ROOT, entry).isPresent()) {
                throw new FsException(org.cairnfs.core.fs.Errno.EEXIST, name);
            }
            long inode = transaction.newInode();
            transaction.put(new InodeRowBuilder(inode, transaction.incarnation(), FileType.REGULAR)
                    .nlink(1)
                    .mode(0644)
                    .btime(transaction.now())
                    .mtime(transaction.now())
                    .ctime(transaction.now())
                    .content(transaction.newContent())
                    .change(transaction.nextChange())
                    .build());
            transaction.put(new DirentRow(ROOT, entry, inode, root.nextCookie(), 0));
            transaction.put(root.edit()
                    .nextCookie(root.nextCookie() + 1)
                    .entries(root.entries() + 1)
                    .change(transaction.nextChange())
                    .build());
            return inode;
        };
    }

    /** Removes a file from the root directory. */
    static void remove(MetadataStore store, String name) throws FsException {
        Name entry = Name.of(name);
        store.mutate(transaction -> {
            InodeRow root = transaction.peek(ROOT).orElseThrow();
            DirentRow dirent = transaction.dirent(ROOT, entry).orElseThrow();
            transaction.delete(dirent.key());
            transaction.delete(transaction.inode(dirent.inode()).orElseThrow().key());
            transaction.put(root.edit()
                    .entries(root.entries() - 1)
                    .change(transaction.nextChange())
                    .build());
            return null;
        });
    }

    /** Writes bytes as a lazy change: size and change of the inode, and a content operation. */
    static Journal.Appended write(MetadataStore store, long inode, long offset, int length) throws FsException {
        return store.update(
                inode,
                (row, appender) -> appender.append(
                        row.edit()
                                .size(Math.max(row.size(), offset + length))
                                .change(store.nextChange())
                                .build(),
                        List.of(new ContentOp.Write(inode, row.content(), offset, length)),
                        ByteBuffer.allocate(length)));
    }

    static Optional<InodeRow> file(MetadataStore store, String name) throws FsException {
        return store.view()
                .dirent(ROOT, Name.of(name))
                .flatMap(d -> store.view().inode(d.inode()));
    }
}
