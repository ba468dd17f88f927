package org.cairnfs.core.lock;

/**
 * Who holds locks on behalf of owners and can vanish as a whole: an NFSv4 client, an NLM host, the FUSE mount.
 *
 * @param adapter name of the adapter ({@code nfs4}, {@code nlm}, {@link #FUSE}, {@link #FLOCK}); keeps the numbers of adapters apart
 * @param id number that the adapter gave
 */
public record LockClient(String adapter, long id) {
    /** Adapter of the locks of fcntl(2) that processes of this machine take through a local mount. */
    public static final String FUSE = "fuse";

    /** Adapter of the locks of flock(2) that processes of this machine take through a local mount: of the whole file each. */
    public static final String FLOCK = "flock";

    /**
     * Whether locks of the one and the other never meet: Linux keeps flock(2) and fcntl(2) apart on one machine, and a program may take
     * both on one file. A client of NFS sends both as byte ranges (nfs(5)), so its locks meet either.
     */
    public boolean isApartFrom(LockClient other) {
        return adapter.equals(FUSE) && other.adapter.equals(FLOCK)
                || adapter.equals(FLOCK) && other.adapter.equals(FUSE);
    }
}
