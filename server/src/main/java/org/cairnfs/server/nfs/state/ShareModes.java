package org.cairnfs.server.nfs.state;

/**
 * The distinct (access, deny) pairs with which an owner opened a file: what OPEN_DOWNGRADE may go back to (RFC 7530
 * section 16.19.4).
 *
 * @param pairs bit {@code 4 * (access - 1) + deny} for each pair
 */
record ShareModes(int pairs) {
    static final ShareModes NONE = new ShareModes(0);

    private static final int BOTH = OpenRequest.READ | OpenRequest.WRITE;

    /** Whether bits are ones that OPEN takes: some access, and none but READ and WRITE. */
    static boolean isValid(int access, int deny) {
        return access >= 1 && access <= BOTH && deny >= 0 && deny <= BOTH;
    }

    /** Whether another open of the same owner would be denied by these, or deny them (RFC 7530 section 9.9, RFC 8881 section 9.7). */
    boolean conflictsWith(int access, int deny) {
        return (access() & deny) != 0 || (deny() & access) != 0;
    }

    boolean has(int access, int deny) {
        return (pairs & bit(access, deny)) != 0;
    }

    ShareModes with(int access, int deny) {
        return new ShareModes(pairs | bit(access, deny));
    }

    ShareModes without(int access, int deny) {
        return new ShareModes(pairs & ~bit(access, deny));
    }

    /** The pairs that are within these bits. */
    ShareModes within(int access, int deny) {
        int kept = 0;
        for (int a = 1; a <= BOTH; a++) {
            for (int d = 0; d <= BOTH; d++) {
                if ((a & ~access) == 0 && (d & ~deny) == 0) {
                    kept |= pairs & bit(a, d);
                }
            }
        }
        return new ShareModes(kept);
    }

    /** The union of all accesses. */
    int access() {
        int union = 0;
        for (int access = 1; access <= BOTH; access++) {
            union |= (pairs & 0xf << 4 * (access - 1)) == 0 ? 0 : access;
        }
        return union;
    }

    /** The union of all denies. */
    int deny() {
        int union = 0;
        for (int deny = 0; deny <= BOTH; deny++) {
            union |= (pairs & 0x111 << deny) == 0 ? 0 : deny;
        }
        return union;
    }

    private static int bit(int access, int deny) {
        return 1 << 4 * (access - 1) + deny;
    }
}
