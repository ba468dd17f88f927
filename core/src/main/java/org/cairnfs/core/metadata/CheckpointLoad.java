package org.cairnfs.core.metadata;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import org.cairnfs.core.metadata.CheckpointSource.Checkpoint;
import org.cairnfs.core.metadata.h2.Database;
import org.cairnfs.core.metadata.h2.Progress;
import org.cairnfs.core.metadata.h2.RowWriter;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.UsageRow;

/**
 * Fills empty tables from a checkpoint. Usage and totals are derived anew: those of a dump would fit no moment, as its rows are of
 * many; the replay that follows brings them, like the rows, to the journal's end. Used by the opening thread.
 */
final class CheckpointLoad implements RowSink {
    private static final int ROWS_PER_COMMIT = 5_000;

    private final Database database;
    private final RowWriter writer;
    private final Usages usages = new Usages();
    private final Totals totals = new Totals();
    private int uncommitted;

    CheckpointLoad(Database database) throws SQLException {
        this.database = database;
        this.writer = new RowWriter(database.writer());
    }

    /** Loads it all; the progress is returned, not saved: until it is, the tables count as unfinished. */
    Progress load(Checkpoint checkpoint) throws IOException, SQLException {
        checkpoint.rows(this);
        for (UsageRow usage : usages.takeTouched()) {
            writer.insert(usage);
        }
        writer.flush();
        DumpRange range = checkpoint.range();
        return totals.progress(range.applied(), Math.min(range.low(), range.applied() + 1));
    }

    @Override
    public void row(Row row) throws IOException {
        try {
            if (row instanceof UsageRow) {
                return;
            }
            if (row instanceof InodeRow inode) {
                usages.changed(null, inode);
            }
            totals.changed(row.key(), Optional.empty(), Optional.of(row));
            writer.insert(row);
            commitSometimes();
        } catch (SQLException e) {
            throw new IOException("a row of the checkpoint cannot be inserted: " + row.key(), e);
        }
    }

    @Override
    public void history(Row row, long died) throws IOException {
        try {
            writer.history(row, died);
            commitSometimes();
        } catch (SQLException e) {
            throw new IOException("a row of the checkpoint's history cannot be inserted: " + row.key(), e);
        }
    }

    private void commitSometimes() throws SQLException {
        if (++uncommitted >= ROWS_PER_COMMIT) {
            writer.flush();
            database.commit();
            uncommitted = 0;
        }
    }
}
