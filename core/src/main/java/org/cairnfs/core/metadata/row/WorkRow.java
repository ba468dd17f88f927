package org.cairnfs.core.metadata.row;

import org.cairnfs.core.fs.Bytes;

/**
 * A long operation that goes on in the background in small steps, and after a restart from where it was.
 *
 * @param id never reused; lower ones are older
 * @param operation name of what is done, e.g. {@code free-content}
 * @param arguments of it, encoded by its owner
 * @param cursor how far it is, encoded by its owner
 */
public record WorkRow(long id, String operation, Bytes arguments, Bytes cursor) implements Row {
    @Override
    public RowKey.Work key() {
        return new RowKey.Work(id);
    }
}
