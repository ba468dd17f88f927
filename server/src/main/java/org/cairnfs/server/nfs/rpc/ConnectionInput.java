package org.cairnfs.server.nfs.rpc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cairnfs.server.nfs.rpc.MemoryShare.Reservation;
import org.cairnfs.server.nfs.rpc.RpcMetrics.Refusal;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.nio.NIOConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the records of one connection, and pauses at the limits.
 *
 * <p>A record is begun only while the connection is below its limits; while it is not, or while the record waits for
 * memory, the socket is not read from: what was read already (at most {@value RpcLimits#READ_BYTES} bytes) is kept,
 * and the rest waits with the peer. Nothing is begun once the server stops.
 *
 * <p>Threading: the fields without a comment are confined to the connection's selector thread, where {@link #received} is
 * called and where everything that goes on later is sent ({@link #goOn}). {@code paused} is set <em>before</em> the limits
 * are looked at again, and read after they have changed, so a pause is never slept through.
 */
final class ConnectionInput {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionInput.class);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final long NO_RECORD = 0;

    private final TcpConnection connection;
    private final Connection<?> grizzly;
    private final ServerContext server;
    private final RpcLimits limits;
    private final MemoryShare memory;
    private final RecordAssembler assembler;

    private ByteBuffer kept = NOTHING;
    private boolean readingDisabled;
    private boolean held;
    private boolean waitingForMemory;

    /** Of the record being read; written by the selector thread, released by any. */
    private volatile Reservation reservation;
    /** When the record being read began, or {@link #NO_RECORD}; written by the selector thread. */
    private volatile long recordSince = NO_RECORD;
    /** Written by the selector thread. */
    private volatile boolean paused;
    /** Whether a task of this input is queued for the selector thread. */
    private final AtomicBoolean goingOn = new AtomicBoolean();
    /** Set by any thread. */
    private volatile boolean closed;

    ConnectionInput(TcpConnection connection, Connection<?> grizzly, ServerContext server) {
        this.connection = connection;
        this.grizzly = grizzly;
        this.server = server;
        this.limits = server.limits();
        this.memory = connection.share().requests();
        this.assembler = new RecordAssembler(limits.recordBytes());
    }

    /** Bytes have arrived; they are used or copied before this returns. */
    void received(ByteBuffer bytes) throws RefusedException, IOException {
        server.metrics().bytesReceived(bytes.remaining());
        if (kept.hasRemaining()) {
            ByteBuffer joined = ByteBuffer.allocate(kept.remaining() + bytes.remaining());
            kept = joined.put(kept).put(bytes).flip();
            read(kept);
        } else {
            read(bytes);
            if (bytes.hasRemaining()) {
                kept = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
            }
        }
    }

    /** Has reading go on if it is paused and the limits allow it. Any thread. */
    void resumeIfPossible() {
        if (paused && !closed && isWellBelowLimits()) {
            goOn();
        }
    }

    /** For how long the record being read has been arriving; 0 when there is none, or when it waits for us. */
    long recordAgeNanos(long now) {
        long since = recordSince;
        return since == NO_RECORD ? 0 : now - since;
    }

    /** Whether a record on its way in holds memory that was reserved for it. */
    boolean holdsReservation() {
        Reservation held = reservation;
        return held != null && held.isGranted();
    }

    /** The connection has closed. Any thread. */
    void close() {
        closed = true;
        Reservation held = reservation;
        if (held != null) {
            held.release();
        }
    }

    private void read(ByteBuffer in) throws RefusedException, IOException {
        while (!closed && !waitingForMemory) {
            if (!assembler.isInRecord() && !isBelowLimits()) {
                pauseReading();
                paused = true;
                if (!isWellBelowLimits()) {
                    return;
                }
                paused = false;
            }
            switch (assembler.advance(in)) {
                case NEEDS_INPUT -> {
                    recordSince = assembler.isInRecord() ? sinceNow() : NO_RECORD;
                    resumeReading();
                    return;
                }
                case NEEDS_MEMORY -> reserve();
                case RECORD -> {
                    if (!deliver()) {
                        requireNothingMore(in);
                        return;
                    }
                }
            }
        }
    }

    /** The time that the record in progress began, which is now if it was not known. */
    private long sinceNow() {
        return recordSince == NO_RECORD ? Math.max(1, System.nanoTime()) : recordSince;
    }

    private void reserve() throws IOException {
        Reservation reserved = memory.reserve(assembler.memoryNeeded(), this::goOn);
        reservation = reserved;
        if (closed) {
            reserved.release();
        } else if (reserved.isGranted()) {
            assembler.memoryGranted();
        } else {
            waitingForMemory = true;
            recordSince = NO_RECORD;
            pauseReading();
        }
    }

    /** What came in the clear behind a call to speak TLS was put there by anybody (RFC 9289 section 4.1). */
    private static void requireNothingMore(ByteBuffer in) throws RefusedException {
        if (in.hasRemaining()) {
            throw new RefusedException(Refusal.TLS, in.remaining() + " bytes in the clear behind the call for TLS");
        }
    }

    /** Hands the record on; whether what follows it is read here, too. */
    private boolean deliver() throws RefusedException {
        ByteBuffer record = assembler.takeRecord();
        Reservation reserved = reservation;
        reservation = null;
        recordSince = NO_RECORD;
        long added = RpcLimits.CALL_OVERHEAD_BYTES + (reserved == null ? record.remaining() : 0);
        memory.add(added);
        return connection.accept(record, () -> {
            memory.subtract(added);
            if (reserved != null) {
                reserved.release();
            }
        });
    }

    private boolean isBelowLimits() {
        int calls = connection.callsInFlight();
        return !server.isStopping()
                && calls < limits.callsPerConnection()
                && connection.output().queuedBytes() <= limits.replyBytesPerConnection()
                && (calls == 0 || !memory.isOver());
    }

    /** Below the limits by so much that it is worth while to begin again. */
    private boolean isWellBelowLimits() {
        int calls = connection.callsInFlight();
        return !server.isStopping()
                && calls <= limits.callsPerConnection() - Math.max(1, limits.callsPerConnection() / 4)
                && connection.output().queuedBytes() <= limits.replyBytesPerConnection() / 2
                && (calls == 0 || !memory.isOver());
    }

    /** Has the selector thread read on, from what is kept and then from the socket. Any thread. */
    private void goOn() {
        if (goingOn.compareAndSet(false, true)) {
            NIOConnection nio = (NIOConnection) grizzly;
            nio.executeInEventThread(IOEvent.READ, this::goOnHere);
        }
    }

    private void goOnHere() {
        goingOn.set(false);
        try {
            Reservation reserved = reservation;
            if (waitingForMemory && reserved != null && reserved.isGranted()) {
                waitingForMemory = false;
                recordSince = sinceNow();
                assembler.memoryGranted();
            }
            paused = false;
            read(kept);
            if (!kept.hasRemaining()) {
                kept = NOTHING;
            }
        } catch (RefusedException e) {
            connection.refuse(e);
        } catch (IOException e) {
            connection.close(e.getMessage());
        } catch (Throwable e) {
            LOG.error("Reading on from {} failed; it is closed", connection, e);
            connection.close("internal error");
        }
    }

    /** Selector thread only: Grizzly changes the key's interest without a lock. */
    private void pauseReading() throws IOException {
        if (!readingDisabled) {
            readingDisabled = true;
            server.metrics().readingPaused();
            if (!held) {
                grizzly.disableIOEvent(IOEvent.READ);
            }
        }
    }

    private void resumeReading() throws IOException {
        if (readingDisabled) {
            readingDisabled = false;
            if (!held) {
                grizzly.enableIOEvent(IOEvent.READ);
            }
        }
    }

    /** Leaves what comes with the peer, whatever the limits here say, until {@link #release}. Selector thread only. */
    void hold() throws IOException {
        if (!held) {
            held = true;
            if (!readingDisabled) {
                server.metrics().readingPaused();
                grizzly.disableIOEvent(IOEvent.READ);
            }
        }
    }

    /** Ends what {@link #hold} began, if it did. */
    void release() throws IOException {
        if (held) {
            held = false;
            if (!readingDisabled) {
                grizzly.enableIOEvent(IOEvent.READ);
            }
        }
    }
}
