package org.cairnfs.server.exports;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Failures;

/**
 * The exports of a running server: the newest table, and where it is read again from.
 *
 * <p>{@link #get} is a volatile read, for any thread; {@link #reload} puts a new table in place whole, or leaves the old one.
 */
public final class Exports implements Supplier<ExportTable> {
    private static final int MAX_BYTES = 1 << 20;

    private final Optional<Path> file;
    private final HostResolver resolver;
    private final boolean readOnly;
    private volatile ExportTable table;

    private Exports(Optional<Path> file, boolean readOnly, HostResolver resolver) throws CairnException {
        this.file = file;
        this.readOnly = readOnly;
        this.resolver = resolver;
        this.table = read();
    }

    /** Exports as a file says; without a file, {@link ExportTable#DEFAULT_TEXT}. */
    public static Exports of(Optional<Path> file) throws CairnException {
        return new Exports(file, false, HostResolver.ofSystem());
    }

    /** The same, all of them {@code ro}, whatever the file says. */
    public static Exports readOnly(Optional<Path> file) throws CairnException {
        return new Exports(file, true, HostResolver.ofSystem());
    }

    @Override
    public ExportTable get() {
        return table;
    }

    /** What goes with the exports and is read again with them. */
    @FunctionalInterface
    public interface Companion {
        /**
         * Takes over what goes with a table that is about to be in place.
         *
         * @throws CairnException when it cannot be taken over; then nothing is
         */
        void reload(ExportTable next) throws CairnException;
    }

    /** Reads the file again; when it has an error, the table stays as it is and the error is thrown. */
    public void reload() throws CairnException {
        reload(next -> {});
    }

    /** Reads the file, and what goes with it, again: all of it, or, when anything has an error, nothing. */
    public synchronized void reload(Companion companion) throws CairnException {
        ExportTable next = read();
        companion.reload(next);
        table = next;
    }

    private ExportTable read() throws CairnException {
        ExportTable read = asWritten();
        return readOnly ? read.asReadOnly() : read;
    }

    private ExportTable asWritten() throws CairnException {
        if (file.isEmpty()) {
            return ExportsParser.parse("default exports", ExportTable.DEFAULT_TEXT, resolver);
        }
        Path path = file.get();
        ExportTable read = ExportsParser.parse(path.toString(), text(path), resolver);
        if (read.exports().isEmpty()) {
            throw new CairnException(ExitCode.CONFIG, path + " exports nothing", "add a line like: / 127.0.0.0/8(rw)");
        }
        return read;
    }

    private static String text(Path path) throws CairnException {
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new CairnException(ExitCode.CONFIG, path + " is over 1 MiB", "is it an exports file?");
            }
            return Files.readString(path);
        } catch (NoSuchFileException e) {
            throw new CairnException(ExitCode.CONFIG, "there is no exports file " + path, "", e);
        } catch (CharacterCodingException e) {
            throw new CairnException(ExitCode.CONFIG, path + " is not UTF-8 text", "", e);
        } catch (IOException e) {
            throw new CairnException(
                    ExitCode.CONFIG, "cannot read the exports file " + path + ": " + Failures.reason(e), "", e);
        }
    }
}
