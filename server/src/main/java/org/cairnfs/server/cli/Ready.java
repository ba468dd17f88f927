package org.cairnfs.server.cli;

import java.io.PrintStream;
import org.cairnfs.server.app.CairnServer;
import org.cairnfs.server.app.ServerStatus;

/**
 * That a server is ready, as it is told to people, scripts, and the parent of a background server.
 *
 * @param address NFS, in text
 * @param metricsPort on loopback; -1 for none
 * @param mountPoint where it is mounted on this machine; empty for nowhere
 */
record Ready(
        long pid,
        String address,
        int port,
        int metricsPort,
        String state,
        String storage,
        MountLines mount,
        String mountPoint) {

    static Ready of(CairnServer server) {
        ServerStatus status = server.status();
        return new Ready(
                status.pid(),
                status.address(),
                status.port(),
                status.metricsPort(),
                status.state(),
                server.options().storage().toString(),
                MountLines.of(server.address(), server.servesLocksOfVersion3()),
                server.options()
                        .mount()
                        .map(wanted -> wanted.directory().toString())
                        .orElse(""));
    }

    /** For people. */
    void print(PrintStream out) {
        if (!mountPoint.isEmpty()) {
            out.println("Mounted on " + mountPoint + "; to unmount it: cairn umount " + mountPoint);
        }
        out.println("Serving " + storage + " on " + address + ", port " + port + ". Mount it:");
        out.println();
        out.println("  Linux  " + mount.linux());
        out.println("  macOS  " + mount.macos());
        out.println();
        out.println("or with NFS version 3:");
        out.println();
        out.println("  Linux  " + mount.linuxV3());
        out.println("  macOS  " + mount.macosV3());
        out.println();
        MountLines.missingClient().ifPresent(missing -> out.println("  (" + missing + ")\n"));
        out.println("State in " + state
                + (metricsPort < 0 ? "" : ", dashboard at http://127.0.0.1:" + metricsPort + "/") + ".");
        out.println("ready (process " + pid + ")");
        out.flush();
    }
}
