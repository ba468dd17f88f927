package org.cairnfs.server.app;

import java.io.IOException;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.StoreCopy;
import org.cairnfs.core.objectstore.StoreStack;
import org.cairnfs.core.objectstore.credentials.CredentialsSource;
import org.cairnfs.core.objectstore.factory.ObjectStores;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.Progress;

/** Copies file systems from storage to storage, without opening them: no passphrase is needed. */
public final class StoreCopies {
    private StoreCopies() {}

    /** Copies what the target lacks; a missing folder or bucket is made. */
    public static StoreCopy.Result copy(
            StorageUrl from, CredentialsSource fromLogin, StorageUrl to, CredentialsSource toLogin, Progress progress)
            throws CairnException {
        try (ObjectStore source = StoreStack.over(ObjectStores.open(from, fromLogin), from)
                        .store();
                ObjectStore target =
                        StoreStack.over(ObjectStores.create(to, toLogin), to).store()) {
            return new StoreCopy(
                            source,
                            target,
                            (bytes, total) -> progress.report("copying", bytes, total, Progress.Unit.BYTES))
                    .run();
        } catch (IOException e) {
            throw EngineFailures.of(e);
        }
    }
}
