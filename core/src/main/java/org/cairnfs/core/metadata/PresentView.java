package org.cairnfs.core.metadata;

import java.sql.SQLException;
import java.util.Optional;
import org.cairnfs.core.metadata.h2.Database;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;

/** The present for any thread: rows from memory, else by the pool of reading sessions. */
final class PresentView extends RowView {
    private final Present present;
    private final FailStop failStop;

    PresentView(Present present, Atimes atimes, FailStop failStop) {
        super(present, atimes);
        this.present = present;
        this.failStop = failStop;
    }

    @Override
    Optional<Row> find(RowKey key) {
        try {
            return present.newest().get(key, present.database()::find);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    <T> T query(Database.Query<T> query) {
        try {
            return present.database().read(query);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private MetadataFailedException failed(SQLException e) {
        return failStop.fail("the metadata database could not be read", e);
    }
}
