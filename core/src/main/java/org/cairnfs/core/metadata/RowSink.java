package org.cairnfs.core.metadata;

import java.io.IOException;
import org.cairnfs.core.metadata.row.Row;

/** Takes the rows of a dump, table by table in key order: the present first, then history. */
public interface RowSink {
    void row(Row row) throws IOException;

    /** An image of before, that snapshots from {@code born} on and below {@code died} see. */
    void history(Row row, long died) throws IOException;
}
