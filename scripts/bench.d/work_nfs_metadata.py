"""Metadata by NFS 4.1: many small operations of one client and of several."""

from cairn import Cairn
from ganesha import Ganesha
from load import run_load

WHAT = "create, getattr, lookup, readdir, rename and unlink by NFS 4.1, 1 client and 8"

WORKLOADS = ("create", "getattr", "lookup", "readdir", "rename", "unlink")


def run(run):
    servers = {"cairn sync": Cairn(run, "cairn-sync", "sync"), "cairn async": Cairn(run, "cairn-async", "async")}
    for server in servers.values():
        run.on_end(server.close)
        server.serve()
    targets = [servers["cairn sync"].target("cairn sync")]
    if run.wants("ganesha", Ganesha.PROGRAM):
        other = Ganesha(run)
        if other.has_sync:
            targets.append(other.target("ganesha sync", "/sync"))
        targets.append(servers["cairn async"].target("cairn async"))
        targets.append(other.target("ganesha async", "/plain"))
    else:
        targets.append(servers["cairn async"].target("cairn async"))
    for clients, in_flight in ((1, 1), (8, 8)):
        figures = run_load(
            run, targets, WORKLOADS, clients=clients, in_flight=in_flight, seconds=1.5 if run.quick else 4, rounds=run.rounds,
            warm_up=2 if run.quick else 6, directory=f"clients-{clients}")
        section = f"NFS 4.1, {clients} client{'s' if clients > 1 else ''}"
        for figure in figures:
            who, durability = figure["server"].split(" ")
            workload = figure["workload"]
            if workload == "readdir":
                run.figure(section, "readdir, entries", who, figure["bytes"] / figure["seconds"], "/s", True, durability)
                continue
            run.figure(section, workload, who, figure["perSecond"], "/s", True, durability)
            run.figure(section, workload + ", median", who, figure["medianMicros"], "us", False, durability)
            run.figure(section, workload + ", 99 % within", who, figure["p99Micros"], "us", False, durability)
            if figure["serverCpuMicros"] >= 0:
                run.figure(section, workload + ", CPU of the server", who, figure["serverCpuMicros"], "us", False, durability)
        run.note(f"{section}: {in_flight} request(s) of each client in flight. A create is an OPEN with its attributes and a CLOSE, two requests.")
    run.note("sync: on the disk before it is answered (Cairn: the export's `sync`, NFS-Ganesha: chattr +SD on its folder of ext4). async: survives a "
             "kill -9 of the server, not a power loss. All files are in the servers' caches.")
