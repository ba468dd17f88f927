package org.cairnfs.core.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sealed frames of chunks on the local disk, one file each, bounded in bytes of files; survives restarts.
 *
 * <p>Holds exactly what the store holds, so nothing plain lies on the disk, and whoever reads it verifies it like an answer of
 * the store: a damaged file is dropped by its reader ({@link #drop}) and fetched anew. Nothing here is ever the only copy,
 * so nothing is synced, and a failing disk only costs the cache.
 *
 * <p>Thread-safe. The bound counts what is entered; a file is entered before it is written, and a removed one is deleted at once
 * by the thread that causes it.
 */
public final class DiskCache {
    private static final Logger LOG = LoggerFactory.getLogger(DiskCache.class);
    private static final Pattern FILE = Pattern.compile("[0-9a-f]{1,16}");
    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Set<StandardOpenOption> REPLACE =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);

    private final Path directory;
    private final Cache<Long, Integer> lengths;

    /**
     * Opens the cache in a directory, which is made, and enters what is there.
     *
     * @param maxBytes the bound, 0 or more
     */
    public DiskCache(Path directory, long maxBytes) throws IOException {
        this.directory = directory;
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        lengths = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((Long chunk, Integer length) -> length)
                .executor(Runnable::run)
                .evictionListener((Long chunk, Integer length, RemovalCause cause) -> delete(chunk))
                .build();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                enter(file);
            }
        }
    }

    /** The sealed frame of a chunk, untrusted. */
    public Optional<byte[]> get(long chunk) {
        if (lengths.getIfPresent(chunk) == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readAllBytes(file(chunk)));
        } catch (NoSuchFileException evictedMeanwhile) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn("disk cache: cannot read {} ({}); fetching it from the store", file(chunk), e.toString());
            drop(chunk);
            return Optional.empty();
        }
    }

    /** Keeps a sealed frame. */
    public void put(long chunk, byte[] sealed) {
        lengths.put(chunk, sealed.length);
        if (lengths.getIfPresent(chunk) == null) {
            return;
        }
        try {
            write(file(chunk), sealed);
            if (lengths.getIfPresent(chunk) == null) {
                delete(chunk);
            }
        } catch (IOException e) {
            LOG.warn("disk cache: cannot write {} ({}); going on without it", file(chunk), e.toString());
            drop(chunk);
        }
    }

    /** Forgets a chunk, e.g. because it turned out to be damaged here. */
    public void drop(long chunk) {
        lengths.invalidate(chunk);
        delete(chunk);
    }

    /** Forgets everything. */
    public void clear() {
        for (Long chunk : lengths.asMap().keySet()) {
            drop(chunk);
        }
    }

    /** Bytes that are held. */
    public long bytes() {
        return lengths.policy().eviction().orElseThrow().weightedSize().orElse(0);
    }

    /** The bound in bytes. */
    public long maxBytes() {
        return lengths.policy().eviction().orElseThrow().getMaximum();
    }

    /** Sets the bound; takes effect at once. */
    public void resize(long maxBytes) {
        lengths.policy().eviction().orElseThrow().setMaximum(maxBytes);
    }

    private void enter(Path file) throws IOException {
        String name = file.getFileName().toString();
        if (FILE.matcher(name).matches()) {
            lengths.put(Long.parseUnsignedLong(name, 16), Math.toIntExact(Files.size(file)));
        } else {
            LOG.warn("disk cache: {} is not a file of the cache; leaving it alone", file);
        }
    }

    private static void write(Path file, byte[] sealed) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(sealed);
        try (SeekableByteChannel out = Files.newByteChannel(file, REPLACE, PRIVATE)) {
            while (left.hasRemaining()) {
                out.write(left);
            }
        }
    }

    private void delete(long chunk) {
        try {
            Files.deleteIfExists(file(chunk));
        } catch (IOException e) {
            LOG.warn("disk cache: cannot delete {} ({})", file(chunk), e.toString());
        }
    }

    private Path file(long chunk) {
        return directory.resolve(Long.toHexString(chunk));
    }
}
