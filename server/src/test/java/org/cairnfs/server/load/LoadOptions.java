package org.cairnfs.server.load;

import java.util.List;
import java.util.Set;

/**
 * What load is wanted.
 *
 * @param targets the servers, which take turns
 * @param workloads in their order; see {@link LoadRun}
 * @param clients each with a connection, a session and a thread
 * @param inFlight requests that each client keeps in flight
 * @param seconds how long a workload goes on that has no end of its own
 * @param files that all clients together make at most
 * @param bytes of the files that all clients together write
 * @param directory that holds what the load makes; rounds and kinds of load have directories in it
 * @param keep whether files stay for a later run
 */
record LoadOptions(
        List<Target> targets,
        List<String> workloads,
        int clients,
        int inFlight,
        double seconds,
        int files,
        long bytes,
        int rounds,
        double warmUp,
        long seed,
        String directory,
        boolean keep) {
    static final Set<String> WORKLOADS = Set.of(
            "create",
            "getattr",
            "lookup",
            "readdir",
            "rename",
            "unlink",
            "write",
            "read",
            "read-4k",
            "write-4k",
            "write-4k-stable");

    LoadOptions {
        targets = List.copyOf(targets);
        workloads = List.copyOf(workloads);
        if (targets.isEmpty() || clients < 1 || inFlight < 1 || inFlight > 255 || rounds < 1) {
            throw new IllegalArgumentException(
                    "at least one target, client, request in flight (at most 255) and round");
        }
        if (!WORKLOADS.containsAll(workloads)) {
            throw new IllegalArgumentException("not all of " + workloads + " are of " + WORKLOADS);
        }
    }

    /** Bytes of the file of a client: whole blocks. */
    long bytesOfClient() {
        return Math.max(1, bytes / clients / DataLoad.BLOCK) * DataLoad.BLOCK;
    }

    int filesOfClient() {
        return (files + clients - 1) / clients;
    }

    /** The same for a moment, only to have everything compiled. */
    LoadOptions warmingUp() {
        return new LoadOptions(
                targets,
                workloads,
                clients,
                inFlight,
                warmUp,
                files,
                Math.min(bytes, 128 << 20),
                1,
                0,
                seed,
                "warm-up",
                false);
    }
}
