"""A tree of small files by the mount: in, out, and what a file system does with trees."""

import os
import subprocess
import time

from archives import Archive, archives
from cairn import Cairn
from run import BenchmarkError, tree_bytes
from trees import Tree

WHAT = "a tree of 16,000 small files by FUSE, in and out; its snapshot, copy and removal; the same by restic and borg"
SECTION = "Tree by FUSE"


def mounted(run, name):
    """A new file system that is mounted on a folder: it, and the folder."""
    cairn = Cairn(run, name)
    place = run.folder(name + "-mount")
    run.on_end(cairn.close)
    run.on_end(lambda: unmount(place))
    cairn.serve("--mountpoint", place)
    return cairn, place


def unmount(place):
    if os.path.ismount(place):
        done = subprocess.run(["fusermount3", "-u", "-z", place], stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            raise BenchmarkError(f"{place} stays mounted: {done.stderr.strip()}")


def run(run):
    if not run.program("fusermount3"):
        raise BenchmarkError("there is no fusermount3; install fuse3")
    tree = Tree(0.125 if run.quick else 1)
    source = run.folder("source")
    run.on_end(lambda: run.remove(source))
    tree.write(source)
    cairn, place = mounted(run, "tree")
    others = archives(run)
    for i in range(run.rounds):
        _round_of_cairn(run, cairn, place, source, i)
        for name in others:
            _round_of_archive(run, name, source)
    run.note(f"{SECTION}: {tree.entries:,} entries, {tree_bytes(source) / 1e6:.0f} MB, made by a seed. Later rounds of Cairn go to the same file system, where "
             "its data is stored already, but the first: only the first counts as copied in. restic and borg begin with a new repository each time.")


def _round_of_cairn(run, cairn, place, source, i):
    into = os.path.join(place, f"tree-{i}")
    fresh = "not yet in the store" if i == 0 else "data in the store already"
    copied = run.timed(["cp", "-a", source, into])
    stored = copied + cairn.flush()
    run.figure(SECTION, "copied in", "cairn", copied, "s", False, "survives kill -9; " + fresh)
    run.figure(SECTION, "copied in, until stored", "cairn", stored, "s", False, "encrypted, in a folder, files synced; " + fresh)
    run.figure(SECTION, "read by tar", "cairn", run.timed(["sh", "-c", f"tar cf - '{into}' | cat >/dev/null"], cwd=place), "s", False, "warm")
    out = os.path.join(run.work, "out")
    run.figure(SECTION, "copied out", "cairn", run.timed(["cp", "-a", into, out]), "s", False, "warm")
    if subprocess.run(["diff", "-r", source, out], stdout=subprocess.DEVNULL).returncode != 0:
        raise BenchmarkError("what was copied out is not what was copied in")
    run.remove(out)
    for what, words in (("snapshot", ["snapshot", "create", f"bench-{i}"]), ("copy (cairn cp)", ["cp", f"/tree-{i}", f"/copy-{i}"]),
                        ("removal (cairn rm), until freed", ["rm", "--yes", f"/copy-{i}"])):
        begun = time.monotonic()
        cairn.tell(*words)
        run.figure(SECTION, what, "cairn", time.monotonic() - begun, "s", False, "with the start of the command, a JVM")
    run.figure(SECTION, "removal (rm -r)", "cairn", run.timed(["rm", "-r", into]), "s", False, "survives kill -9")


def _round_of_archive(run, name, source):
    archive = Archive(run, name)
    run.figure(SECTION, "copied in, until stored", name, archive.store(source), "s", False, "encrypted, in a folder")
    out = os.path.join(run.work, "out")
    run.figure(SECTION, "copied out", name, archive.restore(out), "s", False, "warm")
    run.remove(out)
    archive.close()
