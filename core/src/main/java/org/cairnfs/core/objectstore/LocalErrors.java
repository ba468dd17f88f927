package org.cairnfs.core.objectstore;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;

/** What the errors of a local file system mean for an object store. */
final class LocalErrors {
    private LocalErrors() {}

    /** Whether there is no such file: also if what should be a folder on the way is a file. */
    static boolean isMissing(IOException cause) {
        return cause instanceof NoSuchFileException || reason(cause).contains("not a directory");
    }

    /** @param bytes that were to be written */
    static ObjectStoreException translate(String verb, String what, Path root, long bytes, IOException cause) {
        return new ObjectStoreException(
                kind(root, bytes, cause),
                verb + " " + what + (what.equals(root.toString()) ? "" : " in " + root) + " failed: " + text(cause),
                cause);
    }

    private static Kind kind(Path root, long bytes, IOException cause) {
        String reason = reason(cause);
        if (cause instanceof AccessDeniedException
                || reason.contains("read-only file system")
                || reason.contains("not permitted")) {
            return Kind.DENIED;
        }
        // The JDK gives no error number, and the text follows the locale: so ask for the space, too.
        if (reason.contains("no space left") || reason.contains("quota exceeded") || isFull(root, bytes)) {
            return Kind.FULL;
        }
        if (reason.contains("is a directory")
                || reason.contains("not a directory")
                || reason.contains("file name too long")) {
            return Kind.PERMANENT;
        }
        return Kind.TRANSIENT;
    }

    private static boolean isFull(Path root, long bytes) {
        if (bytes == 0) {
            return false;
        }
        try {
            return Files.getFileStore(root).getUsableSpace() < bytes;
        } catch (IOException e) {
            return false; // not known, and what failed is told anyhow
        }
    }

    private static String reason(IOException cause) {
        String reason = cause instanceof FileSystemException failure ? failure.getReason() : cause.getMessage();
        return reason == null ? "" : reason.toLowerCase(Locale.ROOT);
    }

    private static String text(IOException cause) {
        if (cause instanceof FileAlreadyExistsException file) {
            return file.getFile() + " is no folder";
        }
        return cause instanceof AccessDeniedException
                ? "permission denied"
                : cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
