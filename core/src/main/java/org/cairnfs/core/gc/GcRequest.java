package org.cairnfs.core.gc;

/**
 * What a run is asked for.
 *
 * @param dropRestorePoints whether nothing but the present is to be restored from now on
 * @param waits whether it waits for the grace time, so that what it rewrote can go at once
 * @param strays whether objects that belong to nothing are looked for, which takes a list of the bucket
 */
public record GcRequest(boolean dropRestorePoints, boolean waits, boolean strays) {
    /** As in the background: nobody waits. */
    public static final GcRequest QUIET = new GcRequest(false, false, false);

    /** As a person asks for it. */
    public static final GcRequest WHOLE = new GcRequest(false, true, true);

    /** The same, and everything goes but the present. */
    public static final GcRequest DROP_ALL = new GcRequest(true, true, true);
}
