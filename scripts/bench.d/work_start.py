"""How long a large file system takes to open, and how much memory its server has."""

from cairn import Cairn
from load import run_load

WHAT = "opening a file system of 1,000,000 files, clean and after kill -9; resident memory under load"
SECTION = "Start"


def run(run):
    files = 100_000 if run.quick else 1_000_000
    # An export that is async, only to have the files sooner.
    cairn = Cairn(run, "large", "async", heap="512m")
    run.on_end(cairn.close)
    cairn.serve()
    made = run_load(run, [cairn.target()], ("create",), clients=8, in_flight=8, files=files, seconds=3600, directory="large", keep=True)[0]
    state = f"{files:,} files"
    run.figure(SECTION, "create, all the way", "cairn", made["perSecond"], "/s", True, f"async, {state}")
    load = ("create", "getattr", "lookup", "rename", "unlink", "write", "read")
    run_load(run, [cairn.target()], load, clients=8, in_flight=8, seconds=3, megabytes=256, directory="more")
    now, most = cairn.memory()
    run.figure(SECTION, "resident memory", "cairn", now / 1e6, "MB", False, f"{state}, heap of 512 MiB at most")
    run.figure(SECTION, "resident memory, most under load", "cairn", most / 1e6, "MB", False, f"{state}, heap of 512 MiB at most")
    for _ in range(run.rounds):
        cairn.stop()
        run.figure(SECTION, "open, clean", "cairn", cairn.serve(), "s", False, f"{state}, kernel's caches warm, with the start of the JVM")
    for i in range(run.rounds):
        # Under load, so that there is something to replay.
        run_load(run, [cairn.target()], ("create",), clients=8, in_flight=8, files=20_000, seconds=20, directory=f"before-kill-{i}", keep=True)
        cairn.kill9()
        run.figure(SECTION, "open, after kill -9", "cairn", cairn.serve(), "s", False, f"{state}, kernel's caches warm, with the start of the JVM")
    run.note("Start: until the server says that it is ready, with the start of the JVM. Before each kill -9, 20,000 files are made.")
