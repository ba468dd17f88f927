package org.cairnfs.core.record;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.metadata.row.CheckpointRow;
import org.cairnfs.core.metadata.row.CounterRow;
import org.cairnfs.core.metadata.row.InodeLockRow;
import org.cairnfs.core.metadata.row.QuotaRow;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.SnapshotRow;
import org.cairnfs.core.metadata.row.TreeLockRow;
import org.cairnfs.core.metadata.row.UsageRow;
import org.cairnfs.core.metadata.row.WorkRow;

/** Bytes of the rows of state: works, counters, quotas, snapshots, locks, checkpoints. */
final class StateCodecs {
    private StateCodecs() {}

    static final RowCodec<RowKey.Work, WorkRow> WORK = new RowCodec<>() {
        @Override
        public void writeKey(FieldWriter out, RowKey.Work key) {
            out.putVarint(key.id());
        }

        @Override
        public RowKey.Work readKey(FieldReader in) throws RecordFormatException {
            return new RowKey.Work(in.readVarint());
        }

        @Override
        public void writeRest(FieldWriter out, WorkRow row) {
            out.putString(row.operation()).putBytes(row.arguments()).putBytes(row.cursor());
        }

        @Override
        public WorkRow readRest(FieldReader in, RowKey.Work key, int version) throws RecordFormatException {
            String operation = in.readString();
            Bytes arguments = in.readBytes();
            Bytes cursor = in.readBytes();
            return new WorkRow(key.id(), operation, arguments, cursor);
        }
    };

    static final RowCodec<RowKey.Counter, CounterRow> COUNTER = new RowCodec<>() {
        @Override
        public void writeKey(FieldWriter out, RowKey.Counter key) {
            out.putString(key.name());
        }

        @Override
        public RowKey.Counter readKey(FieldReader in) throws RecordFormatException {
            return new RowKey.Counter(in.readString());
        }

        @Override
        public void writeRest(FieldWriter out, CounterRow row) {
            out.putVarint(row.value());
        }

        @Override
        public CounterRow readRest(FieldReader in, RowKey.Counter key, int version) throws RecordFormatException {
            long value = in.readVarint();
            return new CounterRow(key.name(), value);
        }
    };

    static final RowCodec<RowKey.Usage, UsageRow> USAGE = new RowCodec<>() {
        @Override
        public void writeKey(FieldWriter out, RowKey.Usage key) {
            out.putVarint(key.root());
        }

        @Override
        public RowKey.Usage readKey(FieldReader in) throws RecordFormatException {
            return new RowKey.Usage(in.readVarint());
        }

        @Override
        public void writeRest(FieldWriter out, UsageRow row) {
            out.putVarint(row.bytes()).putVarint(row.inodes());
        }

        @Override
        public UsageRow readRest(FieldReader in, RowKey.Usage key, int version) throws RecordFormatException {
            long bytes = in.readVarint();
            long inodes = in.readVarint();
            return new UsageRow(key.root(), bytes, inodes);
        }
    };

    static final RowCodec<RowKey.Quota, QuotaRow> QUOTA = new RowCodec<>() {
        @Override
        public void writeKey(FieldWriter out, RowKey.Quota key) {
            out.putVarint(key.root());
        }

        @Override
        public RowKey.Quota readKey(FieldReader in) throws RecordFormatException {
            return new RowKey.Quota(in.readVarint());
        }

        @Override
        public void writeRest(FieldWriter out, QuotaRow row) {
            out.putVarint(row.softBytes())
                    .putVarint(row.hardBytes())
                    .putVarint(row.softInodes())
                    .putVarint(row.hardInodes())
                    .putVarint(row.graceSeconds())
                    .putVarint(row.exceededSince());
        }

        @Override
        public QuotaRow readRest(FieldReader in, RowKey.Quota key, int version) throws RecordFormatException {
            long softBytes = in.readVarint();
            long hardBytes = in.readVarint();
            long softInodes = in.readVarint();
            long hardInodes = in.readVarint();
            long graceSeconds = in.readVarint();
            long exceededSince = in.readVarint();
            return new QuotaRow(key.root(), softBytes, hardBytes, softInodes, hardInodes, graceSeconds, exceededSince);
        }
    };

