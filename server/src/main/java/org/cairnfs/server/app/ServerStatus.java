package org.cairnfs.server.app;

import java.util.List;

/**
 * What {@code cairn status} tells.
 *
 * @param pid of the server's process
 * @param version of the program
 * @param state directory
 * @param startedAt milliseconds since 1970
 * @param address that it listens on, in text
 * @param exports in the syntax of the exports file, every option spelled out
 * @param usage of what clients may have in all
 * @param metricsPort on loopback; -1 for none
 * @param delegations of all clients
 * @param guarded snapshots, locks, quotas
 * @param mount on this machine
 */
public record ServerStatus(
        long pid,
        String version,
        String state,
        long startedAt,
        String address,
        int port,
        List<String> exports,
        int metricsPort,
        VolumeStatus volume,
        List<NfsService.Client> clients,
        List<NfsService.Usage> usage,
        NfsService.Delegations delegations,
        Guarded guarded,
        MountOperations.Mounted mount) {}
