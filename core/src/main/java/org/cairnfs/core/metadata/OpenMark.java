package org.cairnfs.core.metadata;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * A file beside the database that says since which start of the machine it is open.
 *
 * <p><b>Why.</b> H2 checks the ends of what it writes, not the bytes between. The death of the process loses nothing of a {@code
 * write()}; but when the machine stops, sectors of one write reach the disk in any order or not at all, and the file may open
 * and be wrong. So a database that was open when the machine stopped is discarded, and rebuilt from checkpoint and journal.
 *
 * <p>Where the system does not tell one start of the machine from another, the file is trusted. Used by one thread at a time.
 */
final class OpenMark {
    private static final String FILE = "open";
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final Path file;
    private final String boot;

    OpenMark(Path directory) {
        this(directory, bootId());
    }

    OpenMark(Path directory, String boot) {
        this.file = directory.resolve(FILE);
        this.boot = boot;
    }

    private static String bootId() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** Why the database is not to be trusted; empty if it is. */
    Optional<String> distrust() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String found = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        return found.equals(boot) ? Optional.empty() : Optional.of("it was open when the machine stopped");
    }

    /** The database is open from now on; on the disk when this returns. */
    void set() throws IOException {
        write(boot);
    }

    /** The database was closed, and all of it is on the disk. */
    void clear() throws IOException {
        Files.deleteIfExists(file);
    }

    private void write(String text) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = StandardCharsets.ISO_8859_1.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        try (FileChannel channel = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
