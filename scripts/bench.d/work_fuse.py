"""Metadata by the mount: one process, and eight."""

import multiprocessing
import os
import time

from run import BenchmarkError
from work_tree import mounted

WHAT = "create, stat, listing, rename and unlink by FUSE, 1 process and 8; beside the disk's own file system"


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


STEPS = (("create", _create), ("stat", _stat), ("listing, entries", _list), ("rename", _rename), ("unlink", _unlink))


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
    _measure(place, 2, 500)  # so that what is measured is compiled
    for processes in (1, 8):
        files = (4000 if run.quick else 16000) // processes
        for _ in range(run.rounds):
            for who, top in (("cairn", place), ("disk", plain)):
                for name, seconds in _measure(top, processes, files).items():
                    run.figure(f"Metadata by FUSE, {processes} process{'es' if processes > 1 else ''}", name, who, processes * files / seconds, "/s", True,
                               "survives kill -9" if who == "cairn" else "the disk's file system, not synced")
    run.note("Metadata by FUSE: system calls of Python, each process in a directory of its own.")