    static final RowCodec<RowKey.Snapshot, SnapshotRow> SNAPSHOT = new RowCodec<>() {
        @Override
        public void writeKey(FieldWriter out, RowKey.Snapshot key) {
            out.putVarint(key.number());
        }

        @Override
        public RowKey.Snapshot readKey(FieldReader in) throws RecordFormatException {
            return new RowKey.Snapshot(in.readVarint());
        }

        @Override
        public void writeRest(FieldWriter out, SnapshotRow row) {
            out.putVarint(row.epoch())
                    .putNullable(row.name())
                    .putVarint(row.createdMillis())
                    .putVarint(row.holds())
                    .putVarint(row.flags());
        }

        @Override
        public SnapshotRow readRest(FieldReader in, RowKey.Snapshot key, int version) throws RecordFormatException {
            long epoch = in.readVarint();
            Bytes name = in.readNullable();
            long createdMillis = in.readVarint();
            int holds = in.readInt();
            int flags = in.readInt();
            return new SnapshotRow(key.number(), epoch, name, createdMillis, holds, flags);
        }
    };

    static final RowCodec<RowKey.InodeLock, InodeLockRow> INODE_LOCK = new RowCodec<>() {
        @Override
        public void writeKey(FieldWriter out, RowKey.InodeLock key) {
            out.putVarint(key.inode()).putVarint(key.lock());
        }

        @Override
        public RowKey.InodeLock readKey(FieldReader in) throws RecordFormatException {
            long inode = in.readVarint();
            return new RowKey.InodeLock(inode, in.readVarint());
        }

        @Override
        public void writeRest(FieldWriter out, InodeLockRow row) {
            // The key is all there is.
        }

        @Override
        public InodeLockRow readRest(FieldReader in, RowKey.InodeLock key, int version) {
            return new InodeLockRow(key.inode(), key.lock());
        }
    };

    static final RowCodec<RowKey.TreeLock, TreeLockRow> TREE_LOCK = new RowCodec<>() {
        @Override
        public void writeKey(FieldWriter out, RowKey.TreeLock key) {
            out.putVarint(key.lock());
        }

        @Override
        public RowKey.TreeLock readKey(FieldReader in) throws RecordFormatException {
            return new RowKey.TreeLock(in.readVarint());
        }

        @Override
        public void writeRest(FieldWriter out, TreeLockRow row) {
            out.putVarint(row.root()).putVarint(row.untilMillis()).putVarint(row.state());
        }

        @Override
        public TreeLockRow readRest(FieldReader in, RowKey.TreeLock key, int version) throws RecordFormatException {
            long root = in.readVarint();
            long untilMillis = in.readVarint();
            int state = in.readInt();
            return new TreeLockRow(key.lock(), root, untilMillis, state);
        }
    };

    static final RowCodec<RowKey.Checkpoint, CheckpointRow> CHECKPOINT = new RowCodec<>() {
        /** Version 2 has {@code packs}; nobody wrote version 1. */
        @Override
        public int version() {
            return 2;
        }

        @Override
        public void writeKey(FieldWriter out, RowKey.Checkpoint key) {
            out.putVarint(key.sequence());
        }

        @Override
        public RowKey.Checkpoint readKey(FieldReader in) throws RecordFormatException {
            return new RowKey.Checkpoint(in.readVarint());
        }

        @Override
        public void writeRest(FieldWriter out, CheckpointRow row) {
            out.putString(row.objectKey())
                    .putVarint(row.epoch())
                    .putVarint(row.createdMillis())
                    .putVarint(row.packs());
        }

        @Override
        public CheckpointRow readRest(FieldReader in, RowKey.Checkpoint key, int version) throws RecordFormatException {
            String objectKey = in.readString();
            long epoch = in.readVarint();
            long createdMillis = in.readVarint();
            long packs = version < 2 ? Long.MAX_VALUE : in.readVarint();
            return new CheckpointRow(key.sequence(), objectKey, epoch, createdMillis, packs);
        }
    };
}
