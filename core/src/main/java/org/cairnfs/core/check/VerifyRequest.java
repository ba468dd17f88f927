package org.cairnfs.core.check;

import java.time.Instant;
import java.util.Optional;

/**
 * What is to be read back.
 *
 * @param data whether to read all bytes; else only objects and their sizes are looked at
 * @param sample which part of the chunks is read, over 0, up to 1
 * @param since only what was put into the store since then, by its clock; empty for all
 */
public record VerifyRequest(boolean data, double sample, Optional<Instant> since) {
    /** Checks. */
    public VerifyRequest {
        if (!(sample > 0 && sample <= 1)) {
            throw new IllegalArgumentException("a sample of " + sample);
        }
    }
}
