package org.cairnfs.core.metadata.row;

/**
 * A checkpoint of the metadata in the store: a restore point.
 *
 * @param sequence journal sequence from which it is consistent
 * @param objectKey of its root object
 * @param epoch that it pins
 * @param createdMillis wall clock
 * @param packs a number above those of all packs that a restore to this point can refer to
 */
public record CheckpointRow(long sequence, String objectKey, long epoch, long createdMillis, long packs)
        implements Row {
    @Override
    public RowKey.Checkpoint key() {
        return new RowKey.Checkpoint(sequence);
    }
}
