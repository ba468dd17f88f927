package org.cairnfs.core.metadata.h2;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.metadata.row.AtimeRow;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.OrphanRow;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.TrashRow;
import org.cairnfs.core.metadata.row.XattrRow;

/** Tables of the namespace: inodes, names, attributes, access times, orphans, the trash. */
final class InodeBindings {
    private InodeBindings() {}

    static final TableBinding<RowKey.Inode, InodeRow> INODE =
            new TableBinding<>(
                    "inode",
                    1,
                    "inode",
                    "generation",
                    "type",
                    "mode",
                    "uid",
                    "gid",
                    "nlink",
                    "size",
                    "used",
                    "device",
                    "mtime",
                    "ctime",
                    "btime",
                    "change",
                    "parent",
                    "content",
                    "target",
                    "entries",
                    "next_cookie",
                    "xattrs",
                    "quota_root",
                    "verifier",
                    "flags",
                    "born") {
                @Override
                int bindKey(PreparedStatement statement, int at, RowKey.Inode key) throws SQLException {
                    statement.setLong(at, key.inode());
                    return at + 1;
                }

                @Override
                int bindRest(PreparedStatement statement, int at, InodeRow row) throws SQLException {
                    statement.setLong(at, row.generation());
                    statement.setInt(at + 1, row.type().code());
                    statement.setInt(at + 2, row.mode());
                    statement.setInt(at + 3, row.uid());
                    statement.setInt(at + 4, row.gid());
                    statement.setInt(at + 5, row.nlink());
                    statement.setLong(at + 6, row.size());
                    statement.setLong(at + 7, row.used());
                    statement.setLong(at + 8, row.device());
                    statement.setLong(at + 9, row.mtime());
                    statement.setLong(at + 10, row.ctime());
                    statement.setLong(at + 11, row.btime());
                    statement.setLong(at + 12, row.change());
                    statement.setLong(at + 13, row.parent());
                    statement.setLong(at + 14, row.content());
                    statement.setBytes(
                            at + 15, row.target() == null ? null : row.target().toArray());
                    statement.setLong(at + 16, row.entries());
                    statement.setLong(at + 17, row.nextCookie());
                    statement.setInt(at + 18, row.xattrs());
                    statement.setLong(at + 19, row.quotaRoot());
                    statement.setLong(at + 20, row.verifier());
                    statement.setInt(at + 21, row.flags());
                    statement.setLong(at + 22, row.born());
                    return at + 23;
                }

                @Override
                InodeRow read(ResultSet result) throws SQLException {
                    return new InodeRow(
                            result.getLong(1),
                            result.getLong(2),
                            FileType.ofCode(result.getInt(3)),
                            result.getInt(4),
                            result.getInt(5),
                            result.getInt(6),
                            result.getInt(7),
                            result.getLong(8),
                            result.getLong(9),
                            result.getLong(10),
                            result.getLong(11),
                            result.getLong(12),
                            result.getLong(13),
                            result.getLong(14),
                            result.getLong(15),
                            result.getLong(16),
                            nullable(result.getBytes(17)),
                            result.getLong(18),
                            result.getLong(19),
                            result.getInt(20),
                            result.getLong(21),
                            result.getLong(22),
                            result.getInt(23),
                            result.getLong(24));
                }
            };

    static final TableBinding<RowKey.Dirent, DirentRow> DIRENT =
            new TableBinding<>("dirent", 2, "parent", "name", "inode", "cookie", "born") {
                @Override
                int bindKey(PreparedStatement statement, int at, RowKey.Dirent key) throws SQLException {
                    statement.setLong(at, key.parent());
                    statement.setBytes(at + 1, key.name().bytes());
                    return at + 2;
                }

                @Override
                int bindRest(PreparedStatement statement, int at, DirentRow row) throws SQLException {
                    statement.setLong(at, row.inode());
                    statement.setLong(at + 1, row.cookie());
                    statement.setLong(at + 2, row.born());
                    return at + 3;
                }

                @Override
                DirentRow read(ResultSet result) throws SQLException {
                    return new DirentRow(
                            result.getLong(1),
                            Name.ofTrusted(result.getBytes(2)),
                            result.getLong(3),
                            result.getLong(4),
                            result.getLong(5));
                }
            };

    static final TableBinding<RowKey.Xattr, XattrRow> XATTR =
            new TableBinding<>("xattr", 2, "inode", "name", "bytes", "born") {
                @Override
                int bindKey(PreparedStatement statement, int at, RowKey.Xattr key) throws SQLException {
                    statement.setLong(at, key.inode());
                    statement.setBytes(at + 1, key.name().bytes());
                    return at + 2;
                }

                @Override
                int bindRest(PreparedStatement statement, int at, XattrRow row) throws SQLException {
                    statement.setBytes(at, row.value().toArray());
                    statement.setLong(at + 1, row.born());
                    return at + 2;
                }

                @Override
                XattrRow read(ResultSet result) throws SQLException {
                    return new XattrRow(
                            result.getLong(1),
                            Name.ofTrusted(result.getBytes(2)),
                            Bytes.ofTrusted(result.getBytes(3)),
                            result.getLong(4));
                }
            };

    static final TableBinding<RowKey.Atime, AtimeRow> ATIME = new TableBinding<>("atime", 1, "inode", "atime") {
        @Override
        int bindKey(PreparedStatement statement, int at, RowKey.Atime key) throws SQLException {
            statement.setLong(at, key.inode());
            return at + 1;
        }

        @Override
        int bindRest(PreparedStatement statement, int at, AtimeRow row) throws SQLException {
            statement.setLong(at, row.atime());
            return at + 1;
        }

        @Override
        AtimeRow read(ResultSet result) throws SQLException {
            return new AtimeRow(result.getLong(1), result.getLong(2));
        }
    };

    static final TableBinding<RowKey.Orphan, OrphanRow> ORPHAN = new TableBinding<>("orphan", 1, "inode") {
        @Override
        int bindKey(PreparedStatement statement, int at, RowKey.Orphan key) throws SQLException {
            statement.setLong(at, key.inode());
            return at + 1;
        }

        @Override
        int bindRest(PreparedStatement statement, int at, OrphanRow row) throws SQLException {
            return at;
        }

        @Override
        OrphanRow read(ResultSet result) throws SQLException {
            return new OrphanRow(result.getLong(1));
        }
    };

    static final TableBinding<RowKey.Trash, TrashRow> TRASH =
            new TableBinding<>("trash", 2, "until", "inode", "parent", "name", "directory", "removed") {
                @Override
                int bindKey(PreparedStatement statement, int at, RowKey.Trash key) throws SQLException {
                    statement.setLong(at, key.until());
                    statement.setLong(at + 1, key.inode());
                    return at + 2;
                }

                @Override
                int bindRest(PreparedStatement statement, int at, TrashRow row) throws SQLException {
                    statement.setLong(at, row.parent());
                    statement.setBytes(at + 1, row.name().bytes());
                    statement.setBoolean(at + 2, row.directory());
                    statement.setLong(at + 3, row.removed());
                    return at + 4;
                }

                @Override
                TrashRow read(ResultSet result) throws SQLException {
                    return new TrashRow(
                            result.getLong(1),
                            result.getLong(2),
                            result.getLong(3),
                            Name.ofTrusted(result.getBytes(4)),
                            result.getBoolean(5),
                            result.getLong(6));
                }
            };

    private static Bytes nullable(byte[] bytes) {
        return bytes == null ? null : Bytes.ofTrusted(bytes);
    }
}
