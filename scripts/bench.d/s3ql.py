"""S3QL as a contestant: a file system in a folder of this machine, mounted by FUSE."""

import os
import shutil
import subprocess
import time

from run import BenchmarkError

PROGRAMS = ("mkfs.s3ql", "mount.s3ql", "umount.s3ql", "s3qlctrl")

# A folder with its programs that is not in PATH.
FOLDER = "S3QL_BIN"


def find(name):
    return shutil.which(name, path=os.environ.get(FOLDER, "") + os.pathsep + os.environ.get("PATH", ""))


def takes_part(run):
    """Whether it is wanted, and all its programs are there; it is never installed by this."""
    if not run.is_wanted("s3ql"):
        return False
    missing = [name for name in PROGRAMS if not find(name)]
    if missing:
        run.note(f"s3ql did not take part, as {', '.join(missing)} is in no folder of PATH, nor in that which {FOLDER} names.")
    return not missing


class S3ql:
    """
    A file system that is mounted. Encrypted, as Cairn is; `--compress zlib-6`, of what it offers the nearest to zstd-3 of Cairn in speed, where its default
    is LZMA. Its cache is large enough for all data of the benchmarks, as by default.
    """

    def __init__(self, run, name):
        self.run = run
        self.folder = run.folder(name)
        self.place = run.folder(name + "-mount")
        self.cache = run.folder(name, "cache")
        store = run.folder(name, "store")
        self.url = "local://" + store
        authorities = os.path.join(self.folder, "authinfo")
        with open(authorities, "w", encoding="ascii") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(f"[bench]\nstorage-url: {self.url}\nfs-passphrase: benchmarks are no secret\n")
        self.usual = ["--cachedir", self.cache, "--authfile", authorities]
        made = subprocess.run([find("mkfs.s3ql"), *self.usual, self.url], input="benchmarks are no secret\n" * 2, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        if made.returncode != 0:
            raise BenchmarkError("mkfs.s3ql failed: " + made.stdout.strip()[-600:])
        self.log = os.path.join(self.folder, "log")
        self.process = run.start([find("mount.s3ql"), "--fg", *self.usual, "--compress", "zlib-6", "--log", os.path.join(self.folder, "messages"),
                                  self.url, self.place], self.log)
        self._wait_for_mount()

    def _wait_for_mount(self, seconds=60):
        end = time.monotonic() + seconds
        while not os.path.ismount(self.place):
            if self.process.poll() is not None or time.monotonic() > end:
                with open(self.log, encoding="utf-8", errors="replace") as log:
                    raise BenchmarkError("mount.s3ql did not mount: " + log.read()[-600:])
            time.sleep(0.05)

    def flush(self):
        """Has everything stored; the seconds which that took. Metadata go to its store when it is unmounted, or once in six hours; of these nothing is counted."""
        return self.run.timed([find("s3qlctrl"), "flushcache", self.place])

    def close(self):
        """Unmounts, whatever is not stored yet, and removes the file system."""
        if os.path.ismount(self.place):
            subprocess.run(["fusermount3", "-u", "-z", self.place], stderr=subprocess.DEVNULL, check=False)
        self.run.end(self.process)
        self.run.remove(self.folder)
