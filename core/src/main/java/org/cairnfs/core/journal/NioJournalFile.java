package org.cairnfs.core.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file by {@link FileChannel}, made proof against interrupts.
 *
 * <p>An interrupt of a thread in a call of a FileChannel closes the channel for everybody; a journal would fail for good
 * because one thread was asked to end. So here the channel is opened again and the call repeated (all calls are by
 * position, and repeat), and the interrupt is set again afterwards. The file must not have been unlinked meanwhile; the
 * journal unlinks a file only when nobody uses it.
 *
 * <p>Threading: {@link #channel} is replaced under this object's monitor; the channel's own position is used by the one
 * writer only.
 */
final class NioJournalFile implements JournalFile {
    /** Slack of the guess whether a failure that names no reason was for want of space. */
    private static final long FULL_BELOW = 1 << 20;

    private final Path path;
    private volatile FileChannel channel;
    private volatile boolean closed;

    NioJournalFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static FileChannel open(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Override
    public long size() throws IOException {
        return uninterrupted(FileChannel::size);
    }

    @Override
    public void write(long position, ByteBuffer... sources) throws IOException {
        long end = position + remaining(sources);
        try {
            uninterrupted(current -> {
                long at = end - remaining(sources);
                if (sources.length == 1) {
                    while (sources[0].hasRemaining()) {
                        at += current.write(sources[0], at);
                    }
                } else {
                    current.position(at);
                    while (at < end) {
                        at += current.write(sources);
                    }
                }
                return at;
            });
        } catch (FileSystemException | ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            throw isForWantOfSpace(e, remaining(sources)) ? new OutOfSpaceException("no space for " + path, e) : e;
        }
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
        int start = target.position();
        return uninterrupted(current -> {
            while (target.hasRemaining()) {
                if (current.read(target, position + target.position() - start) < 0) {
                    break;
                }
            }
            return target.position() - start;
        });
    }

    @Override
    public void force(boolean metadata) throws IOException {
        uninterrupted(current -> {
            current.force(metadata);
            return null;
        });
    }

    @Override
    public void truncate(long size) throws IOException {
        uninterrupted(current -> current.truncate(size));
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        channel.close();
    }

    private <T> T uninterrupted(Call<T> call) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                FileChannel current = channel;
                try {
                    return call.on(current);
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                    replace(current, e);
                } catch (ClosedChannelException e) {
                    replace(current, e); // closed by the interrupt of another thread
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void replace(FileChannel broken, ClosedChannelException reason) throws IOException {
        if (closed) {
            throw reason;
        }
        if (channel == broken) {
            channel = open(path);
        }
    }

    /** The system's message is in the language of the machine, so that space is asked for as well. */
    private boolean isForWantOfSpace(IOException failure, long wanted) throws IOException {
        String message = String.valueOf(failure.getMessage());
        return message.contains("No space left")
                || message.contains("quota exceeded")
                || Files.getFileStore(path).getUsableSpace() < wanted + FULL_BELOW;
    }

    private static long remaining(ByteBuffer... buffers) {
        long sum = 0;
        for (ByteBuffer buffer : buffers) {
            sum += buffer.remaining();
        }
        return sum;
    }

    @FunctionalInterface
    private interface Call<T> {
        T on(FileChannel channel) throws IOException;
    }
}
