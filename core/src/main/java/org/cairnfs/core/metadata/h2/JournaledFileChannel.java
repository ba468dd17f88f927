package org.cairnfs.core.metadata.h2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import org.h2.store.fs.FileBase;

/**
 * A file channel that runs a barrier before each write and truncation ({@link GuardedWrites}). Thread-safe as the channel beneath it is; H2 reads
 * and writes at explicit positions only.
 */
final class JournaledFileChannel extends FileBase {
    private final FileChannel beneath;
    private final GuardedWrites writes;

    JournaledFileChannel(FileChannel beneath, GuardedWrites writes) {
        this.beneath = beneath;
        this.writes = writes;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return beneath.read(target);
    }

    /** Not synchronized, unlike the inherited one: readers do not wait for each other. */
    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public int read(ByteBuffer target, long position) throws IOException {
        return beneath.read(target, position);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        writes.before(source.remaining());
        return beneath.write(source);
    }

    /** Not synchronized, unlike the inherited one: readers do not wait for each other. */
    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public int write(ByteBuffer source, long position) throws IOException {
        writes.before(source.remaining());
        return beneath.write(source, position);
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        writes.before(0);
        beneath.truncate(size);
        return this;
    }

    @Override
    public long position() throws IOException {
        return beneath.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
        beneath.position(position);
        return this;
    }

    @Override
    public long size() throws IOException {
        return beneath.size();
    }

    @Override
    public void force(boolean metaData) throws IOException {
        beneath.force(metaData);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        return beneath.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        beneath.close();
    }
}
