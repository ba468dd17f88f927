"""Data by NFS 4.1: large files, and small pieces of them."""

from cairn import Cairn
from ganesha import Ganesha
from load import run_load
from run import forget_pages

WHAT = "sequential and random reads and writes by NFS 4.1, and how long until all of it is in the store"
SECTION = "Data over NFS"

# MiB of a file that fits into Cairn's cache in memory, of 96 MiB.
CACHED = 64


def run(run):
    cairn = Cairn(run, "cairn", "sync")
    run.on_end(cairn.close)
    cairn.serve()
    targets = [cairn.target("cairn")]
    ganesha = Ganesha(run) if run.wants("ganesha", Ganesha.PROGRAM) else None
    if ganesha:
        targets.append(ganesha.target("ganesha"))
    warm = {"write": "write, with COMMIT", "read": "read, larger than Cairn's cache"}
    megabytes = 256 if run.quick else 768
    figures = run_load(
        run, targets, ("write", "read", "read-4k", "write-4k", "write-4k-stable"), clients=1, in_flight=8, megabytes=megabytes,
        seconds=1.5 if run.quick else 4, rounds=run.rounds, warm_up=2 if run.quick else 5, directory="warm")
    for figure in figures:
        who = figure["server"]
        workload = figure["workload"]
        if workload in warm:
            conditions = "in the journal, or the file, and synced" if workload == "write" else "kernel's cache; Cairn decrypts what is in its store"
            run.figure(SECTION, warm[workload], who, figure["bytes"] / figure["seconds"] / 1e6, "MB/s", True, conditions)
        else:
            what = {"read-4k": "4 KiB random reads", "write-4k": "4 KiB random writes, COMMIT at the end",
                    "write-4k-stable": "4 KiB random writes, each synced"}[workload]
            run.figure(SECTION, what, who, figure["perSecond"], "/s", True, "warm")
            run.figure(SECTION, what + ", 99 % within", who, figure["p99Micros"], "us", False, "warm")
    for figure in run_load(run, targets, ("write", "read", "read", "read", "read"), clients=1, in_flight=8, megabytes=CACHED, rounds=run.rounds,
                           warm_up=1, directory="cached"):
        if figure["workload"] == "read":
            run.figure(SECTION, "read, warm", figure["server"], figure["bytes"] / figure["seconds"] / 1e6, "MB/s", True, f"{CACHED} MiB, in the server's cache")
    _until_stored(run, cairn)
    _cold(run, cairn, ganesha, targets, megabytes)
    run.note(f"Data over NFS: one client with 8 requests of 1 MiB (or 4 KiB) in flight, a file of {megabytes} MiB that cannot be compressed; all that is read "
             "is compared with what was written.")


def _until_stored(run, cairn):
    for i in range(run.rounds):
        cairn.flush()
        written = run_load(run, [cairn.target()], ("write",), clients=1, in_flight=8, megabytes=256, directory=f"stored-{i}", keep=True, seed=100 + i)[0]
        seconds = written["seconds"] + cairn.flush()
        run.figure(SECTION, "write, until all is in the store", "cairn", written["bytes"] / seconds / 1e6, "MB/s", True, "encrypted, in a folder, files synced")
        made = run_load(run, [cairn.target()], ("create",), clients=8, in_flight=8, files=10000, seconds=600, directory=f"stored-{i}", keep=True)[0]
        seconds = made["seconds"] + cairn.flush()
        run.figure(SECTION, "10,000 files made, until all is in the store", "cairn", seconds, "s", False, "encrypted, in a folder, files synced")


def _cold(run, cairn, ganesha, targets, megabytes):
    """From the disk: caches of the servers and of the kernel are emptied before each read."""
    run_load(run, targets, ("write",), clients=1, in_flight=8, megabytes=megabytes, directory="cold", keep=True)
    cairn.flush()
    for _ in range(run.rounds):
        for target in targets:
            cairn.tell("cache", "drop")
            forget_pages(cairn.folder)
            if ganesha:
                forget_pages(ganesha.folder)
            figure = run_load(run, [target], ("read",), clients=1, in_flight=8, megabytes=megabytes, directory="cold", keep=True)[0]
            run.figure(SECTION, "read, from the store", figure["server"], figure["bytes"] / figure["seconds"] / 1e6, "MB/s", True, "caches empty, of server and kernel")
