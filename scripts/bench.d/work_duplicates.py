"""De-duplication: what is stored of a tree, of the tree again, of its next version, and of data that was shifted."""

import os
import shutil

from archives import Archive, archives
from cairn import Cairn
from run import tree_bytes
from trees import Tree, write_noise
from work_tree import unmount

WHAT = "bytes stored of a tree, of the same again, of its next version, and of a random file shifted by a byte"
SECTION = "Duplicates"


class Mounted:
    """Cairn, as the archives are: a folder is copied in, and stored."""

    def __init__(self, run):
        self.run = run
        self.cairn = Cairn(run, "duplicates")
        self.place = run.folder("duplicates-mount")
        self.cairn.serve("--mountpoint", self.place)
        self.number = 0

    def store(self, path):
        self.number += 1
        seconds = self.run.timed(["cp", "-a", path, os.path.join(self.place, str(self.number))])
        return seconds + self.cairn.flush()

    def size(self):
        return tree_bytes(self.cairn.store)

    def close(self):
        unmount(self.place)
        self.cairn.close()


def run(run):
    tree = Tree(0.125 if run.quick else 1)
    first, second, noise = run.folder("first"), os.path.join(run.work, "second"), run.folder("noise")
    shifted = run.folder("shifted")
    for path in (first, second, noise, shifted):
        run.on_end(lambda path=path: run.remove(path))
    tree.write(first)
    shutil.copytree(first, second)
    tree.next_version(second)
    size = 60_000_000 if run.quick else 500_000_000
    write_noise(os.path.join(noise, "file"), size, 7)
    write_noise(os.path.join(shifted, "file"), size, 7, b"x")
    original = tree_bytes(first)
    contestants = {"cairn": Mounted(run)}
    run.on_end(contestants["cairn"].close)
    for name in archives(run):
        contestants[name] = Archive(run, name)
        run.on_end(contestants[name].close)
    for name, contestant in contestants.items():
        before = contestant.size()
        contestant.store(first)
        one = contestant.size()
        run.figure(SECTION, "bytes stored of the tree", name, (one - before) / 1e6, "MB", False, "with metadata")
        if name == "cairn":
            # Another name, other inodes: what is stored again are metadata.
            contestant.store(first)
        else:
            contestant.store(shutil.copytree(first, os.path.join(run.folder(name + "-again"), "tree")))
        two = contestant.size()
        run.figure(SECTION, "the tree again, added to the store", name, 100 * (two - one) / one, "%", False, "of what the tree took")
        contestant.store(second)
        three = contestant.size()
        run.figure(SECTION, "its next version, added to the store", name, (three - two) / 1e6, "MB", False, "with metadata")
        contestant.store(noise)
        four = contestant.size()
        contestant.store(shifted)
        run.figure(SECTION, "a file shifted by a byte, added to the store", name, 100 * (contestant.size() - four) / size, "%", False, "of the file")
    run.note(f"{SECTION}: the tree has {original / 1e6:.0f} MB, in {tree.entries:,} entries made by a seed; of its next version a twentieth of the files has three more "
             f"lines somewhere, and a hundredth is new. The file has {size / 1e6:.0f} MB of noise. Cairn (zstd-3), restic and borg with their defaults, all encrypted. "
             "Garbage is not collected in between.")
