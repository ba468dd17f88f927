package org.cairnfs.core.metadata.h2;

import org.cairnfs.core.metadata.row.Row;

/**
 * An image of before.
 *
 * @param died epoch of the change that ended it
 */
public record HistoryRow(Row row, long died) {}
