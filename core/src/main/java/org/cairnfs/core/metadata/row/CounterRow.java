package org.cairnfs.core.metadata.row;

/** A named number of the whole file system: id bounds, epoch, applied sequence, schema version. */
public record CounterRow(String name, long value) implements Row {
    @Override
    public RowKey.Counter key() {
        return new RowKey.Counter(name);
    }
}
