package org.cairnfs.core.gc;

/** Hears how far a run is. */
@FunctionalInterface
public interface GcListener {
    /** Hears nothing. */
    GcListener NONE = (phase, done, total) -> {};

    /**
     * A run goes on.
     *
     * @param phase for a person
     * @param done of {@code total}, which is -1 if it is not known
     */
    void phase(String phase, long done, long total);
}
