package org.cairnfs.core.journal;

import java.security.SecureRandom;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * How a {@link FileJournal} is to be. Made by a {@link Builder}.
 *
 * @param segmentBytes size from which a new segment is begun; at least 4096 (a larger record gets a segment of its own)
 * @param boundBytes of all segments together, from which ordinary mutations wait; at least two segments
 * @param reserveBytes of a file that is kept on the disk to be given up when it is full; 0 for none
 * @param minimumFreeBytes on the disk, below which ordinary mutations wait
 * @param keepMillis segments with records younger than this are not trimmed,
 * @param keepBytes but for those beyond the newest segments that fit in this; so a fast writer does not fill the bound with what is
 *     only young
 * @param firstSequence of a journal that is made anew, at least 1; after a rebuild: above all that was shipped
 * @param minimumIncarnation of this start, at least 1; the journal takes a higher one if it had this one already
 * @param sealer of new segments; must know the keys of the kept ones
 * @param clock wall clock, ms since 1970
 * @param random of salts
 * @param metrics is told of appends and syncs
 * @param onFailure is told once, with no lock of the journal held, when the journal has failed
 */
public record JournalOptions(
        long segmentBytes,
        long boundBytes,
        long reserveBytes,
        long minimumFreeBytes,
        long keepMillis,
        long keepBytes,
        long firstSequence,
        long minimumIncarnation,
        JournalSealer sealer,
        LongSupplier clock,
        SecureRandom random,
        JournalMetrics metrics,
        Consumer<JournalFailedException> onFailure) {

    public JournalOptions {
        if (segmentBytes < 4096 || boundBytes < 2 * segmentBytes || reserveBytes < 0 || minimumFreeBytes < 0) {
            throw new IllegalArgumentException("segments of " + segmentBytes + " bytes, bound " + boundBytes
                    + ", reserve " + reserveBytes + ", kept free " + minimumFreeBytes);
        }
        if (keepMillis < 0 || keepBytes < 0 || firstSequence < 1 || minimumIncarnation < 1) {
            throw new IllegalArgumentException("kept for " + keepMillis + " ms, first sequence " + firstSequence
                    + ", minimum incarnation " + minimumIncarnation);
        }
    }

    /**
     * The defaults: segments of 64 MiB, bound 2 GiB, reserve 16 MiB, 64 MiB kept free, plain; kept for 5 minutes, but no
     * more than 256 MiB or an eighth of the bound.
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {
        private static final long KEEP_BYTES = 256L << 20;
        private static final int KEEP_FRACTION = 8;

        private long segmentBytes = 64L << 20;
        private long boundBytes = 2L << 30;
        private long reserveBytes = 16L << 20;
        private long minimumFreeBytes = 64L << 20;
        private long keepMillis = 5 * 60 * 1000L;
        private OptionalLong keepBytes = OptionalLong.empty();
        private long firstSequence = 1;
        private long minimumIncarnation = 1;
        private JournalSealer sealer = PlainSealer.INSTANCE;
        private LongSupplier clock = System::currentTimeMillis;
        private SecureRandom random = new SecureRandom();
        private JournalMetrics metrics = JournalMetrics.NONE;
        private Consumer<JournalFailedException> onFailure = failure -> {};

        private Builder() {}

        public Builder segmentBytes(long bytes) {
            segmentBytes = bytes;
            return this;
        }

        public Builder boundBytes(long bytes) {
            boundBytes = bytes;
            return this;
        }

        public Builder reserveBytes(long bytes) {
            reserveBytes = bytes;
            return this;
        }

        public Builder minimumFreeBytes(long bytes) {
            minimumFreeBytes = bytes;
            return this;
        }

        public Builder keepMillis(long millis) {
            keepMillis = millis;
            return this;
        }

        public Builder keepBytes(long bytes) {
            keepBytes = OptionalLong.of(bytes);
            return this;
        }

        public Builder firstSequence(long sequence) {
            firstSequence = sequence;
            return this;
        }

        public Builder minimumIncarnation(long incarnation) {
            minimumIncarnation = incarnation;
            return this;
        }

        public Builder sealer(JournalSealer value) {
            sealer = value;
            return this;
        }

        public Builder clock(LongSupplier value) {
            clock = value;
            return this;
        }

        public Builder random(SecureRandom value) {
            random = value;
            return this;
        }

        public Builder metrics(JournalMetrics value) {
            metrics = value;
            return this;
        }

        public Builder onFailure(Consumer<JournalFailedException> listener) {
            onFailure = listener;
            return this;
        }

        public JournalOptions build() {
            return new JournalOptions(
                    segmentBytes,
                    boundBytes,
                    reserveBytes,
                    minimumFreeBytes,
                    keepMillis,
                    keepBytes.orElse(Math.min(KEEP_BYTES, boundBytes / KEEP_FRACTION)),
                    firstSequence,
                    minimumIncarnation,
                    sealer,
                    clock,
                    random,
                    metrics,
                    onFailure);
        }
    }
}
