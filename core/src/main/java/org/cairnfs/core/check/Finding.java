package org.cairnfs.core.check;

import org.cairnfs.core.metadata.row.RowKey;

/**
 * Something that is wrong.
 *
 * @param key of the row that it is about, or that is missing
 * @param text what is wrong, for people; names of files are not in it
 * @param first what a repair has to know besides, by kind
 * @param second the same
 */
public record Finding(FindingKind kind, RowKey key, String text, long first, long second) {
    Finding(FindingKind kind, RowKey key, String text) {
        this(kind, key, text, 0, 0);
    }
}
