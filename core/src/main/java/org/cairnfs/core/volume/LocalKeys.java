package org.cairnfs.core.volume;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.cairnfs.core.crypto.KeyRing;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.journal.AesGcmSealer;
import org.cairnfs.core.journal.JournalSealer;
import org.cairnfs.core.journal.PlainSealer;
import org.cairnfs.core.metadata.h2.DatabaseOptions;

/**
 * How what lies in a state directory is sealed: as the bucket is, with keys of the directory's own.
 *
 * @param keys of the bucket; empty without encryption
 * @param stateDirectory id of the directory
 */
public record LocalKeys(Optional<KeyRing> keys, UUID stateDirectory) {
    private static final String JOURNAL = "journal";
    private static final String DATABASE = "database";

    /** Segments of before a rotation open with the key of then. */
    public JournalSealer journal() {
        if (keys.isEmpty()) {
            return PlainSealer.INSTANCE;
        }
        KeyRing ring = keys.get();
        Map<Integer, byte[]> byGeneration = new HashMap<>();
        for (int generation : ring.generations()) {
            byGeneration.put(generation, ring.localKey(JOURNAL, stateDirectory, generation));
        }
        return new AesGcmSealer(byGeneration);
    }

    /** After a change of the key the database is made anew, as its file does not open with another. */
    public DatabaseOptions database() {
        return keys.map(ring -> DatabaseOptions.DEFAULT.withKey(
                        Bytes.ofTrusted(ring.localKey(DATABASE, stateDirectory, ring.currentGeneration()))))
                .orElse(DatabaseOptions.DEFAULT);
    }
}
