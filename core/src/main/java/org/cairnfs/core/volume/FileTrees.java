package org.cairnfs.core.volume;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Removes directories with all that is in them. */
public final class FileTrees {
    private FileTrees() {}

    /** Deletes a tree; that it is not there is no error. Symbolic links are deleted, not followed. */
    public static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (NoSuchFileException notThere) {
            return;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
