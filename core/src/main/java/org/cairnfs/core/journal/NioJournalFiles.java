package org.cairnfs.core.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A directory of the local file system, by java.nio; directory 0700, files 0600. Thread-safe: holds nothing that changes. */
public final class NioJournalFiles implements JournalFiles {
    private static final FileAttribute<?> DIRECTORY_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<?> FILE_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path directory;

    /** Of the directory: kept, as finding it reads the table of all mounts, and the room is asked for many times a second. */
    private final FileStore disk;

    private NioJournalFiles(Path directory) throws IOException {
        this.directory = directory;
        this.disk = Files.getFileStore(directory);
    }

    /** Takes up a directory, and makes it, durably, if it is not there; its parent must be. */
    public static NioJournalFiles in(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(directory, DIRECTORY_MODE);
            sync(directory.toAbsolutePath().getParent());
        }
        return new NioJournalFiles(directory);
    }

    @Override
    public List<String> list() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Override
    public JournalFile create(String name) throws IOException {
        Path file = directory.resolve(name);
        Set<StandardOpenOption> options =
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        return new NioJournalFile(file, FileChannel.open(file, options, FILE_MODE));
    }

    @Override
    public JournalFile open(String name) throws IOException {
        Path file = directory.resolve(name);
        return new NioJournalFile(file, NioJournalFile.open(file));
    }

    @Override
    public void delete(String name) throws IOException {
        Files.delete(directory.resolve(name));
    }

    @Override
    public void syncDirectory() throws IOException {
        sync(directory);
    }

    @Override
    public long usableSpace() throws IOException {
        return disk.getUsableSpace();
    }

    @Override
    public String toString() {
        return directory.toString();
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
