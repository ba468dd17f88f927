package org.cairnfs.fuse;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.cairnfs.fuse.MountException.Reason;
import org.cairnfs.fuse.lowlevel.LibFuse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a mount may be asked for here at all: what is missing is said before libfuse fails for want of it, in words that lead on. */
final class Prerequisites {
    private static final Logger LOG = LoggerFactory.getLogger(Prerequisites.class);
    private static final Path DEVICE = Path.of("/dev/fuse");
    private static final Path CONFIGURATION = Path.of("/etc/fuse.conf");
    private static final String OTHERS_ALLOWED = "user_allow_other";
    private static final String FUSERMOUNT = "fusermount";

    private Prerequisites() {}

    /**
     * Goes through all of them; cleans up after a server that died.
     *
     * @return the library to mount with
     */
    static LibFuse check(MountOptions options) throws MountException, InterruptedException {
        LibFuse library;
        try {
            library = LibFuse.load();
        } catch (UnsatisfiedLinkError e) {
            throw new MountException(
                    Reason.NO_LIBRARY, "libfuse 2 (" + LibFuse.NAME + ") cannot be loaded: " + e.getMessage(), e);
        }
        checkDevice();
        checkPrivileges(options);
        checkDirectory(options.directory());
        return library;
    }

    private static void checkDevice() throws MountException {
        if (!Files.exists(DEVICE)) {
            throw new MountException(Reason.NO_DEVICE, "there is no " + DEVICE);
        }
        if (!Files.isReadable(DEVICE) || !Files.isWritable(DEVICE)) {
            throw new MountException(Reason.NOT_ALLOWED, "this user may not open " + DEVICE);
        }
        try (RandomAccessFile device = new RandomAccessFile(DEVICE.toFile(), "rw")) {
            LOG.debug("{} can be opened: {}", DEVICE, device);
        } catch (IOException e) {
            throw new MountException(Reason.NO_DEVICE, DEVICE + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private static void checkPrivileges(MountOptions options) throws MountException {
        try {
            Privileges privileges = Privileges.ofThisProcess();
            if (privileges.mayMount()) {
                return;
            }
            if (privileges.isRoot()) {
                throw new MountException(
                        Reason.NOT_ALLOWED, "this process may not mount: it has not the capability SYS_ADMIN");
            }
            if (findFusermount().isEmpty()) {
                throw new MountException(
                        Reason.NO_LIBRARY, FUSERMOUNT + ", by which others than root mount, is not installed");
            }
            if (options.allowOther() && !allowsOthers()) {
                throw new MountException(
                        Reason.NOT_ALLOWED,
                        "of others than root, allow_other wants the line " + OTHERS_ALLOWED + " in " + CONFIGURATION);
            }
        } catch (IOException e) {
            throw new MountException(Reason.REFUSED, "what this process may do is not known: " + e.getMessage(), e);
        }
    }

    private static Optional<Path> findFusermount() {
        return Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, FUSERMOUNT))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static boolean allowsOthers() throws IOException {
        return Files.isReadable(CONFIGURATION)
                && Files.readString(CONFIGURATION, StandardCharsets.ISO_8859_1)
                        .lines()
                        .anyMatch(line -> line.strip().equals(OTHERS_ALLOWED));
    }

    private static void checkDirectory(Path directory) throws MountException, InterruptedException {
        try {
            Optional<MountTable.Mounted> mounted = MountTable.on(directory);
            if (mounted.isPresent() && mounted.get().isOurs()) {
                if (!isDead(directory)) {
                    throw new MountException(
                            Reason.BAD_DIRECTORY,
                            mounted.get().source() + " is mounted on " + directory + " already, by a server that runs");
                }
                LOG.warn("{} is the mount of a server that died: it is unmounted", directory);
                Unmounting.unmount(directory, true);
            }
            if (!Files.isDirectory(directory)) {
                throw new MountException(Reason.BAD_DIRECTORY, directory + " is not a directory");
            }
            try (Stream<Path> entries = Files.list(directory)) {
                if (entries.findAny().isPresent()) {
                    throw new MountException(Reason.BAD_DIRECTORY, directory + " is not empty");
                }
            }
            if (!Files.isWritable(directory)) {
                throw new MountException(Reason.BAD_DIRECTORY, "this user may not write to " + directory);
            }
        } catch (IOException e) {
            throw new MountException(Reason.BAD_DIRECTORY, directory + " cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * Whether what is mounted on a directory has lost its server, so that the kernel answers "not connected". It is opened, as that asks the server however long
     * the kernel may believe attributes; one that is another user's is not dead.
     */
    private static boolean isDead(Path directory) {
        try (DirectoryStream<Path> opened = Files.newDirectoryStream(directory)) {
            LOG.debug("{} can be opened: {}", directory, opened);
            return false;
        } catch (AccessDeniedException e) {
            return false;
        } catch (IOException e) {
            LOG.debug("{} cannot be opened", directory, e);
            return true;
        }
    }
}
