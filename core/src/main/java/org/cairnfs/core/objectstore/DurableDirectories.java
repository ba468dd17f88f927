package org.cairnfs.core.objectstore;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes folders such that they survive the loss of power: the folder above each is synced. One that is there already is
 * taken for durable only after this process has synced the one above it, as the process that made it may have died first.
 * Thread-safe.
 */
final class DurableDirectories {
    private final Path root;
    private final Set<Path> durable = ConcurrentHashMap.newKeySet();

    /** @param root taken for durable */
    DurableDirectories(Path root) {
        this.root = root;
    }

    /** Makes a folder and all that are missing above it. */
    static void create(Path folder) throws IOException {
        Path absolute = folder.toAbsolutePath();
        if (Files.isDirectory(absolute)) {
            return;
        }
        Path parent = absolute.getParent();
        if (parent != null) {
            create(parent);
            Files.createDirectory(absolute, LocalLayout.DIRECTORY_MODE);
            syncDirectory(parent);
        }
    }

    /** Makes sure that a folder below the root is there, durably. */
    void ensure(Path folder) throws IOException {
        if (folder.equals(root) || durable.contains(folder)) {
            return;
        }
        ensure(folder.getParent());
        try {
            Files.createDirectory(folder, LocalLayout.DIRECTORY_MODE);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw new IOException("not a directory: " + folder, e);
            }
        }
        syncDirectory(folder.getParent());
        durable.add(folder);
    }

    /** Syncs the names in a folder. */
    void sync(Path folder) throws IOException {
        syncDirectory(folder);
    }

    /** Forgets what is known to be there. */
    void forget() {
        durable.clear();
    }

    private static void syncDirectory(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
