package org.cairnfs.core.volume;

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
record LocalKeys(Optional<KeyRing> keys, UUID stateDirectory) {
    private static final String JOURNAL = "journal";
    private static final String DATABASE = "database";

    JournalSealer journal() {
        return keys.<JournalSealer>map(ring -> new AesGcmSealer(key(ring, JOURNAL), ring.currentGeneration()))
                .orElse(PlainSealer.INSTANCE);
    }

    /** After a change of the key the database is made anew, as its file does not open with another. */
    DatabaseOptions database() {
        return keys.map(ring -> DatabaseOptions.DEFAULT.withKey(Bytes.ofTrusted(key(ring, DATABASE))))
                .orElse(DatabaseOptions.DEFAULT);
    }

    private byte[] key(KeyRing ring, String purpose) {
        return ring.localKey(purpose, stateDirectory, ring.currentGeneration());
    }
}
