package org.cairnfs.server.app;

import org.cairnfs.core.namespace.TreeCopy;
import org.cairnfs.core.volume.TreeCopies;
import org.cairnfs.server.Progress;

/** How far a copy is, for people. */
record CopyProgress(Progress progress) implements TreeCopies.Listener {
    @Override
    public void isUploading(long bytes) {
        progress.report("uploading what was written before, left", bytes, -1, Progress.Unit.BYTES);
    }

    @Override
    public void isCopying(TreeCopy.Progress copied) {
        progress.report("copying", copied.entries(), -1, Progress.Unit.OBJECTS);
    }
}
