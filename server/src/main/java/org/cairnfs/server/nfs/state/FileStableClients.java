package org.cairnfs.server.nfs.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Client records as one small file each, in a directory of their own: written aside, synced, renamed into place, and the
 * directory synced. So each is whole or as it was before, whenever the power goes.
 *
 * <p>A file that does not read is set aside as {@code NAME.bad} and logged: its client cannot reclaim.
 *
 * <p>Not thread-safe; the registration lock guards it.
 */
public final class FileStableClients implements StableClients {
    private static final Logger LOG = LoggerFactory.getLogger(FileStableClients.class);
    private static final String SUFFIX = ".client";
    private static final String ASIDE = ".new";

    private final Path directory;

    private FileStableClients(Path directory) {
        this.directory = directory;
    }

    /** The records in a directory, which is made (0700) if it is not there; its parent must be. */
    public static FileStableClients open(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            sync(directory.toAbsolutePath().getParent());
        }
        return new FileStableClients(directory);
    }

    @Override
    public List<ClientRecord> load() throws IOException {
        List<ClientRecord> records = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.endsWith(ASIDE)) {
                    Files.delete(file);
                } else if (name.endsWith(SUFFIX)) {
                    read(file).ifPresent(records::add);
                }
            }
        }
        return records;
    }

    @Override
    public void put(ClientRecord client) throws IOException {
        Path file = file(client.name());
        Path aside = directory.resolve(client.name().digest() + ASIDE);
        Files.deleteIfExists(aside);
        try (FileChannel out = FileChannel.open(
                aside,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(ClientRecordCodec.encode(client));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(directory);
    }

    @Override
    public void remove(ClientName name) throws IOException {
        if (Files.deleteIfExists(file(name))) {
            sync(directory);
        }
    }

    private Optional<ClientRecord> read(Path file) throws IOException {
        String damage;
        if (Files.size(file) > ClientRecordCodec.MAX_BYTES) {
            damage = "it is too long";
        } else {
            Optional<ClientRecord> record = ClientRecordCodec.decode(Files.readAllBytes(file));
            if (record.isPresent() && file.equals(file(record.get().name()))) {
                return record;
            }
            damage = record.isPresent() ? "it belongs to another client" : "its checksum does not match";
        }
        Path bad = file.resolveSibling(file.getFileName() + ".bad");
        LOG.warn(
                "client record {} is damaged ({}): that client cannot reclaim its locks; set aside as {}",
                file,
                damage,
                bad.getFileName());
        Files.move(file, bad, StandardCopyOption.REPLACE_EXISTING);
        return Optional.empty();
    }

    private Path file(ClientName name) {
        return directory.resolve(name.digest() + SUFFIX);
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
