package org.cairnfs.core.metadata;

import org.cairnfs.core.journal.Journal.PayloadRef;
import org.cairnfs.core.record.ContentOp;

/** Is told, when a file system is opened, what the journal says of contents, in its order; may hear of what was flushed. */
@FunctionalInterface
public interface ContentReplay {
    /**
     * One operation.
     *
     * @param epoch in which it was journaled
     * @param payload of its record
     */
    void content(long sequence, long epoch, ContentOp operation, PayloadRef payload);
}
