package org.cairnfs.core.metadata.h2;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.h2.mvstore.FileStore;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.RandomAccessStore;

/**
 * The header of an MVStore file, which says where the newest chunk is.
 *
 * <p>H2 does not write it with each chunk: after a kill it goes from the chunk that the header names to the place where each chunk foretold its
 * successor, and looks at the end of the file. Where a chunk was put into free space in the middle, and not where it was foretold, H2 writes the
 * header; but since 2.4 that names the chunk <i>before</i>, whose foretelling was wrong. So after a kill up to twenty stores, though whole in
 * the file, are not found: the database opens as it was before them. (2.3.232 named the newest one, and has faults of its own when it rewrites
 * chunks: h2database#4247.) Hence the header is written here once more behind each store, by H2's own private method, which names the newest
 * chunk by then.
 *
 * <p>Threading: the thread that writes, between transactions.
 */
final class StoreHeader {
    private static final MethodHandle WRITE = find();

    private final FileStore<?> file;

    StoreHeader(MVStore store) {
        this.file = store.getFileStore();
    }

    private static MethodHandle find() {
        try {
            return MethodHandles.privateLookupIn(RandomAccessStore.class, MethodHandles.lookup())
                    .findVirtual(RandomAccessStore.class, "writeStoreHeader", MethodType.methodType(void.class))
                    .asType(MethodType.methodType(void.class, FileStore.class));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("this version of H2 writes its header in another way", e);
        }
    }

    /** Names the newest chunk; 8 KiB. */
    void write() {
        try {
            WRITE.invokeExact((FileStore) file);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("it declares no exception", e);
        }
    }
}
