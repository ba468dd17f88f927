package org.cairnfs.core.metadata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Optional;
import org.cairnfs.core.journal.JournalCorruptException;
import org.cairnfs.core.journal.JournalFailedException;
import org.cairnfs.core.metadata.CheckpointSource.Checkpoint;
import org.cairnfs.core.metadata.h2.Database;
import org.cairnfs.core.metadata.h2.DatabaseDamagedException;
import org.cairnfs.core.metadata.h2.DatabaseOptions;
import org.cairnfs.core.metadata.h2.Progress;

/**
 * A database that holds what was shipped up to a barrier, and nothing of this machine's own: filled from a bucket, brought on later, and
 * closed in between, so that its file may be copied and {@link H2MetadataStore} opened over the copy.
 *
 * <p>Each call opens the database, brings it to where the checkpoint's shipped records end, and closes it with all of it on the
 * disk. Used by one thread at a time.
 */
public final class ShippedDatabase {
    private final Path directory;
    private final DatabaseOptions options;
    private final long cacheBytes;

    /**
     * Does nothing yet.
     *
     * @param directory for the database's files; made with mode 0700 if it is not there
     * @param cacheBytes of rows kept on the heap beside H2's own pages, about
     */
    public ShippedDatabase(Path directory, DatabaseOptions options, long cacheBytes) {
        this.directory = directory;
        this.options = options;
        this.cacheBytes = cacheBytes;
    }

    /** Makes it from nothing, in place of what was there. */
    public void fill(Checkpoint checkpoint) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Database.discard(directory);
        run(
                database -> {
                    Progress loaded = new CheckpointLoad(database).load(checkpoint);
                    database.saveProgress(loaded);
                    database.commit();
                    return loaded;
                },
                checkpoint);
    }

    /**
     * Brings it on. If that fails, it stands between where it stood and where it was to come to, and can be brought on from there.
     *
     * @param from the sequence that it stands at, or above
     * @param through and at most here
     * @param newer gives the records above {@code from}, at least
     * @throws MetadataLostException if it is not there, stands elsewhere, or is damaged: it has to be filled anew
     */
    public void goOn(long from, long through, Checkpoint newer) throws IOException {
        if (!Database.exists(directory)) {
            throw new MetadataLostException("there is no database in " + directory, null);
        }
        run(
                database -> {
                    Optional<Progress> progress = database.progress();
                    if (progress.isEmpty()
                            || progress.get().appliedSequence() < from
                            || progress.get().appliedSequence() > through) {
                        throw new MetadataLostException(
                                "the database in " + directory + " stands at " + progress + ", not at record " + from,
                                null);
                    }
                    return progress.get();
                },
                newer);
    }

    /** Gives what the shipped records are laid over. */
    private interface Beginning {
        Progress of(Database database) throws IOException, SQLException;
    }

    private void run(Beginning beginning, Checkpoint checkpoint) throws IOException {
        OpenMark mark = new OpenMark(directory);
        try {
            if (mark.distrust().isPresent()) {
                Database.discard(directory);
            }
            mark.set();
            Database database = Database.open(directory, () -> {}, options);
            try {
                Progress progress = beginning.of(database);
                Replay.shipped(checkpoint, Present.of(database, progress, cacheBytes), progress);
                database.close();
            } catch (Throwable e) {
                database.abandon();
                throw e;
            }
            mark.clear();
        } catch (DatabaseDamagedException | SQLException e) {
            throw new MetadataLostException("the database in " + directory + " cannot be used: " + e.getMessage(), e);
        } catch (JournalFailedException | JournalCorruptException e) {
            throw new IOException("a shipped record cannot be read: " + e.getMessage(), e);
        }
    }
}
