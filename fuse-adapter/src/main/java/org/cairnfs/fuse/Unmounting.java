package org.cairnfs.fuse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cairnfs.fuse.MountException.Reason;

/** Takes a mount out of its directory, by umount(8) of the super-user, and by fusermount for others. */
public final class Unmounting {
    private Unmounting() {}

    /**
     * Unmounts.
     *
     * @param directory on which one of our file systems is mounted
     * @param lazily out of the directory now, though processes use it; the rest when they do not any more
     * @throws MountException NOT_MOUNTED, BUSY, REFUSED
     */
    public static void unmount(Path directory, boolean lazily) throws MountException, InterruptedException {
        try {
            Optional<MountTable.Mounted> mounted = MountTable.on(directory);
            if (mounted.isEmpty() || !mounted.get().isOurs()) {
                throw new MountException(Reason.NOT_MOUNTED, "no file system of Cairn is mounted on " + directory);
            }
            String said = run(command(directory, lazily));
            if (MountTable.on(directory).equals(mounted)) {
                Reason reason = said.contains("busy") ? Reason.BUSY : Reason.REFUSED;
                throw new MountException(
                        reason,
                        reason == Reason.BUSY
                                ? "processes use files or directories in " + directory
                                : directory + " cannot be unmounted: " + said);
            }
        } catch (IOException e) {
            throw new MountException(Reason.REFUSED, directory + " cannot be unmounted: " + e.getMessage(), e);
        }
    }

    private static List<String> command(Path directory, boolean lazily) throws IOException {
        List<String> command = new ArrayList<>();
        if (Privileges.ofThisProcess().isRoot()) {
            // -i: without the helper of the type, which would ask us again.
            command.addAll(List.of("umount", "-i"));
            if (lazily) {
                command.add("-l");
            }
        } else {
            command.addAll(List.of("fusermount", lazily ? "-uz" : "-u"));
        }
        command.addAll(List.of("--", directory.toString()));
        return command;
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said.strip().replace('\n', ' ');
    }
}
