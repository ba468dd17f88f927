package org.cairnfs.server.admin;

import com.google.common.hash.Hashing;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.cairnfs.server.config.PrivateFiles;

/**
 * Where the admin socket of a state directory lies: in it as {@code admin.sock}, or, as such an address holds some 100 bytes
 * only, in a shorter private directory that {@code admin.path} in the state directory names.
 */
public final class AdminSocket {
    /** What macOS has room for, less the final zero byte; Linux has 107. */
    static final int MAX_PATH_BYTES = 103;

    private static final String SOCKET = "admin.sock";
    private static final String POINTER = "admin.path";

    private AdminSocket() {}

    /**
     * The address to bind, with its directory made and what a dead server left taken away. The caller holds the state
     * directory's lock.
     *
     * @param fallbacks directories to try when the path is too long, the preferred one first
     */
    static UnixDomainSocketAddress prepare(Path stateDirectory, List<Path> fallbacks) throws IOException {
        Path pointer = stateDirectory.resolve(POINTER);
        Files.deleteIfExists(pointer);
        Path direct = stateDirectory.toAbsolutePath().resolve(SOCKET);
        Files.deleteIfExists(direct);
        if (fits(direct)) {
            return UnixDomainSocketAddress.of(direct);
        }
        String name = Hashing.sha256()
                        .hashString(stateDirectory.toAbsolutePath().toString(), StandardCharsets.UTF_8)
                        .toString()
                        .substring(0, 16)
                + ".sock";
        for (Path fallback : fallbacks) {
            Path elsewhere = fallback.toAbsolutePath().resolve(name);
            if (fits(elsewhere) && isPrivate(fallback)) {
                Files.deleteIfExists(elsewhere);
                PrivateFiles.create(pointer, elsewhere.toString().getBytes(StandardCharsets.UTF_8));
                return UnixDomainSocketAddress.of(elsewhere);
            }
        }
        throw new IOException("its path is longer than a socket's address may be (" + MAX_PATH_BYTES
                + " bytes), and there is no other place for the socket");
    }

    /** Directories for sockets whose own path is too long: the registry's, the session's, one of the user's in /tmp. */
    static List<Path> fallbacks(Path runs) {
        String session = System.getenv("XDG_RUNTIME_DIR");
        Path temporary = Path.of("/tmp", "cairn-" + System.getProperty("user.name"));
        return session == null || !session.startsWith("/")
                ? List.of(runs, temporary)
                : List.of(runs, Path.of(session, "cairn"), temporary);
    }

    /** Where the socket of a state directory is, if its server runs. */
    static UnixDomainSocketAddress locate(Path stateDirectory) throws IOException {
        try {
            String elsewhere = Files.readString(stateDirectory.resolve(POINTER)).strip();
            return UnixDomainSocketAddress.of(elsewhere);
        } catch (NoSuchFileException e) {
            return UnixDomainSocketAddress.of(stateDirectory.toAbsolutePath().resolve(SOCKET));
        }
    }

    /** Takes away socket and pointer; the caller still holds the lock. */
    static void remove(Path stateDirectory, UnixDomainSocketAddress address) throws IOException {
        Files.deleteIfExists(address.getPath());
        Files.deleteIfExists(stateDirectory.resolve(POINTER));
    }

    private static boolean fits(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_PATH_BYTES;
    }

    /** In /tmp somebody else may have made the directory before: then it is not used. */
    private static boolean isPrivate(Path directory) throws IOException {
        PrivateFiles.createDirectories(directory);
        return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                && Files.getOwner(directory).equals(ownUser())
                && !PrivateFiles.isOpenToOthers(directory);
    }

    private static java.nio.file.attribute.UserPrincipal ownUser() throws IOException {
        Path probe = Files.createTempFile("cairn", "");
        try {
            return Files.getOwner(probe);
        } finally {
            Files.delete(probe);
        }
    }
}
