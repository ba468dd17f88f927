package org.cairnfs.server.admin;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Optional;

/**
 * Lines over a blocking channel, of a bounded length: a peer that sends more than the bound without a line end makes the
 * reader fail, not grow. For one reader and one writer at a time.
 */
final class LineChannel implements AutoCloseable {
    private final ByteChannel channel;
    private final int maxLineBytes;
    private final ByteBuffer buffer = ByteBuffer.allocate(8192).limit(0);

    /** @param maxLineBytes of a line that is read, without its end */
    LineChannel(ByteChannel channel, int maxLineBytes) {
        this.channel = channel;
        this.maxLineBytes = maxLineBytes;
    }

    /**
     * The next line without its end; empty at the end of the stream.
     *
     * @throws LineTooLongException beyond the bound
     * @throws EOFException in the middle of a line
     */
    Optional<byte[]> read() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            while (buffer.hasRemaining()) {
                byte next = buffer.get();
                if (next == '\n') {
                    return Optional.of(line.toByteArray());
                }
                if (line.size() == maxLineBytes) {
                    throw new LineTooLongException(maxLineBytes);
                }
                line.write(next);
            }
            buffer.clear();
            int read = channel.read(buffer);
            buffer.flip();
            if (read < 0) {
                if (line.size() > 0) {
                    throw new EOFException("the stream ends in the middle of a line");
                }
                return Optional.empty();
            }
        }
    }

    /** Writes a line that brings its end. */
    void write(byte[] line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(line);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** A peer that does not end its line. */
    static final class LineTooLongException extends IOException {
        private static final long serialVersionUID = 1L;

        LineTooLongException(int maxLineBytes) {
            super("a line is longer than " + maxLineBytes + " bytes");
        }
    }
}
