package org.cairnfs.core.metadata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Optional;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.journal.JournalCorruptException;
import org.cairnfs.core.journal.JournalFailedException;
import org.cairnfs.core.metadata.CheckpointSource.Checkpoint;
import org.cairnfs.core.metadata.h2.Database;
import org.cairnfs.core.metadata.h2.DatabaseDamagedException;
import org.cairnfs.core.metadata.h2.Progress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the database and brings it up to the journal's end; a database that is damaged (or was found so when it was last used),
 * was open when the machine stopped ({@link OpenMark}), half-filled, ahead of the journal or behind its beginning is discarded and
 * rebuilt from the newest checkpoint, or from nothing if the journal is whole. It is kept where neither can be done.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final Path directory;
    private final OpenMark mark;
    private final Journal journal;
    private final MetadataOptions options;
    private final CheckpointSource checkpoints;
    private final Replay.Sinks sinks;

    Recovery(
            Path directory,
            OpenMark mark,
            Journal journal,
            MetadataOptions options,
            CheckpointSource checkpoints,
            Replay.Sinks sinks) {
        this.directory = directory;
        this.mark = mark;
        this.journal = journal;
        this.options = options;
        this.checkpoints = checkpoints;
        this.sinks = sinks;
    }

    /** The present as of the journal's end. */
    Present run() throws IOException, JournalFailedException, JournalCorruptException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Optional<String> distrust = mark.distrust();
        if (distrust.isPresent()) {
            LOG.warn("The metadata database is discarded and rebuilt from the journal: {}", distrust.get());
        } else if (Database.exists(directory)) {
            try {
                return resume();
            } catch (DatabaseDamagedException | SQLException e) {
                LOG.warn("The metadata database is discarded and rebuilt from the journal: {}", e.getMessage());
            }
        }
        try {
            return rebuild();
        } catch (DatabaseDamagedException | SQLException e) {
            throw new IOException("the metadata database in " + directory + " cannot be made", e);
        }
    }

    private Present resume()
            throws IOException, DatabaseDamagedException, SQLException, JournalFailedException,
                    JournalCorruptException {
        Database database = open();
        try {
            Progress progress = database.progress()
                    .orElseThrow(() -> new DatabaseDamagedException("it was not filled to the end", null));
            if (progress.appliedSequence() > journal.lastSequence()) {
                throw new DatabaseDamagedException(
                        "it holds record " + progress.appliedSequence() + ", the journal ends at "
                                + journal.lastSequence(),
                        null);
            }
            if (progress.appliedSequence() + 1 < journal.oldestSequence()) {
                throw new DatabaseDamagedException(
                        "it holds records up to " + progress.appliedSequence() + ", the journal begins at "
                                + journal.oldestSequence(),
                        null);
            }
            return replayed(database, progress, Optional.empty());
        } catch (Throwable e) {
            database.abandon();
            throw e;
        }
    }

    private Present rebuild()
            throws IOException, DatabaseDamagedException, SQLException, JournalFailedException,
                    JournalCorruptException {
        Optional<Checkpoint> checkpoint = checkpoints.newest();
        long from = checkpoint.map(found -> found.shippedThrough() + 1).orElse(1L);
        if (journal.oldestSequence() > from
                || checkpoint.isPresent()
                        && journal.lastSequence()
                                < Math.max(
                                        checkpoint.get().range().consistent(),
                                        checkpoint.get().shippedThrough())) {
            throw new MetadataLostException(
                    "the metadata database is gone, and the journal (records " + journal.oldestSequence() + " to "
                            + journal.lastSequence() + ") does not reach back to "
                            + (checkpoint.isPresent()
                                    ? "the newest checkpoint, "
                                            + checkpoint.get().range()
                                    : "the beginning, and there is no checkpoint")
                            + "; rebuild the file system from its bucket, in a new state directory",
                    null);
        }
        Database.discard(directory);
        Database database = open();
        try {
            Progress progress = Progress.NONE;
            if (checkpoint.isPresent()) {
                progress = new CheckpointLoad(database).load(checkpoint.get());
            }
            database.saveProgress(progress);
            database.commit();
            return replayed(database, progress, checkpoint);
        } catch (Throwable e) {
            database.abandon();
            throw e;
        }
    }

    private Present replayed(Database database, Progress progress, Optional<Checkpoint> checkpoint)
            throws IOException, SQLException, JournalFailedException, JournalCorruptException,
                    DatabaseDamagedException {
        Present present = Present.of(database, progress, options.cacheBytes());
        Progress start = checkpoint.isPresent() ? Replay.shipped(checkpoint.get(), present, progress) : progress;
        new Replay(Replay.Source.of(journal), present, sinks).run(start, start.appliedSequence());
        present.ids().resume();
        return present;
    }

    private Database open() throws IOException, DatabaseDamagedException {
        mark.set();
        return Database.open(directory, this::syncJournal, options.database());
    }

    private void syncJournal() throws IOException {
        try {
            journal.sync(journal.lastSequence());
        } catch (JournalFailedException e) {
            throw new IOException("the journal could not be synced before the database is written", e);
        }
    }
}
