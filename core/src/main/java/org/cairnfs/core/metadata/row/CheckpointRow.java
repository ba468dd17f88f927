package org.cairnfs.core.metadata.row;

/**
 * A checkpoint of the metadata in the store: a restore point.
 *
 * @param sequence journal sequence from which it is consistent
 * @param objectKey of its root object
 * @param epoch that it pins
 * @param createdMillis wall clock
 */
public record CheckpointRow(long sequence, String objectKey, long epoch, long createdMillis) implements Row {
    @Override
    public RowKey.Checkpoint key() {
        return new RowKey.Checkpoint(sequence);
    }
}
