"""Data for the benchmarks: a tree like one of sources, its next version, and what cannot be compressed; by a seed, always the same."""

import os
import random

ENTRIES = 16_000
BYTES = 267_000_000
PER_DIRECTORY = 10
LETTERS = "etaoinshrdlucmfwypvbgkjqxz"


class Tree:
    """Directories of some ten files each, sizes spread as those of sources are, lines of words that come again and again."""

    def __init__(self, part=1.0, seed=1):
        self.seed = seed
        self.entries = int(ENTRIES * part)
        self.bytes = int(BYTES * part)
        rng = random.Random(seed)
        words = ["".join(rng.choices(LETTERS, k=rng.randint(2, 11))) for _ in range(6000)]
        weights = [1 / (i + 3) for i in range(len(words))]
        self.lines = ["    " * rng.randint(0, 4) + " ".join(rng.choices(words, weights, k=rng.randint(2, 12))) + f" {rng.getrandbits(24)};\n"
                      for _ in range(40_000)]

    def write(self, top):
        rng = random.Random(self.seed)
        directories = max(1, self.entries // (PER_DIRECTORY + 1))
        folders = [top]
        for number in range(directories):
            folders.append(os.path.join(rng.choice(folders[-40:]), f"part{number}"))
            os.makedirs(folders[-1])
        files = self.entries - directories
        shares = [rng.lognormvariate(0, 1.2) for _ in range(files)]
        unit = self.bytes / sum(shares)
        for number, share in enumerate(shares):
            size = max(1, int(share * unit))
            with open(os.path.join(folders[1 + number % directories], f"source{number}.c"), "w", encoding="ascii") as file:
                file.write("".join(rng.choices(self.lines, k=size // 55 + 1))[:size])

    def next_version(self, top):
        """Changes a twentieth of the files by some lines, removes one of a hundred, and adds as many."""
        rng = random.Random(self.seed + 1)
        paths = sorted(os.path.join(folder, name) for folder, _, names in os.walk(top) for name in names)
        for path in paths:
            dice = rng.random()
            if dice < 0.01:
                os.remove(path)
                with open(path + ".new", "w", encoding="ascii") as file:
                    file.write("".join(rng.choices(self.lines, k=300)))
            elif dice < 0.06:
                with open(path, encoding="ascii") as file:
                    text = file.read()
                at = rng.randrange(len(text))
                with open(path, "w", encoding="ascii") as file:
                    file.write(text[:at] + "".join(rng.choices(self.lines, k=3)) + text[at:])


def write_noise(path, size, seed, before=b""):
    """A file that cannot be compressed, with something in front of it."""
    rng = random.Random(seed)
    with open(path, "wb") as file:
        file.write(before)
        for at in range(0, size, 1 << 20):
            file.write(rng.randbytes(min(1 << 20, size - at)))
