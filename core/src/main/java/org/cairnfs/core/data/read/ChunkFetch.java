package org.cairnfs.core.data.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.cairnfs.core.cache.DiskCache;
import org.cairnfs.core.data.chunk.ChunkId;
import org.cairnfs.core.data.pack.PackEntry;
import org.cairnfs.core.data.pack.PackReader;
import org.cairnfs.core.data.pack.PackRows;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.PackRow;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.objectstore.ObjectMissingException;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches and verifies chunks, from the disk cache or the object store.
 *
 * <p>A chunk that is not what its id says never leaves here; it is told to the listener for damaged chunks, with one log line
 * that names the object. A chunk whose object went because the chunk was moved is looked up again. Thread-safe.
 */
public final class ChunkFetch {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkFetch.class);

    private final MetadataView metadata;
    private final ObjectStore store;
    private final PackReader reader;
    private final Optional<DiskCache> disk;
    private final DiskKey diskKey;
    private final LongConsumer damaged;

    /** By what a chunk is found in the disk cache, which is checked like the store: a wrong frame costs a fetch. */
    public enum DiskKey {
        /** Its number: it is of this file system's own server, which gives each only once. */
        NUMBER,
        /** Its id: where the same number may come to be another chunk's, as what is read is made anew from the bucket. */
        ID;

        long of(ChunkPlace place) {
            return this == NUMBER ? place.chunk() : place.entry().id().prefix();
        }
    }

    /**
     * Fetches from a store.
     *
     * @param disk absent where the store is as near as a cache would be
     * @param damaged told the number of a chunk whose object is damaged or missing
     */
    public ChunkFetch(
            MetadataView metadata,
            ObjectStore store,
            PackReader reader,
            Optional<DiskCache> disk,
            DiskKey diskKey,
            LongConsumer damaged) {
        this.metadata = metadata;
        this.store = store;
        this.reader = reader;
        this.disk = disk;
        this.diskKey = diskKey;
        this.damaged = damaged;
    }

    /** Who gets the chunks of a run; each exactly once. */
    interface Target {
        void fetched(ChunkPlace place, byte[] plain);

        void failed(ChunkPlace place, FsException failure);
    }

    /** Where a chunk lies. */
    ChunkPlace place(long chunk) throws FsException {
        ChunkRow row = row(chunk);
        Optional<PackRow> pack = metadata.pack(row.pack());
        while (pack.isEmpty()) {
            ChunkRow again = row(chunk);
            if (again.pack() == row.pack()) {
                throw new FsException(Errno.EIO, "pack " + row.pack() + " is not in the metadata");
            }
            row = again; // it was moved between the two looks
            pack = metadata.pack(row.pack());
        }
        return new ChunkPlace(
                chunk,
                PackRows.info(pack.get()),
                new PackEntry(ChunkId.of(row.id().toArray()), row.packOffset(), row.storedLength(), row.length()));
    }

    private ChunkRow row(long chunk) throws FsException {
        return metadata.chunk(chunk)
                .orElseThrow(() -> new FsException(Errno.EIO, "chunk " + chunk + " is not in the metadata"));
    }

    /** The bytes of one chunk. */
    byte[] one(ChunkPlace place) throws FsException {
        Optional<byte[]> cached = cached(place);
        return cached.isPresent() ? cached.get() : stored(place);
    }

    /**
     * The bytes of several, what is not in the disk cache by one request. If that does not give them all, each of the rest is asked for by
     * itself: the damage of one is not that of the others.
     *
     * @param run as {@link ChunkPlace#runs} puts them together
     */
    void run(List<ChunkPlace> run, Target target) {
        List<ChunkPlace> missing = new ArrayList<>();
        for (ChunkPlace place : run) {
            cached(place).ifPresentOrElse(plain -> target.fetched(place, plain), () -> missing.add(place));
        }
        for (ChunkPlace place : missing.size() > 1 ? together(missing, target) : missing) {
            try {
                target.fetched(place, stored(place));
            } catch (FsException e) {
                target.failed(place, e);
            }
        }
    }

    /** Gives those that could not be had so. */
    private List<ChunkPlace> together(List<ChunkPlace> run, Target target) {
        ChunkPlace first = run.get(0);
        int from = first.entry().offset();
        byte[] sealed;
        try {
            sealed = store.get(
                    first.pack().objectKey(), from, run.get(run.size() - 1).end() - from);
        } catch (ObjectStoreException e) {
            LOG.debug(
                    "{} chunks of {} cannot be fetched together",
                    run.size(),
                    first.pack().objectKey(),
                    e);
            return run;
        }
        List<ChunkPlace> left = new ArrayList<>();
        for (ChunkPlace place : run) {
            int at = place.entry().offset() - from;
            try {
                if (at + place.entry().storedLength() > sealed.length) {
                    left.add(place);
                    continue;
                }
                byte[] plain = reader.open(place.pack(), place.entry(), sealed, at);
                disk.ifPresent(cache -> cache.put(
                        diskKey.of(place),
                        Arrays.copyOfRange(sealed, at, at + place.entry().storedLength())));
                target.fetched(place, plain);
            } catch (CorruptObjectException e) {
                left.add(place);
            }
        }
        return left;
    }

    private Optional<byte[]> cached(ChunkPlace place) {
        Optional<byte[]> sealed = disk.flatMap(cache -> cache.get(diskKey.of(place)));
        try {
            return sealed.isEmpty()
                    ? Optional.empty()
                    : Optional.of(reader.open(place.pack(), place.entry(), sealed.get(), 0));
        } catch (CorruptObjectException e) {
            LOG.warn("disk cache: chunk {} is damaged ({}); fetching it from the store", place.chunk(), e.getMessage());
            disk.get().drop(diskKey.of(place));
            return Optional.empty();
        }
    }

    private byte[] stored(ChunkPlace wanted) throws FsException {
        ChunkPlace place = wanted;
        while (true) {
            String key = place.pack().objectKey();
            try {
                byte[] sealed =
                        store.get(key, place.entry().offset(), place.entry().storedLength());
                byte[] plain = reader.open(place.pack(), place.entry(), sealed, 0);
                disk.ifPresent(cache -> cache.put(diskKey.of(wanted), sealed));
                return plain;
            } catch (ObjectMissingException e) {
                ChunkPlace now = place(place.chunk());
                if (now.pack().objectKey().equals(key)) {
                    throw damaged(place.chunk(), e);
                }
                LOG.debug(
                        "chunk {} was moved to {} meanwhile",
                        place.chunk(),
                        now.pack().objectKey());
                place = now;
            } catch (CorruptObjectException e) {
                throw damaged(place.chunk(), e);
            } catch (ObjectStoreException e) {
                LOG.warn("chunk {}: {} cannot be read now: {}", place.chunk(), key, e.getMessage());
                throw new FsException(Errno.EAGAIN, e.getMessage(), e);
            }
        }
    }

    private FsException damaged(long chunk, Exception cause) {
        LOG.error(
                "chunk {} cannot be read: {}; files that hold it give EIO there until it is restored",
                chunk,
                cause.getMessage());
        damaged.accept(chunk);
        return new FsException(Errno.EIO, cause.getMessage(), cause);
    }
}
