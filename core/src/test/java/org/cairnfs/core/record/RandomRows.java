package org.cairnfs.core.record;

import java.util.List;
import java.util.Random;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.metadata.row.AtimeRow;
import org.cairnfs.core.metadata.row.CheckpointRow;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.ContentRow;
import org.cairnfs.core.metadata.row.CounterRow;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.InodeLockRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.InodeRowBuilder;
import org.cairnfs.core.metadata.row.OrphanRow;
import org.cairnfs.core.metadata.row.PackRow;
import org.cairnfs.core.metadata.row.QuotaRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.SnapshotRow;
import org.cairnfs.core.metadata.row.Table;
import org.cairnfs.core.metadata.row.TrashRow;
import org.cairnfs.core.metadata.row.TreeLockRow;
import org.cairnfs.core.metadata.row.UsageRow;
import org.cairnfs.core.metadata.row.WorkRow;
import org.cairnfs.core.metadata.row.XattrRow;

/** Rows of every table with every kind of value, from a seed: zero, small, large, and the ends of each range. */
public final class RandomRows {
    private final Random random;

    public RandomRows(long seed) {
        random = new Random(seed);
    }

    /** A row of this table. */
    public Row row(Table table) {
        return switch (table) {
            case INODE -> inode();
            case DIRENT -> new DirentRow(number(), name(), number(), number(), number());
            case XATTR -> new XattrRow(number(), attributeName(), bytes(300), number());
            case CONTENT -> new ContentRow(number(), number(), number());
            case EXTENT -> new ExtentRow(number(), number(), number(), number(), smallNumber(), number());
            case CHUNK ->
                new ChunkRow(
                        number(), bytes(32), number(), smallNumber(), smallNumber(), smallNumber(), state(), number());
            case PACK ->
                new PackRow(number(), text(), bytes(60), number(), number(), random.nextBoolean(), state(), number());
            case ATIME -> new AtimeRow(number(), random.nextLong());
            case ORPHAN -> new OrphanRow(number());
            case WORK -> new WorkRow(number(), text(), bytes(50), bytes(50));
            case COUNTER -> new CounterRow(text(), number());
            case USAGE -> new UsageRow(number(), number(), number());
            case QUOTA -> new QuotaRow(number(), number(), number(), number(), number(), number(), number());
            case SNAPSHOT ->
                new SnapshotRow(
                        number(),
                        number(),
                        random.nextBoolean() ? null : bytes(20),
                        number(),
                        smallNumber(),
                        smallNumber());
            case INODE_LOCK -> new InodeLockRow(number(), number());
            case TREE_LOCK -> new TreeLockRow(number(), number(), number(), random.nextInt(3));
            case CHECKPOINT -> new CheckpointRow(number(), text(), number(), number(), number());
            case TRASH -> new TrashRow(number(), number(), number(), name(), random.nextBoolean(), random.nextLong());
        };
    }

    private InodeRow inode() {
        FileType[] types = FileType.values();
        return new InodeRowBuilder(number(), number(), types[random.nextInt(types.length)])
                .mode(random.nextInt(010000))
                .uid(random.nextInt())
                .gid(random.nextInt())
                .nlink(smallNumber())
                .size(number())
                .used(number())
                .device(random.nextLong())
                .mtime(random.nextLong())
                .ctime(random.nextLong())
                .btime(random.nextLong())
                .change(number())
                .parent(number())
                .content(number())
                .target(random.nextBoolean() ? null : bytes(200))
                .entries(number())
                .nextCookie(number())
                .xattrs(smallNumber())
                .quotaRoot(number())
                .verifier(random.nextLong())
                .flags(random.nextInt())
                .born(number())
                .build();
    }

    /** 0 to {@code Long.MAX_VALUE}, of any magnitude. */
    long number() {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> Long.MAX_VALUE;
            default -> random.nextLong() >>> 1 + random.nextInt(63);
        };
    }

    int smallNumber() {
        return random.nextInt(8) == 0 ? Integer.MAX_VALUE : random.nextInt() >>> 1 + random.nextInt(31);
    }

    private ChunkState state() {
        return ChunkState.ofCode(random.nextInt(4));
    }

    /** Of an extended attribute: any bytes but NUL. */
    private Name attributeName() {
        byte[] bytes = new byte[1 + random.nextInt(255)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (1 + random.nextInt(255));
        }
        return Name.ofTrusted(bytes);
    }

    Name name() {
        byte[] bytes = new byte[1 + random.nextInt(255)];
        for (int i = 0; i < bytes.length; i++) {
            do {
                bytes[i] = (byte) random.nextInt(256);
            } while (bytes[i] == 0 || bytes[i] == '/' || bytes[i] == '.');
        }
        return Name.ofTrusted(bytes);
    }

    private String text() {
        List<String> texts = List.of("x", "next_inode", "pack/ab12", "Käse", "");
        return texts.get(random.nextInt(texts.size())) + random.nextInt(1000);
    }

    Bytes bytes(int atMost) {
        byte[] bytes = new byte[random.nextInt(atMost + 1)];
        random.nextBytes(bytes);
        return Bytes.ofTrusted(bytes);
    }
}
