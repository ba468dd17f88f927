package org.cairnfs.server.nfs.v3.nsm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who must be told of a restart, in stable storage: one small file for each host, written aside, synced, renamed into place, and
 * the directory synced. What has returned survives power loss.
 *
 * <p>Thread-safe: {@code monitorLock} guards the records, and is held across the writes, which come once for each host.
 */
public final class HostMonitor {
    private static final Logger log = LoggerFactory.getLogger(HostMonitor.class);
    private static final String SUFFIX = ".host";
    private static final String ASIDE = ".new";
    private static final int MAX_RECORD_BYTES = 4096;

    private final Object monitorLock = new Object();
    private final Map<HostRecord.Key, HostRecord> records = new HashMap<>();
    private final Path directory;
    private final int maxHosts;

    private HostMonitor(Path directory, int maxHosts) {
        this.directory = directory;
        this.maxHosts = maxHosts;
    }

    /**
     * Reads the records in a directory, which is made (0700) if it is not there. One that is damaged is logged and dropped: its
     * host cannot reclaim.
     *
     * @param maxHosts hosts at most; more are refused their locks
     */
    public static HostMonitor open(Path directory, int maxHosts) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            sync(directory.toAbsolutePath().getParent());
        }
        HostMonitor monitor = new HostMonitor(directory, maxHosts);
        monitor.load();
        return monitor;
    }

    private void load() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.endsWith(ASIDE)) {
                    Files.delete(file);
                } else if (name.endsWith(SUFFIX)) {
                    read(file);
                }
            }
        }
    }

    private void read(Path file) throws IOException {
        if (Files.size(file) <= MAX_RECORD_BYTES) {
            HostRecord record = HostRecord.decode(Files.readAllBytes(file)).orElse(null);
            if (record != null && file.equals(file(record))) {
                records.put(record.key(), record);
                return;
            }
        }
        log.warn("{} is damaged and removed: the host that it is about cannot reclaim its locks", file);
        Files.delete(file);
    }

    /** All of them. */
    public List<HostRecord> hosts() {
        synchronized (monitorLock) {
            return List.copyOf(records.values());
        }
    }

    /**
     * Keeps a host that has been given a lock, before it hears so; false if that cannot be done: then the lock must be taken
     * back.
     */
    public boolean watch(HostRecord host) {
        synchronized (monitorLock) {
            if (host.equals(records.get(host.key()))) {
                return true;
            }
            if (records.size() >= maxHosts) {
                log.warn("{} is refused a lock: {} hosts hold locks already", host, records.size());
                return false;
            }
            try {
                write(host);
                records.put(host.key(), host);
                return true;
            } catch (IOException e) {
                log.error("{} is refused a lock: that it holds one cannot be written down", host, e);
                return false;
            }
        }
    }

    /**
     * Forgets a host, unless it holds something.
     *
     * @param active asked while no host can be given to {@link #watch}: what is locked later is watched later
     */
    public void forgetUnless(HostRecord host, Predicate<HostRecord> active) {
        synchronized (monitorLock) {
            if (active.test(host)) {
                return;
            }
            try {
                if (Files.deleteIfExists(file(host))) {
                    sync(directory);
                }
                records.remove(host.key());
            } catch (IOException e) {
                log.warn("{} stays among those who are told of a restart: {}", host, e.toString());
            }
        }
    }

    private void write(HostRecord host) throws IOException {
        Path aside = directory.resolve(host.digest() + ASIDE);
        Files.deleteIfExists(aside);
        try (FileChannel out = FileChannel.open(
                aside,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(host.encode());
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(aside, file(host), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(directory);
    }

    private Path file(HostRecord host) {
        return directory.resolve(host.digest() + SUFFIX);
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
