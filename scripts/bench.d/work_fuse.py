"""Metadata by the mount: one process, and eight."""

import multiprocessing
import os
import time

from run import BenchmarkError
from s3ql import S3ql, takes_part
from trees import write_noise
from work_tree import mounted

WHAT = "mkdir, create, stat, open, listing, rename and unlink by FUSE, 1 process and 8, and a large file; beside S3QL and the disk's own file system"


def _each(folder, action):
    """Does something with all names of a process; seconds."""
    begun = time.monotonic()
    action(folder)
    return time.monotonic() - begun


def _create(files):
    def make(folder):
        for i in range(files):
            os.close(os.open(f"{folder}/file-{i}", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
    return make


def _mkdir(files):
    def make(folder):
        for i in range(files):
            os.mkdir(f"{folder}/folder-{i}")
    return make


def _rmdir(files):
    def remove(folder):
        for i in range(files):
            os.rmdir(f"{folder}/folder-{i}")
    return remove


def _open(files):
    def look(folder):
        for i in range(files):
            os.close(os.open(f"{folder}/file-{i}", os.O_RDONLY))
    return look


def _stat(files):
    def look(folder):
        for i in range(files):
            os.stat(f"{folder}/file-{i}")
    return look


def _list(files):
    def entries(folder):
        with os.scandir(folder) as found:
            count = sum(1 for _ in found)
        if count != files:
            raise BenchmarkError(f"{count} entries in place of {files}")
    return entries


def _rename(files):
    def change(folder):
        for i in range(files):
            os.rename(f"{folder}/file-{i}", f"{folder}/name-{i}")
    return change


def _unlink(files):
    def remove(folder):
        for i in range(files):
            os.unlink(f"{folder}/name-{i}")
    return remove


BYTES = 256 << 20

# What an operation that was answered survives.
UNDER = {"cairn": "survives kill -9", "s3ql": "the kernel writes contents back later", "disk": "the disk's file system, not synced"}

STEPS = (("mkdir", _mkdir), ("rmdir", _rmdir), ("create", _create), ("stat", _stat), ("open and close", _open), ("listing, entries", _list), ("rename", _rename), ("unlink", _unlink))


def _worker(folder, files, barrier, results):
    try:
        os.makedirs(folder)
        for name, make in STEPS:
            action = make(files)
            barrier.wait()
            results.put((name, _each(folder, action)))
        os.rmdir(folder)
    except BaseException:
        barrier.abort()
        raise


def _measure(top, processes, files):
    """The slowest process of each step; {step: seconds}."""
    barrier = multiprocessing.Barrier(processes)
    results = multiprocessing.Queue()
    workers = [multiprocessing.Process(target=_worker, args=(os.path.join(top, f"process-{i}"), files, barrier, results)) for i in range(processes)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise BenchmarkError(f"processes ended with {[worker.exitcode for worker in workers]} in {top}")
    slowest = {}
    for _ in range(processes * len(STEPS)):
        name, seconds = results.get()
        slowest[name] = max(seconds, slowest.get(name, 0))
    return slowest


def run(run):
    _, place = mounted(run, "fuse")
    plain = run.folder("plain")
    tops = [("cairn", place), ("disk", plain)]
    if takes_part(run):
        s3ql = S3ql(run, "fuse-s3ql")
        run.on_end(s3ql.close)
        tops.insert(1, ("s3ql", s3ql.place))
    for _, top in tops[:-1]:
        _measure(top, 2, 500)  # so that what is measured is compiled
    for processes in (1, 8):
        files = (4000 if run.quick else 16000) // processes
        for _ in range(run.rounds):
            for who, top in tops:
                for name, seconds in _measure(top, processes, files).items():
                    run.figure(f"Metadata by FUSE, {processes} process{'es' if processes > 1 else ''}", name, who, processes * files / seconds, "/s", True,
                               UNDER[who])
    noise = os.path.join(run.folder("noise"), "file")
    run.on_end(lambda: run.remove(os.path.dirname(noise)))
    write_noise(noise, BYTES // 8 if run.quick else BYTES, 5)
    for _ in range(run.rounds):
        for who, top in tops:
            _large_file(run, who, noise, os.path.join(top, "large"))
    run.note("Metadata by FUSE: system calls of Python, each process in a directory of its own. Data by FUSE: a file that cannot be compressed, in calls of 1 MiB; S3QL's "
             "fsync does not wait for the disk.")


def _large_file(run, who, source, path):
    """Writes a file, reads it again, and removes it."""
    size = os.path.getsize(source)
    took = run.timed(["dd", f"if={source}", f"of={path}", "bs=1M", "conv=fsync"])
    run.figure("Data by FUSE", "write and fsync", who, size / took / 1e6, "MB/s", True, UNDER[who])
    took = run.timed(["dd", f"if={path}", "of=/dev/null", "bs=1M"])
    run.figure("Data by FUSE", "read again", who, size / took / 1e6, "MB/s", True, "the kernel's pages")
    os.remove(path)
