package org.cairnfs.core.metadata.h2;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
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

/** Tables of state: works, counters, usage, quotas, snapshots, locks, checkpoints. */
final class StateBindings {
    private StateBindings() {}

    static final TableBinding<RowKey.Work, WorkRow> WORK =
            new TableBinding<>("work", 1, "id", "operation", "arguments", "progress") {
                @Override
                int bindKey(PreparedStatement statement, int at, RowKey.Work key) throws SQLException {
                    statement.setLong(at, key.id());
                    return at + 1;
                }

                @Override
                int bindRest(PreparedStatement statement, int at, WorkRow row) throws SQLException {
                    statement.setString(at, row.operation());
                    statement.setBytes(at + 1, row.arguments().toArray());
                    statement.setBytes(at + 2, row.cursor().toArray());
                    return at + 3;
                }

                @Override
                WorkRow read(ResultSet result) throws SQLException {
                    return new WorkRow(
                            result.getLong(1),
                            result.getString(2),
                            Bytes.ofTrusted(result.getBytes(3)),
                            Bytes.ofTrusted(result.getBytes(4)));
                }
            };

    static final TableBinding<RowKey.Counter, CounterRow> COUNTER = new TableBinding<>("counter", 1, "name", "number") {
        @Override
        int bindKey(PreparedStatement statement, int at, RowKey.Counter key) throws SQLException {
            statement.setString(at, key.name());
            return at + 1;
        }

        @Override
        int bindRest(PreparedStatement statement, int at, CounterRow row) throws SQLException {
            statement.setLong(at, row.value());
            return at + 1;
        }

        @Override
        CounterRow read(ResultSet result) throws SQLException {
            return new CounterRow(result.getString(1), result.getLong(2));
        }
    };

    static final TableBinding<RowKey.Usage, UsageRow> USAGE =
            new TableBinding<>("usage", 1, "root", "bytes", "inodes") {
                @Override
                int bindKey(PreparedStatement statement, int at, RowKey.Usage key) throws SQLException {
                    statement.setLong(at, key.root());
                    return at + 1;
                }

                @Override
                int bindRest(PreparedStatement statement, int at, UsageRow row) throws SQLException {
                    statement.setLong(at, row.bytes());
                    statement.setLong(at + 1, row.inodes());
                    return at + 2;
                }

                @Override
                UsageRow read(ResultSet result) throws SQLException {
                    return new UsageRow(result.getLong(1), result.getLong(2), result.getLong(3));
                }
            };

    static final TableBinding<RowKey.Quota, QuotaRow> QUOTA =
            new TableBinding<>(
                    "quota",
                    1,
                    "root",
                    "soft_bytes",
                    "hard_bytes",
                    "soft_inodes",
                    "hard_inodes",
                    "grace_seconds",
                    "exceeded_since") {
                @Override
                int bindKey(PreparedStatement statement, int at, RowKey.Quota key) throws SQLException {
                    statement.setLong(at, key.root());
                    return at + 1;
                }

                @Override
                int bindRest(PreparedStatement statement, int at, QuotaRow row) throws SQLException {
                    statement.setLong(at, row.softBytes());
                    statement.setLong(at + 1, row.hardBytes());
                    statement.setLong(at + 2, row.softInodes());
                    statement.setLong(at + 3, row.hardInodes());
                    statement.setLong(at + 4, row.graceSeconds());
                    statement.setLong(at + 5, row.exceededSince());
                    return at + 6;
                }

                @Override
                QuotaRow read(ResultSet result) throws SQLException {
                    return new QuotaRow(
                            result.getLong(1),
                            result.getLong(2),
                            result.getLong(3),
                            result.getLong(4),
                            result.getLong(5),
                            result.getLong(6),
                            result.getLong(7));
                }
            };

    static final TableBinding<RowKey.Snapshot, SnapshotRow> SNAPSHOT =
            new TableBinding<>("snapshot", 1, "number", "epoch", "name", "created_millis", "holds", "flags") {
                @Override
                int bindKey(PreparedStatement statement, int at, RowKey.Snapshot key) throws SQLException {
                    statement.setLong(at, key.number());
                    return at + 1;
                }

                @Override
                int bindRest(PreparedStatement statement, int at, SnapshotRow row) throws SQLException {
                    statement.setLong(at, row.epoch());
                    statement.setBytes(
                            at + 1, row.name() == null ? null : row.name().toArray());
                    statement.setLong(at + 2, row.createdMillis());
                    statement.setInt(at + 3, row.holds());
                    statement.setInt(at + 4, row.flags());
                    return at + 5;
                }

                @Override
                SnapshotRow read(ResultSet result) throws SQLException {
                    return new SnapshotRow(
                            result.getLong(1),
                            result.getLong(2),
                            nullable(result.getBytes(3)),
                            result.getLong(4),
                            result.getInt(5),
                            result.getInt(6));
                }
            };

    static final TableBinding<RowKey.InodeLock, InodeLockRow> INODE_LOCK =
            new TableBinding<>("inode_lock", 2, "inode", "lock") {
                @Override
                int bindKey(PreparedStatement statement, int at, RowKey.InodeLock key) throws SQLException {
                    statement.setLong(at, key.inode());
                    statement.setLong(at + 1, key.lock());
                    return at + 2;
                }

                @Override
                int bindRest(PreparedStatement statement, int at, InodeLockRow row) throws SQLException {
                    return at;
                }

                @Override
                InodeLockRow read(ResultSet result) throws SQLException {
                    return new InodeLockRow(result.getLong(1), result.getLong(2));
                }
            };

    static final TableBinding<RowKey.TreeLock, TreeLockRow> TREE_LOCK =
            new TableBinding<>("tree_lock", 1, "lock", "root", "until_millis", "state") {
                @Override
                int bindKey(PreparedStatement statement, int at, RowKey.TreeLock key) throws SQLException {
                    statement.setLong(at, key.lock());
                    return at + 1;
                }

                @Override
                int bindRest(PreparedStatement statement, int at, TreeLockRow row) throws SQLException {
                    statement.setLong(at, row.root());
                    statement.setLong(at + 1, row.untilMillis());
                    statement.setInt(at + 2, row.state());
                    return at + 3;
                }

                @Override
                TreeLockRow read(ResultSet result) throws SQLException {
                    return new TreeLockRow(result.getLong(1), result.getLong(2), result.getLong(3), result.getInt(4));
                }
            };

    static final TableBinding<RowKey.Checkpoint, CheckpointRow> CHECKPOINT =
            new TableBinding<>("checkpoint", 1, "sequence", "object_key", "epoch", "created_millis", "packs") {
                @Override
                int bindKey(PreparedStatement statement, int at, RowKey.Checkpoint key) throws SQLException {
                    statement.setLong(at, key.sequence());
                    return at + 1;
                }

                @Override
                int bindRest(PreparedStatement statement, int at, CheckpointRow row) throws SQLException {
                    statement.setString(at, row.objectKey());
                    statement.setLong(at + 1, row.epoch());
                    statement.setLong(at + 2, row.createdMillis());
                    statement.setLong(at + 3, row.packs());
                    return at + 4;
                }

                @Override
                CheckpointRow read(ResultSet result) throws SQLException {
                    return new CheckpointRow(
                            result.getLong(1),
                            result.getString(2),
                            result.getLong(3),
                            result.getLong(4),
                            result.getLong(5));
                }
            };

    private static Bytes nullable(byte[] bytes) {
        return bytes == null ? null : Bytes.ofTrusted(bytes);
    }
}
