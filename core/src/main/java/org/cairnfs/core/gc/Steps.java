package org.cairnfs.core.gc;

import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.Mutation;

/** Short mutations, as the collector makes them. Stateless. */
final class Steps {
    private Steps() {}

    /** A mutation; waits for room in the journal as everybody does, as it does not make room there. */
    static <T> T mutate(MetadataStore metadata, Mutation<T> body) throws FsException {
        return metadata.mutate(body).value();
    }
}
