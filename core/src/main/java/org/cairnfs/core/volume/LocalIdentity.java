package org.cairnfs.core.volume;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;

/**
 * What a state directory says of itself: its own random id, and the file system that it is of. Written once, synced, before
 * anything else is in the directory.
 *
 * @param stateDirectory random id of this directory: who holds the lease of the bucket
 * @param fileSystem id of the file system in the bucket
 */
public record LocalIdentity(UUID stateDirectory, UUID fileSystem) {
    private static final String FILE = "identity";
    private static final String VERSION = "1";

    /**
     * Reads the identity of a state directory, or gives it one if it has none.
     *
     * @throws VolumeException of kind STATE_MISMATCH if the directory is of another file system; DAMAGED if its identity cannot be
     *     read
     */
    public static LocalIdentity of(Path directory, UUID fileSystem) throws IOException, VolumeException {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            LocalIdentity fresh = new LocalIdentity(UUID.randomUUID(), fileSystem);
            fresh.write(directory, file);
            return fresh;
        }
        LocalIdentity found = read(file);
        if (!found.fileSystem.equals(fileSystem)) {
            throw new VolumeException(
                    VolumeException.Kind.STATE_MISMATCH,
                    "the state directory " + directory + " belongs to file system " + found.fileSystem
                            + ", but the storage holds " + fileSystem + "; give --state another directory");
        }
        return found;
    }

    private static LocalIdentity read(Path file) throws IOException, VolumeException {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(Files.readString(file)));
            if (!VERSION.equals(properties.getProperty("version"))) {
                throw new IllegalArgumentException("version " + properties.getProperty("version"));
            }
            return new LocalIdentity(
                    UUID.fromString(properties.getProperty("state-directory", "")),
                    UUID.fromString(properties.getProperty("file-system", "")));
        } catch (IllegalArgumentException e) {
            throw new VolumeException(
                    VolumeException.Kind.DAMAGED,
                    file + " cannot be read (" + e.getMessage() + "); move the state directory away to rebuild it from"
                            + " the bucket",
                    e);
        }
    }

    private void write(Path directory, Path file) throws IOException {
        Path fresh = directory.resolve(FILE + ".new");
        String text =
                "version=" + VERSION + "\nstate-directory=" + stateDirectory + "\nfile-system=" + fileSystem + "\n";
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
