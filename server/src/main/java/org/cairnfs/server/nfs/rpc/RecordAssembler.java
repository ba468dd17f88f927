package org.cairnfs.server.nfs.rpc;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.cairnfs.server.nfs.rpc.RpcMetrics.Refusal;

/**
 * Puts the records of one byte stream together from their fragments (record marking, RFC 5531 section 11).
 *
 * <p>Invariants: a fragment that would take its record over the limit is refused at its header; memory follows the bytes
 * that have arrived, at most twice as much, until {@value RpcLimits#UNRESERVED_RECORD_BYTES} bytes of a record are
 * there; for more than that the assembler stops and asks for memory ({@link Step#NEEDS_MEMORY}), and only when that
 * has been granted does it allocate what the header announces.
 *
 * <p>Not thread-safe: confined to the thread that reads the stream.
 */
final class RecordAssembler {
    /** Where {@link #advance} stopped. */
    enum Step {
        /** The input is used up. */
        NEEDS_INPUT,
        /** {@link #memoryNeeded()} bytes must be reserved, then {@link #memoryGranted()} called. */
        NEEDS_MEMORY,
        /** A record is complete: {@link #takeRecord()}. */
        RECORD
    }

    private static final int HEADER_BYTES = 4;
    private static final int LAST_FRAGMENT = 0x8000_0000;
    private static final int FIRST_ALLOCATION_BYTES = 256;
    private static final byte[] EMPTY = {};

    private final int maxRecordBytes;

    private int headerBytesRead;
    private int header;
    private boolean inFragment;
    private boolean lastFragment;
    private int fragments;
    private int fragmentRemaining;
    private boolean granted;
    private byte[] record = EMPTY;
    private int recordLength;

    /** @param maxRecordBytes the largest record, all fragments together */
    RecordAssembler(int maxRecordBytes) {
        this.maxRecordBytes = maxRecordBytes;
    }

    /** Whether a record has begun and is not complete. */
    boolean isInRecord() {
        return inFragment || headerBytesRead > 0 || fragments > 0;
    }

    /**
     * Uses {@code input} up to the end of a record, or up to where memory is needed, or all of it.
     *
     * @throws RefusedException when the stream breaks a limit; it cannot be read on
     */
    Step advance(ByteBuffer input) throws RefusedException {
        while (true) {
            if (!inFragment && !readHeader(input)) {
                return Step.NEEDS_INPUT;
            }
            if (fragmentRemaining > 0) {
                if (!input.hasRemaining()) {
                    return Step.NEEDS_INPUT;
                }
                int length = Math.min(fragmentRemaining, input.remaining());
                if (!granted && recordLength + length > RpcLimits.UNRESERVED_RECORD_BYTES) {
                    return Step.NEEDS_MEMORY;
                }
                append(input, length);
            }
            if (fragmentRemaining == 0) {
                inFragment = false;
                if (lastFragment) {
                    return Step.RECORD;
                }
            }
        }
    }

    /** The bytes to reserve for the whole record, as far as its end is known; never more than the limit. */
    int memoryNeeded() {
        return lastFragment ? recordLength + fragmentRemaining : maxRecordBytes;
    }

    /** {@link #memoryNeeded()} bytes have been reserved for this record. */
    void memoryGranted() {
        granted = true;
    }

    /** The record that is complete, which is the caller's now; the next one may begin. */
    ByteBuffer takeRecord() {
        if (!lastFragment || inFragment) {
            throw new IllegalStateException("no record is complete");
        }
        ByteBuffer complete = ByteBuffer.wrap(record, 0, recordLength);
        record = EMPTY;
        recordLength = 0;
        fragments = 0;
        lastFragment = false;
        granted = false;
        return complete;
    }

    private boolean readHeader(ByteBuffer input) throws RefusedException {
        while (headerBytesRead < HEADER_BYTES) {
            if (!input.hasRemaining()) {
                return false;
            }
            header = header << 8 | input.get() & 0xFF;
            headerBytesRead++;
        }
        headerBytesRead = 0;
        lastFragment = (header & LAST_FRAGMENT) != 0;
        fragmentRemaining = header & ~LAST_FRAGMENT;
        fragments++;
        if (fragmentRemaining > maxRecordBytes - recordLength) {
            throw new RefusedException(
                    Refusal.RECORD_TOO_LARGE,
                    "record of " + ((long) recordLength + fragmentRemaining) + " bytes or more, at most "
                            + maxRecordBytes + " allowed");
        }
        if (fragments > RpcLimits.FRAGMENTS_PER_RECORD) {
            throw new RefusedException(
                    Refusal.TOO_MANY_FRAGMENTS, "record of more than " + RpcLimits.FRAGMENTS_PER_RECORD + " fragments");
        }
        inFragment = true;
        return true;
    }

    private void append(ByteBuffer input, int length) {
        int needed = recordLength + length;
        if (needed > record.length) {
            record = Arrays.copyOf(record, capacityFor(needed));
        }
        input.get(record, recordLength, length);
        recordLength = needed;
        fragmentRemaining -= length;
    }

    private int capacityFor(int needed) {
        int wanted = Math.max(needed, Math.max(FIRST_ALLOCATION_BYTES, 2 * record.length));
        if (lastFragment) {
            int whole = recordLength + fragmentRemaining;
            return granted ? whole : Math.min(wanted, whole);
        }
        return Math.min(wanted, maxRecordBytes);
    }
}
