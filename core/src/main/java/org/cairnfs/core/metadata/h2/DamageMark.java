package org.cairnfs.core.metadata.h2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;

/**
 * A small file beside the database that says: it failed while it was used, do not open it again. Whoever discards the database
 * takes the mark away, after it. Its content, a line of UTF-8, is for people.
 */
public final class DamageMark {
    private static final int MAX_BYTES = 4_096;

    private final Path file;

    public DamageMark(Path directory) {
        this.file = directory.resolve("metadata.damaged");
    }

    /** Leaves the mark, durably; once it is there nothing changes. */
    public void leave(String reason) throws IOException {
        byte[] bytes = (reason.lines().findFirst().orElse("") + "\n").getBytes(StandardCharsets.UTF_8);
        try (FileChannel channel = FileChannel.open(
                file,
                EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            if (channel.size() == 0) {
                channel.write(ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, MAX_BYTES)));
                channel.force(true);
            }
        }
        syncDirectory();
    }

    /** What it says; empty if there is none. */
    public Optional<String> reason() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (var in = Files.newInputStream(file)) {
            return Optional.of(new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8).strip());
        }
    }

    /** Takes it away, once the database that it speaks of is gone for good. */
    void remove() throws IOException {
        if (Files.exists(file)) {
            syncDirectory();
            Files.delete(file);
        }
    }

    private void syncDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
