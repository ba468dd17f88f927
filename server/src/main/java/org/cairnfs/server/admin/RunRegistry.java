package org.cairnfs.server.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.config.PrivateFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers that one user runs on this machine: a small file for each in one directory, so that a command finds the only
 * one running.
 *
 * <p>A hint, never the truth: an entry counts only while its process lives (by id and start time), and those of the dead are
 * taken away by whoever sees them. Entries of other machines (a shared home) are let alone. Safe for many processes.
 */
public final class RunRegistry {
    private static final Logger log = LoggerFactory.getLogger(RunRegistry.class);
    private static final int MAX_ENTRY_BYTES = 16 << 10;
    private static final String SUFFIX = ".run";

    private final Path directory;

    public RunRegistry(Path directory) {
        this.directory = directory;
    }

    /**
     * A running server.
     *
     * @param processStart of the process in milliseconds since 1970, as the system tells it; 0 where it does not
     */
    public record Entry(String host, long pid, long processStart, String state, String storage) {
        boolean isAlive() {
            return ProcessHandle.of(pid)
                    .filter(process -> processStart == 0 || processStart == startOf(process))
                    .isPresent();
        }
    }

    /** Gives the entry back when closed. */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /** Enters this process. Where that fails a server runs all the same: commands then need {@code --state}. */
    public Registration register(Path stateDirectory, String storage) {
        ProcessHandle self = ProcessHandle.current();
        Entry entry = new Entry(hostName(), self.pid(), startOf(self), stateDirectory.toString(), storage);
        Path file = directory.resolve(entry.host().replaceAll("[^A-Za-z0-9.-]", "_") + "-" + entry.pid() + SUFFIX);
        try {
            PrivateFiles.createDirectories(directory);
            Path temporary = Files.createTempFile(directory, "new", ".tmp");
            Files.writeString(temporary, Messages.json().valueToTree(entry).toString());
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            log.warn("{} cannot be written ({}); commands need --state {}", file, e.getMessage(), stateDirectory);
        }
        return () -> delete(file);
    }

    /** Those that run here now, the oldest first. */
    public List<Entry> running() throws CairnException {
        List<Entry> running = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (Path file : files) {
                read(file).filter(entry -> entry.host().equals(hostName())).ifPresent(entry -> {
                    if (entry.isAlive()) {
                        running.add(entry);
                    } else {
                        delete(file);
                    }
                });
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            throw new CairnException(
                    ExitCode.STATE_UNUSABLE,
                    "cannot read the list of running servers in " + directory,
                    "say which one with --state",
                    e);
        }
        running.sort(Comparator.comparingLong(Entry::processStart));
        return running;
    }

    /** The state directory of the only one that runs. */
    public Path onlyOne() throws CairnException {
        List<Entry> running = running();
        if (running.isEmpty()) {
            throw new CairnException(
                    ExitCode.NO_SERVER, "no server of yours runs on this machine", "start one with 'cairn up'");
        }
        if (running.size() > 1) {
            List<String> states = running.stream().map(Entry::state).toList();
            throw new CairnException(
                    ExitCode.AMBIGUOUS_SERVER,
                    running.size() + " servers run",
                    "say which one: --state " + String.join(" or --state ", states));
        }
        return Path.of(running.get(0).state());
    }

    private static Optional<Entry> read(Path file) {
        try {
            if (Files.size(file) > MAX_ENTRY_BYTES) {
                return Optional.empty();
            }
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            Entry entry = Messages.json().readValue(text, Entry.class);
            return entry.host() == null || entry.state() == null ? Optional.empty() : Optional.of(entry);
        } catch (JsonProcessingException e) {
            log.debug("{} is no entry of a running server", file);
            return Optional.empty();
        } catch (IOException e) {
            log.debug("{} went away meanwhile", file);
            return Optional.empty();
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            log.debug("{} cannot be deleted: {}", file, e.toString());
        }
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost"; // a machine without a name in any directory; it is called this everywhere here
        }
    }
}
