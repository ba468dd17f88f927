package org.cairnfs.core.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The journal in files: segments ({@link SegmentHeader}) of frames ({@link FrameHeader}), opened by {@link Recovery}.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A segment is written by one start of the journal only. Each start makes a new one, with a new salt, once all that was
 *       recovered is on the disk; so nothing that was cut off can come to life again, and no nonce comes twice.
 *   <li>A segment is made after the one before was forced; so only the newest can have a torn end.
 *   <li>{@code synced} never names a record that is not on the disk.
 *   <li>After a failed write or force nothing is written or forced any more.
 * </ul>
 *
 * <p>Threading: {@link #appendLock} guards {@link #writer}, the end of {@link #active} and the taking of sequences; it is held
 * during writes, and during the force at the end of a segment, never during a group's force. No other lock is taken inside it
 * but the monitors of {@link SegmentTable}, {@link GroupSync} and {@link Reserve}, which call nobody back.
 */
public final class FileJournal implements Journal {
    /** A segment of which this part is used may be ended early, so that it can be trimmed. */
    private static final int EARLY_END_FRACTION = 4;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final JournalFiles files;
    private final JournalOptions options;
    private final long incarnation;
    private final FailStop failStop;
    private final SegmentTable segments;
    private final Reserve reserve;
    private final GroupSync groupSync;
    private final RoomGate roomGate;
    private final ReentrantLock appendLock = new ReentrantLock();
    private final FrameWriter writer;
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile Segment active;

    private FileJournal(
            JournalFiles files, JournalOptions options, List<Segment> found, Reserve reserve, Segment active) {
        this.files = files;
        this.options = options;
        this.incarnation = active.header.incarnation();
        this.failStop = new FailStop(options.onFailure());
        this.segments = new SegmentTable(files, found);
        this.segments.add(active);
        this.reserve = reserve;
        this.active = active;
        this.groupSync = new GroupSync(this::forceActive, failStop, options.metrics(), active.lastSequence);
        this.roomGate = new RoomGate(files, segments::bytes, options, failStop);
        this.writer = new FrameWriter(reserve::release);
    }

    /**
     * Opens the journal in this directory, or makes one if there is none; returns when all that it holds is on the disk.
     *
     * @throws JournalCorruptException if a record that was known to be on the disk is not there whole
     * @throws JournalFailedException if the files cannot be read or written
     */
    public static FileJournal open(JournalFiles files, JournalOptions options)
            throws JournalFailedException, JournalCorruptException {
        try {
            List<Segment> found = Recovery.recover(files, options.sealer());
            try {
                return begin(files, options, found);
            } catch (IOException | JournalCorruptException | RuntimeException e) {
                Recovery.close(found, e);
                throw e;
            }
        } catch (IOException e) {
            throw new JournalFailedException("cannot open the journal in " + files + ": " + e.getMessage(), e);
        }
    }

    /** Whether there is a journal in this directory: one segment at least, be it damaged. */
    public static boolean exists(JournalFiles files) throws IOException {
        return files.list().stream().anyMatch(name -> Segment.numberOf(name) > 0);
    }

    private static FileJournal begin(JournalFiles files, JournalOptions options, List<Segment> found)
            throws IOException, JournalCorruptException {
        Segment newest = found.isEmpty() ? null : found.get(found.size() - 1);
        long incarnation = Math.max(options.minimumIncarnation(), newest == null ? 0 : newest.header.incarnation() + 1);
        Reserve reserve = new Reserve(files, options.reserveBytes());
        SegmentHeader header = Recovery.next(newest, options, incarnation);
        Segment active = create(files, header, options.sealer(), reserve);
        reserve.ensure(options.minimumFreeBytes());
        return new FileJournal(files, options, found, reserve, active);
    }

    /** The number of this start: higher than that of every earlier one, and on the disk. */
    public long incarnation() {
        return incarnation;
    }

    @Override
    public boolean awaitRoom(Room room, long bytes, long timeoutMillis) throws JournalFailedException {
        failStop.check();
        return room == Room.RESERVE || roomGate.await(bytes, timeoutMillis);
    }

    @Override
    public Appended append(ByteBuffer head, ByteBuffer payload) throws JournalFailedException {
        if (head.remaining() > FrameHeader.MAX_HEAD || payload.remaining() > FrameHeader.MAX_PAYLOAD) {
            throw new IllegalArgumentException(
                    "head of " + head.remaining() + " bytes, payload of " + payload.remaining() + " bytes");
        }
        Throwable failure;
        appendLock.lock();
        try {
            failStop.check();
            return appendLocked(head.duplicate(), payload.duplicate());
        } catch (IOException | JournalCorruptException | RuntimeException | Error e) {
            failStop.mark(e); // a part may be written: nothing may follow it
            failure = e;
        } finally {
            appendLock.unlock();
        }
        throw failStop.announce(failure);
    }

    private Appended appendLocked(ByteBuffer head, ByteBuffer payload) throws IOException, JournalCorruptException {
        long now = options.clock().getAsLong();
        Segment segment = active;
        int length = payload.remaining();
        FrameHeader header = new FrameHeader(
                false,
                head.remaining(),
                length,
                segment.header.salt().high(),
                segment.lastSequence + 1,
                now,
                groupSync.synced());
        long bytes = header.frameBytes(segment.sealer.tagBytes());
        if (segment.end + bytes > options.segmentBytes() && !segment.isEmpty()) {
            roll();
            return appendLocked(head, payload);
        }
        long position = writer.write(segment, header, head, payload);
        segment.accept(header);
        options.metrics().appended(bytes);
        return new Appended(header.sequence(), new PayloadRef(segment.number(), position, length));
    }

    /** Ends the active segment and begins the next; with the append lock. */
    private void roll() throws IOException, JournalCorruptException {
        Segment old = active;
        old.file.force(true);
        groupSync.advance(old.lastSequence);
        SegmentHeader header = Recovery.next(old, options, incarnation);
        Segment next = create(files, header, options.sealer(), reserve);
        segments.add(next);
        active = next;
    }

    /** Makes a segment; gives the reserve up if the disk is full. */
    private static Segment create(JournalFiles files, SegmentHeader header, JournalSealer sealer, Reserve reserve)
            throws IOException, JournalCorruptException {
        try {
            return Segment.create(files, header, sealer);
        } catch (OutOfSpaceException e) {
            if (!reserve.release()) {
                throw e;
            }
            files.delete(Segment.fileName(header.number()));
            return Segment.create(files, header, sealer);
        }
    }

    @Override
    public void sync(long sequence) throws JournalFailedException {
        if (sequence > lastSequence()) {
            throw new IllegalArgumentException("sync of " + sequence + ", the newest is " + lastSequence());
        }
        groupSync.await(sequence);
    }

    private long forceActive() throws IOException {
        Segment segment;
        long last;
        appendLock.lock();
        try {
            segment = active;
            last = segment.lastSequence;
            segment.retain();
        } finally {
            appendLock.unlock();
        }
        try {
            segment.file.force(false);
        } finally {
            segments.release(List.of(segment));
        }
        return last;
    }

    @Override
    public long lastSequence() {
        return active.lastSequence;
    }

    @Override
    public long syncedSequence() {
        return groupSync.synced();
    }

    @Override
    public void readPayload(PayloadRef payload, int offset, ByteBuffer target)
            throws JournalFailedException, JournalCorruptException {
        failStop.check();
        Segment segment = segments.retain(payload.segment());
        if (segment == null) {
            throw new IllegalArgumentException("the segment of " + payload + " is not kept any more");
        }
        try {
            try {
                PayloadReader.read(segment, payload, offset, target);
            } finally {
                segments.release(List.of(segment));
            }
        } catch (IOException e) {
            throw failStop.announce(e);
        }
    }

    @Override
    public void replay(long fromSequence, RecordVisitor visitor)
            throws JournalFailedException, JournalCorruptException {
        visit(fromSequence, Long.MAX_VALUE, fromSequence, visitor);
    }

    @Override
    public void heads(long fromSequence, long toSequence, RecordVisitor visitor)
            throws JournalFailedException, JournalCorruptException {
        visit(fromSequence, toSequence, Long.MAX_VALUE, visitor);
    }

    private void visit(long from, long to, long verifyFrom, RecordVisitor visitor)
            throws JournalFailedException, JournalCorruptException {
        failStop.check();
        List<Segment> all = segments.retainAll();
        try {
            try {
                new RecordScan(from, to, verifyFrom).visit(all, visitor);
            } finally {
                segments.release(all);
            }
        } catch (IOException e) {
            throw failStop.announce(e);
        }
    }

    @Override
    public long oldestSequence() {
        return segments.oldest().header.firstSequence();
    }

    /** Of the newest segment with a record, the time of its making: at most a segment's worth of records too early. */
    @Override
    public long newestNotBefore() {
        return segments.newestWithRecords()
                .map(segment -> segment.header.createdMillis())
                .orElse(0L);
    }

    @Override
    public void trim(long sequence) throws JournalFailedException {
        failStop.check();
        long keptFrom = options.clock().getAsLong() - options.keepMillis();
        try {
            endEarly(sequence, keptFrom);
            segments.drop((segment, bytes) -> mayGo(segment, bytes, sequence, keptFrom));
            reserve.ensure(options.minimumFreeBytes());
        } catch (IOException | JournalCorruptException e) {
            throw failStop.announce(e);
        }
        roomGate.wake();
    }

    /** Ends the active segment if it could go but for being the active one, and that is worth a new file. */
    private void endEarly(long sequence, long keptFrom) throws IOException, JournalCorruptException {
        appendLock.lock();
        try {
            Segment segment = active;
            boolean worth = roomGate.isAwaited() || segment.end > options.segmentBytes() / EARLY_END_FRACTION;
            if (worth && !segment.isEmpty() && mayGo(segment, segment.end, sequence, keptFrom)) {
                roll();
            }
        } finally {
            appendLock.unlock();
        }
    }

    /** @param bytes of this segment and all newer ones */
    private boolean mayGo(Segment segment, long bytes, long sequence, long keptFrom) {
        return segment.lastSequence < sequence && (segment.lastTimeMillis <= keptFrom || bytes > options.keepBytes());
    }

    @Override
    public Pin pin() {
        List<Segment> pinned = segments.retainAll();
        AtomicBoolean open = new AtomicBoolean(true);
        return () -> {
            if (open.compareAndSet(true, false)) {
                unpin(pinned);
            }
        };
    }

    private void unpin(List<Segment> pinned) {
        try {
            segments.release(pinned);
        } catch (IOException e) {
            failStop.announce(e); // the next call of the journal says so
        }
        roomGate.wake();
    }

    @Override
    public Usage usage() {
        return new Usage(segments.bytes(), options.boundBytes(), roomGate.shortage());
    }

    /** Syncs everything and marks the end as clean, unless the journal failed; gives the files back in any case. */
    @Override
    public void close() throws JournalFailedException {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        Throwable failure = null;
        appendLock.lock();
        try {
            failStop.close();
            if (!failStop.isFailed()) {
                markEnd();
            }
        } catch (IOException e) {
            failStop.mark(e);
            failure = e;
        } finally {
            appendLock.unlock();
        }
        groupSync.awaitIdle();
        try {
            segments.closeAll();
        } catch (IOException e) {
            failStop.mark(e);
            failure = e;
        }
        roomGate.wake();
        if (failure != null) {
            throw failStop.announce(failure);
        }
    }

    private void markEnd() throws IOException {
        Segment segment = active;
        segment.file.force(true);
        long last = segment.lastSequence;
        groupSync.advance(last);
        FrameHeader mark = new FrameHeader(
                true, 0, 0, segment.header.salt().high(), last, options.clock().getAsLong(), last);
        writer.write(segment, mark, NOTHING.duplicate(), NOTHING.duplicate());
        segment.accept(mark);
        segment.file.force(true);
    }
}
