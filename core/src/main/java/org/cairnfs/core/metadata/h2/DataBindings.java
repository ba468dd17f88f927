package org.cairnfs.core.metadata.h2;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.ContentRow;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.PackRow;
import org.cairnfs.core.metadata.row.RowKey;

/** Tables of data: contents, extents, chunks, packs. */
final class DataBindings {
    private DataBindings() {}

    static final TableBinding<RowKey.Content, ContentRow> CONTENT =
            new TableBinding<>("content", 1, "content", "refs", "born") {
                @Override
                int bindKey(PreparedStatement statement, int at, RowKey.Content key) throws SQLException {
                    statement.setLong(at, key.content());
                    return at + 1;
                }

                @Override
                int bindRest(PreparedStatement statement, int at, ContentRow row) throws SQLException {
                    statement.setLong(at, row.references());
                    statement.setLong(at + 1, row.born());
                    return at + 2;
                }

                @Override
                ContentRow read(ResultSet result) throws SQLException {
                    return new ContentRow(result.getLong(1), result.getLong(2), result.getLong(3));
                }
            };

    static final TableBinding<RowKey.Extent, ExtentRow> EXTENT =
            new TableBinding<>("extent", 2, "content", "start", "length", "chunk", "chunk_start", "born") {
                @Override
                int bindKey(PreparedStatement statement, int at, RowKey.Extent key) throws SQLException {
                    statement.setLong(at, key.content());
                    statement.setLong(at + 1, key.offset());
                    return at + 2;
                }

                @Override
                int bindRest(PreparedStatement statement, int at, ExtentRow row) throws SQLException {
                    statement.setLong(at, row.length());
                    statement.setLong(at + 1, row.chunk());
                    statement.setInt(at + 2, row.chunkOffset());
                    statement.setLong(at + 3, row.born());
                    return at + 4;
                }

                @Override
                ExtentRow read(ResultSet result) throws SQLException {
                    return new ExtentRow(
                            result.getLong(1),
                            result.getLong(2),
                            result.getLong(3),
                            result.getLong(4),
                            result.getInt(5),
                            result.getLong(6));
                }
            };

    static final TableBinding<RowKey.Chunk, ChunkRow> CHUNK =
            new TableBinding<>(
                    "chunk", 1, "chunk", "id", "pack", "pack_start", "stored_length", "length", "state", "dead_seq") {
                @Override
                int bindKey(PreparedStatement statement, int at, RowKey.Chunk key) throws SQLException {
                    statement.setLong(at, key.chunk());
                    return at + 1;
                }

                @Override
                int bindRest(PreparedStatement statement, int at, ChunkRow row) throws SQLException {
                    statement.setBytes(at, row.id().toArray());
                    statement.setLong(at + 1, row.pack());
                    statement.setInt(at + 2, row.packOffset());
                    statement.setInt(at + 3, row.storedLength());
                    statement.setInt(at + 4, row.length());
                    statement.setInt(at + 5, row.state().code());
                    statement.setLong(at + 6, row.deadSequence());
                    return at + 7;
                }

                @Override
                ChunkRow read(ResultSet result) throws SQLException {
                    return new ChunkRow(
                            result.getLong(1),
                            Bytes.ofTrusted(result.getBytes(2)),
                            result.getLong(3),
                            result.getInt(4),
                            result.getInt(5),
                            result.getInt(6),
                            ChunkState.ofCode(result.getInt(7)),
                            result.getLong(8));
                }
            };

    static final TableBinding<RowKey.Pack, PackRow> PACK =
            new TableBinding<>(
                    "pack", 1, "pack", "object_key", "header", "size", "live_bytes", "metadata", "state", "dead_seq") {
                @Override
                int bindKey(PreparedStatement statement, int at, RowKey.Pack key) throws SQLException {
                    statement.setLong(at, key.pack());
                    return at + 1;
                }

                @Override
                int bindRest(PreparedStatement statement, int at, PackRow row) throws SQLException {
                    statement.setString(at, row.objectKey());
                    statement.setBytes(at + 1, row.header().toArray());
                    statement.setLong(at + 2, row.size());
                    statement.setLong(at + 3, row.liveBytes());
                    statement.setBoolean(at + 4, row.metadata());
                    statement.setInt(at + 5, row.state().code());
                    statement.setLong(at + 6, row.deadSequence());
                    return at + 7;
                }

                @Override
                PackRow read(ResultSet result) throws SQLException {
                    return new PackRow(
                            result.getLong(1),
                            result.getString(2),
                            Bytes.ofTrusted(result.getBytes(3)),
                            result.getLong(4),
                            result.getLong(5),
                            result.getBoolean(6),
                            ChunkState.ofCode(result.getInt(7)),
                            result.getLong(8));
                }
            };
}
