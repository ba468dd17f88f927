package org.cairnfs.core.metadata;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.metadata.h2.HistoryPlace;
import org.cairnfs.core.metadata.h2.HistoryRow;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.CounterRow;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.SnapshotRow;
import org.cairnfs.core.metadata.row.Table;
import org.cairnfs.core.metadata.row.Versions;
import org.cairnfs.core.metadata.row.XattrRow;

/**
 * One thread's random changes of all kinds to a store that others change too: names come and go, files are written lazily,
 * flushed into extents, snapshotted.
 */
final class RandomWork {
    private static final int NAMES = 40;

    private final MetadataStore store;
    private final Random random;

    RandomWork(MetadataStore store, long seed) {
        this.store = store;
        this.random = new Random(seed);
    }

    /** Does so many things; some are refused, as others were faster. */
    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            try {
                step();
            } catch (FsException e) {
                if (e.errno() != Errno.ENOENT && e.errno() != Errno.EEXIST && e.errno() != Errno.ESTALE) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    private void step() throws FsException {
        String name = "f" + random.nextInt(NAMES);
        switch (random.nextInt(12)) {
            case 0, 1 -> StoreFixture.create(store, name);
            case 2 -> remove(name);
            case 3 -> rename(name, "f" + random.nextInt(NAMES));
            case 4, 5, 6 -> StoreFixture.write(store, inodeOf(name), random.nextInt(1000), 1 + random.nextInt(100));
            case 7 -> flush(name);
            case 8 -> setXattr(name);
            case 9 -> store.touchAtime(inodeOf(name), random.nextInt(1_000_000));
            case 10 -> setQuotaRoot(name);
            default -> {
                switch (random.nextInt(20)) {
                    case 0, 1 -> snapshot();
                    case 2 -> forget();
                    default -> {
                        // Rare things stay rare.
                    }
                }
            }
        }
    }

    private long inodeOf(String name) throws FsException {
        return store.view()
                .dirent(StoreFixture.ROOT, Name.of(name))
                .orElseThrow(() -> new FsException(Errno.ENOENT, name))
                .inode();
    }

    private static DirentRow entry(Transaction transaction, String name) throws FsException {
        return transaction
                .dirent(StoreFixture.ROOT, Name.of(name))
                .orElseThrow(() -> new FsException(Errno.ENOENT, name));
    }

    private void remove(String name) throws FsException {
        store.mutate(transaction -> {
            DirentRow dirent = entry(transaction, name);
            InodeRow inode = transaction.inode(dirent.inode()).orElseThrow();
            transaction.delete(dirent.key());
            transaction.delete(inode.key());
            transaction.xattrs(inode.inode()).forEach(xattr -> transaction.delete(xattr.key()));
            transaction
                    .extents(inode.content(), 0, Long.MAX_VALUE, 1000)
                    .forEach(extent -> transaction.delete(extent.key()));
            return null;
        });
    }

    private void rename(String from, String to) throws FsException {
        store.mutate(transaction -> {
            DirentRow dirent = entry(transaction, from);
            if (transaction.dirent(StoreFixture.ROOT, Name.of(to)).isPresent()) {
                throw new FsException(Errno.EEXIST, to);
            }
            InodeRow root = transaction.peek(StoreFixture.ROOT).orElseThrow();
            transaction.delete(dirent.key());
            transaction.put(new DirentRow(StoreFixture.ROOT, Name.of(to), dirent.inode(), root.nextCookie(), 0));
            transaction.put(root.edit()
                    .nextCookie(root.nextCookie() + 1)
                    .change(transaction.nextChange())
                    .build());
            return null;
        });
    }

    /** Images that no snapshot sees any more go. */
    private void forget() throws FsException {
        store.mutate(transaction -> {
            List<SnapshotRow> snapshots = transaction.scan(SnapshotRow.class, Optional.empty(), 1000);
            for (Table table : List.of(Table.INODE, Table.DIRENT, Table.XATTR, Table.EXTENT)) {
                for (HistoryRow image : transaction.historyByEnd(table, HistoryPlace.after(0), 50)) {
                    long born = Versions.born(image.row());
                    if (snapshots.stream()
                            .noneMatch(snapshot -> born <= snapshot.epoch() && snapshot.epoch() < image.died())) {
                        transaction.forget(image.row().key(), image.died());
                    }
                }
            }
            return null;
        });
    }

    /**
     * A new chunk at some offset of the file, in place of the extents that began there; as of any epoch since the file was changed last.
     */
    private void flush(String name) throws FsException {
        long at = random.nextInt(20) * 100L;
        int length = 1 + random.nextInt(100);
        byte[] id = new byte[32];
        random.nextBytes(id);
        store.mutate(transaction -> {
            InodeRow inode = transaction.inode(entry(transaction, name).inode()).orElseThrow();
            transaction.asOf(inode.born() + (long) (random.nextDouble() * (transaction.epoch() - inode.born() + 1)));
            long chunk = transaction.newChunk();
            transaction.put(new ChunkRow(
                    chunk, Bytes.copyOf(id), transaction.newPack(), 0, length / 2, length, ChunkState.DURABLE, 0));
            for (ExtentRow old : transaction.extents(inode.content(), at, at + length, 10)) {
                transaction.delete(old.key());
                ChunkRow freed = transaction.chunk(old.chunk()).orElseThrow();
                transaction.put(new ChunkRow(
                        freed.chunk(),
                        freed.id(),
                        freed.pack(),
                        freed.packOffset(),
                        freed.storedLength(),
                        freed.length(),
                        freed.state(),
                        7));
            }
            transaction.put(new ExtentRow(inode.content(), at, length, chunk, 0, 0));
            transaction.put(inode.edit().used(inode.used() + length).build());
            return null;
        });
    }

    private void setXattr(String name) throws FsException {
        Bytes value = Bytes.copyOf(new byte[random.nextInt(50)]);
        Name attribute = Name.of("user." + random.nextInt(3));
        store.mutate(transaction -> {
            InodeRow inode = transaction.inode(entry(transaction, name).inode()).orElseThrow();
            transaction.put(new XattrRow(inode.inode(), attribute, value, 0));
            return null;
        });
    }

    private void setQuotaRoot(String name) throws FsException {
        long root = random.nextInt(3);
        store.mutate(transaction -> {
            InodeRow inode = transaction.inode(entry(transaction, name).inode()).orElseThrow();
            transaction.put(inode.edit()
                    .quotaRoot(root)
                    .change(transaction.nextChange())
                    .build());
            return null;
        });
    }

    private void snapshot() throws FsException {
        boolean drop = random.nextInt(3) == 0;
        store.mutate(transaction -> {
            List<SnapshotRow> snapshots = transaction.scan(SnapshotRow.class, Optional.empty(), 1000);
            if (drop && !snapshots.isEmpty()) {
                transaction.delete(snapshots.get(0).key());
                return null;
            }
            long epoch = transaction.epoch();
            transaction.put(new SnapshotRow(epoch, epoch, null, 0, 0, 0));
            transaction.put(new CounterRow(Epochs.COUNTER, epoch + 1));
            return null;
        });
    }
}
