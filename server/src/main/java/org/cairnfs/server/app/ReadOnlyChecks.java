package org.cairnfs.server.app;

import org.cairnfs.server.CairnException;
import org.cairnfs.server.Progress;

/** The checks of a file system that is only read: the server that writes to it makes them. */
final class ReadOnlyChecks implements VolumeChecks {
    @Override
    public CheckReport check(boolean repair, Progress progress) throws CairnException {
        throw ReadOnlyVolume.refusal();
    }

    @Override
    public VerifyReport verify(VerifyRequest request, Progress progress) throws CairnException {
        throw ReadOnlyVolume.refusal();
    }
}
