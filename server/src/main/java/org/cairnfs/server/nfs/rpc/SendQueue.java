package org.cairnfs.server.nfs.rpc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.EmptyCompletionHandler;
import org.glassfish.grizzly.WriteResult;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.memory.CompositeBuffer;
import org.glassfish.grizzly.memory.MemoryManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages that wait to go out on one connection.
 *
 * <p>At most one write is given to Grizzly at a time: the messages that queued up meanwhile, up to {@value
 * #BATCH_BYTES} bytes or a single one, go together in the next. So what waits is counted here alone, and how long the
 * head of the queue has been waiting is known.
 *
 * <p>Invariants: every message's bytes are added to the share of memory once when it is queued and subtracted once when it has been
 * sent or dropped, after which its callback runs once; {@code current} is null or the batch being written.
 *
 * <p>Thread-safe; the fields are guarded by this object's monitor. Writing, callbacks and those of the memory's share happen
 * outside of it.
 */
final class SendQueue {
    private static final Logger LOG = LoggerFactory.getLogger(SendQueue.class);
    private static final int BATCH_BYTES = 256 << 10;

    /**
     * One message, record mark and all.
     *
     * @param onDone runs when it has been sent or dropped
     */
    private record Message(List<ByteBuffer> buffers, int bytes, Runnable onDone) {}

    /** Messages that are written together. */
    private final class Batch extends EmptyCompletionHandler<WriteResult<Buffer, Object>> {
        private static final int WRITING = 0;
        private static final int DONE_BEFORE_WRITE_RETURNED = 1;
        private static final int WRITE_RETURNED = 2;

        private final List<Message> messages = new ArrayList<>();
        private final AtomicInteger progress = new AtomicInteger(WRITING);
        private long bytes;
        /** What is to be written after this one; set before {@code progress} tells that this one is done. */
        private Batch next;

        Buffer toBuffer(MemoryManager<?> memory) throws IOException {
            List<ByteBuffer> bytes = new ArrayList<>();
            messages.forEach(message -> bytes.addAll(message.buffers()));
            List<Buffer> parts = new ArrayList<>();
            for (ByteBuffer part : seal.apply(bytes)) {
                parts.add(Buffers.wrap(memory, part));
            }
            if (parts.size() == 1) {
                return parts.get(0);
            }
            CompositeBuffer whole = CompositeBuffer.newBuffer(memory, parts.toArray(Buffer[]::new));
            whole.allowBufferDispose(false);
            return whole;
        }

        /** Whether the write was completed while it was being called; if not, its completion goes on with the queue. */
        boolean isDoneAtReturn() {
            return !progress.compareAndSet(WRITING, WRITE_RETURNED);
        }

        @Override
        public void completed(WriteResult<Buffer, Object> result) {
            finish(this);
            if (!progress.compareAndSet(WRITING, DONE_BEFORE_WRITE_RETURNED)) {
                writeFrom(next);
            }
        }

        @Override
        public void failed(Throwable cause) {
            connection.terminateSilently();
        }
    }

    /** What the bytes of messages go through on their way to the socket. */
    @FunctionalInterface
    interface Seal {
        /** By one thread at a time, in the order in which messages are sent. */
        List<ByteBuffer> apply(List<ByteBuffer> messages) throws IOException;
    }

    private final Connection<Object> connection;
    private final MemoryShare memory;
    private final RpcMetrics metrics;
    private final Runnable onDrained;

    private final Deque<Message> waiting = new ArrayDeque<>();
    private Batch current;
    private long queuedBytes;
    private long headSince;
    private boolean closed;
    /** Set by whoever sends, while nothing waits. */
    private volatile Seal seal = messages -> messages;

    /** @param onDrained runs whenever messages have left the queue; on any thread; short */
    @SuppressWarnings("unchecked") // The type of a connection is that of its addresses, which are not looked at here.
    SendQueue(Connection<?> connection, MemoryShare memory, RpcMetrics metrics, Runnable onDrained) {
        this.connection = (Connection<Object>) connection;
        this.memory = memory;
        this.metrics = metrics;
        this.onDrained = onDrained;
    }

    /** Bytes that wait or are being written. */
    synchronized long queuedBytes() {
        return queuedBytes;
    }

    /** For how many nanoseconds the head of the queue has been the head; 0 when the queue is empty. */
    synchronized long headAgeNanos(long now) {
        return current == null ? 0 : now - headSince;
    }

    /**
     * Queues a message and writes as much as the socket takes.
     *
     * @param buffers the message, not to be changed until {@code onDone} has run
     * @param onDone runs once when it has been sent, or dropped because the connection is gone
     */
    void send(List<ByteBuffer> buffers, Runnable onDone) {
        int bytes = buffers.stream().mapToInt(ByteBuffer::remaining).sum();
        Batch toWrite = null;
        synchronized (this) {
            if (!closed) {
                memory.add(bytes);
                queuedBytes += bytes;
                waiting.addLast(new Message(buffers, bytes, onDone));
                if (current == null) {
                    nextBatch();
                    toWrite = current;
                }
                onDone = null;
            }
        }
        if (onDone != null) {
            onDone.run();
        }
        writeFrom(toWrite);
    }

    /** From the next message on, what is sent is sealed. Nothing may be waiting, and nobody else be sending. */
    void seal(Seal how) {
        seal = how;
    }

    /** Drops everything; the connection has closed. */
    void close() {
        List<Message> dropped;
        synchronized (this) {
            closed = true;
            dropped = new ArrayList<>(waiting);
            waiting.clear();
            if (current != null) {
                dropped.addAll(current.messages);
                current = null;
            }
            queuedBytes = 0;
        }
        done(dropped);
    }

    /** Writes batch after batch, until one does not go out at once or there is none. Only who made a batch current may. */
    private void writeFrom(Batch first) {
        Batch batch = first;
        while (batch != null) {
            try {
                write(batch);
            } catch (IOException e) {
                LOG.debug("What is to be sent cannot be sealed; the connection is closed: {}", e.getMessage());
                connection.terminateSilently();
                return;
            }
            if (!batch.isDoneAtReturn()) {
                return;
            }
            batch = batch.next;
        }
    }

    private void write(Batch batch) throws IOException {
        Buffer bytes = batch.toBuffer(connection.getTransport().getMemoryManager());
        if (bytes.hasRemaining()) {
            connection.write(bytes, batch);
        } else {
            batch.completed(null);
        }
    }

    /** Takes a batch that was written off the queue, unless the queue has been closed. */
    private void finish(Batch batch) {
        synchronized (this) {
            if (current != batch) {
                return;
            }
            queuedBytes -= batch.bytes;
            nextBatch();
            batch.next = current;
        }
        done(batch.messages);
    }

    private void nextBatch() {
        headSince = System.nanoTime();
        if (waiting.isEmpty()) {
            current = null;
            return;
        }
        current = new Batch();
        while (!waiting.isEmpty()
                && (current.bytes == 0 || current.bytes + waiting.peekFirst().bytes() <= BATCH_BYTES)) {
            Message next = waiting.removeFirst();
            current.messages.add(next);
            current.bytes += next.bytes();
        }
    }

    private void done(List<Message> messages) {
        for (Message message : messages) {
            metrics.bytesSent(message.bytes());
            memory.subtract(message.bytes());
            message.onDone().run();
        }
        onDrained.run();
    }
}
