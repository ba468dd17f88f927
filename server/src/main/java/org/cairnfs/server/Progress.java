package org.cairnfs.server;

/**
 * Hears how far long work is. Called by the working thread, possibly often: implementations are quick, limit their own
 * rate, and never throw.
 */
@FunctionalInterface
public interface Progress {
    /** Hears nothing. */
    Progress NONE = (phase, done, total, unit) -> {};

    /** What is counted. */
    enum Unit {
        BYTES,
        OBJECTS,
        RECORDS,
        STEPS
    }

    /**
     * @param phase what is being done, for people: "uploading", "replaying the journal"
     * @param done so far, 0 or more
     * @param total expected; -1 if not known; may grow meanwhile
     */
    void report(String phase, long done, long total, Unit unit);
}
