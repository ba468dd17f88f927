package org.cairnfs.server.cli;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The commands that mount a server, to be pasted as they are.
 *
 * @param linux with the newest version that the server speaks; the kernel takes a reserved source port by itself
 * @param macos whose client speaks 4.0, and takes a reserved source port only when told to
 * @param linuxV3 with version 3, whose locks are the client's own where no portmap leads to the lock manager
 * @param macosV3 the same
 */
record MountLines(String linux, String macos, String linuxV3, String macosV3) {
    private static final List<String> SYSTEM_DIRECTORIES = List.of("/sbin", "/usr/sbin", "/usr/local/sbin", "/usr/bin");

    /**
     * For the root, which is what this version exports.
     *
     * @param locks whether clients of version 3 find the lock manager
     */
    static MountLines of(InetSocketAddress server, boolean locks) {
        String remote = quote(host(server.getAddress()) + ":/");
        String port = "port=" + server.getPort();
        return new MountLines(
                "sudo mkdir -p /mnt/cairn && sudo mount -t nfs4 -o vers=4.1," + port + " " + remote + " /mnt/cairn",
                "mkdir -p ~/cairn && sudo mount_nfs -o vers=4,resvport," + port + " " + remote + " ~/cairn",
                "sudo mkdir -p /mnt/cairn && sudo mount -t nfs -o vers=3,proto=tcp,mountproto=tcp," + port + ",mount"
                        + port + (locks ? " " : ",nolock ") + remote + " /mnt/cairn",
                "mkdir -p ~/cairn && sudo mount_nfs -o vers=3,tcp,resvport," + port + ",mount" + port
                        + (locks ? " " : ",locallocks ") + remote + " ~/cairn");
    }

    private static String host(InetAddress address) {
        if (address.isAnyLocalAddress()) {
            return localName().orElse("127.0.0.1");
        }
        String text = address.getHostAddress();
        return address instanceof Inet6Address ? "[" + text + "]" : text;
    }

    private static Optional<String> localName() {
        try {
            return Optional.of(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException e) {
            return Optional.empty(); // a machine whose name nobody knows
        }
    }

    private static String quote(String word) {
        return word.matches("[A-Za-z0-9_./:@%+-]+") ? word : "'" + word + "'"; // brackets of an IPv6 address
    }

    /** What is missing on this machine for the command to work here, if anything. */
    static Optional<String> missingClient() {
        boolean linux = System.getProperty("os.name").startsWith("Linux");
        boolean found = Stream.of("mount.nfs4", "mount.nfs")
                .flatMap(program -> SYSTEM_DIRECTORIES.stream().map(directory -> Path.of(directory, program)))
                .anyMatch(Files::isExecutable);
        return linux && !found
                ? Optional.of("to mount on this machine, install the NFS client: sudo apt install nfs-common")
                : Optional.empty();
    }
}
