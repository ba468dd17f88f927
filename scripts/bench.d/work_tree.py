"""A tree of small files by the mount: in, out, and what a file system does with trees."""

import os
import subprocess
import time

from archives import Archive, archives
from cairn import Cairn
from run import BenchmarkError
from s3ql import S3ql, takes_part
from trees import Tree

WHAT = "a tree of 16,000 small files by FUSE, in and out; its snapshot, copy and removal; the same by S3QL, and by restic and borg"
SECTION = "Tree by FUSE"

# Where a tree is when it counts as stored.
STORED = {"cairn": "encrypted, in a folder, files synced", "s3ql": "encrypted, in a folder, not synced, without metadata",
          "disk": "synced"}


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
    cairn, place = mounted(run, "tree")
    s3ql = S3ql(run, "tree-s3ql") if takes_part(run) else None
    if s3ql:
        run.on_end(s3ql.close)
    disk = run.folder("plain")
    others = archives(run)
    for i in range(run.rounds):
        # Of its own, so that nothing of it is stored yet.
        tree = Tree(0.125 if run.quick else 1, seed=i + 1)
        source = run.folder(f"source-{i}")
        run.on_end(lambda source=source: run.remove(source))
        tree.write(source)
        run.call(["sync"])
        _round(run, "cairn", place, source, i, cairn.flush, "survives kill -9")
        _round_of_cairn_alone(run, cairn, i)
        _removed(run, "cairn", os.path.join(place, f"tree-{i}"), "survives kill -9")
        if s3ql:
            _round(run, "s3ql", s3ql.place, source, i, s3ql.flush, "the kernel writes contents back later")
        _round(run, "disk", disk, source, i, lambda: run.timed(["sync", "-f", disk]), "the disk's file system, not synced")
        for name in others:
            _round_of_archive(run, name, source)
        run.remove(source)
    run.note(f"{SECTION}: {tree.entries:,} entries, {tree.bytes / 1e6:.0f} MB, made by a seed, another one in each round, so that nothing of it "
             "is stored yet. restic and borg begin with a new repository each time; the first round of Cairn is the first work of its JVM.")


def _round(run, who, place, source, i, flush, under):
    into = os.path.join(place, f"tree-{i}")
    copied = run.timed(["cp", "-a", source, into])
    stored = copied + flush()
    run.figure(SECTION, "copied in", who, copied, "s", False, under)
    run.figure(SECTION, "copied in, until stored", who, stored, "s", False, STORED[who])
    run.figure(SECTION, "read by tar", who, run.timed(["sh", "-c", f"tar cf - '{into}' | cat >/dev/null"], cwd=place), "s", False, "warm")
    out = os.path.join(run.work, "out")
    run.figure(SECTION, "copied out", who, run.timed(["cp", "-a", into, out]), "s", False, "warm")
    if subprocess.run(["diff", "-r", source, out], stdout=subprocess.DEVNULL).returncode != 0:
        raise BenchmarkError(f"what was copied out of {who} is not what was copied in")
    run.remove(out)
    if who != "cairn":
        _removed(run, who, into, under)


def _removed(run, who, path, under):
    run.figure(SECTION, "removal (rm -r)", who, run.timed(["rm", "-r", path]), "s", False, under)


def _round_of_cairn_alone(run, cairn, i):
    for what, words in (("snapshot", ["snapshot", "create", f"bench-{i}"]), ("copy (cairn cp)", ["cp", f"/tree-{i}", f"/copy-{i}"]),
                        ("removal (cairn rm), until freed", ["rm", "--yes", f"/copy-{i}"])):
        begun = time.monotonic()
        cairn.tell(*words)
        run.figure(SECTION, what, "cairn", time.monotonic() - begun, "s", False, "with the start of the command, a JVM")


def _round_of_archive(run, name, source):
    archive = Archive(run, name)
    run.figure(SECTION, "copied in, until stored", name, archive.store(source), "s", False, "encrypted, in a folder")
    out = os.path.join(run.work, "out")
    run.figure(SECTION, "copied out", name, archive.restore(out), "s", False, "warm")
    run.remove(out)
    archive.close()
