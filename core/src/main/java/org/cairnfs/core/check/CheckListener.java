package org.cairnfs.core.check;

/** Hears how far a check is. */
@FunctionalInterface
public interface CheckListener {
    /** Nobody. */
    CheckListener NONE = (phase, done, total) -> {};

    /**
     * Called now and then.
     *
     * @param phase what is being done, for a person
     * @param total -1 if nobody knows
     */
    void phase(String phase, long done, long total);
}
