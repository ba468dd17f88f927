package org.cairnfs.core.crypto;

/**
 * What Argon2id (RFC 9106) is to cost whoever tries a passphrase.
 *
 * <p>Stored costs are untrusted; the bounds here are checked before a byte is allocated.
 *
 * @param memoryKib in KiB, 8 per lane to 1 GiB
 * @param iterations 1 to 16
 * @param lanes 1 to 16
 */
public record Argon2Cost(int memoryKib, int iterations, int lanes) {
    /** The default: 64 MiB, 3 passes, 4 lanes, the second recommendation of RFC 9106, section 4. */
    public static final Argon2Cost DEFAULT = new Argon2Cost(64 << 10, 3, 4);

    /** The most memory that a stored cost may ask for, in KiB. */
    public static final int MAX_MEMORY_KIB = 1 << 20;

    /** The most passes that a stored cost may ask for. */
    public static final int MAX_ITERATIONS = 16;

    /** The most lanes that a stored cost may ask for. */
    public static final int MAX_LANES = 16;

    /** Checks the bounds. */
    public Argon2Cost {
        if (!isAllowed(memoryKib, iterations, lanes)) {
            throw new IllegalArgumentException(
                    "Argon2 cost out of bounds: " + memoryKib + " KiB, t=" + iterations + ", p=" + lanes);
        }
    }

    static boolean isAllowed(int memoryKib, int iterations, int lanes) {
        return lanes >= 1
                && lanes <= MAX_LANES
                && iterations >= 1
                && iterations <= MAX_ITERATIONS
                && memoryKib >= 8 * lanes
                && memoryKib <= MAX_MEMORY_KIB;
    }
}
