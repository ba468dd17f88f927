"""restic and borg as contestants: what a backup of a tree takes, in time and in bytes. Both encrypt, as Cairn does."""

import os

from run import tree_bytes


class Archive:
    """A new repository in a folder of this machine, with the program's own defaults."""

    def __init__(self, run, name):
        self.run = run
        self.name = name
        self.folder = run.folder(name)
        self.repository = os.path.join(self.folder, "repository")
        self.environment = dict(
            os.environ, HOME=self.folder, RESTIC_PASSWORD="x", RESTIC_REPOSITORY=self.repository, RESTIC_CACHE_DIR=os.path.join(self.folder, "cache"),
            BORG_PASSPHRASE="x", BORG_BASE_DIR=self.folder, BORG_RELOCATED_REPO_ACCESS_IS_OK="yes")
        self.number = 0
        first = {"restic": ["restic", "init", "-q"], "borg": ["borg", "init", "-e", "repokey-blake2", self.repository]}
        run.call(first[name], env=self.environment)

    def store(self, path):
        """Makes a backup; the seconds which that took."""
        self.number += 1
        command = {"restic": ["restic", "backup", "-q", "."], "borg": ["borg", "create", f"{self.repository}::{self.number}", "."]}
        return self.run.timed(command[self.name], env=self.environment, cwd=path)

    def restore(self, target):
        """Gets the newest back into a new folder; the seconds which that took."""
        os.makedirs(target)
        command = {"restic": ["restic", "restore", "-q", "latest", "--target", target], "borg": ["borg", "extract", f"{self.repository}::{self.number}"]}
        return self.run.timed(command[self.name], env=self.environment, cwd=target)

    def size(self):
        return tree_bytes(self.repository)

    def close(self):
        self.run.remove(self.folder)


def archives(run):
    return [name for name in ("restic", "borg") if run.wants(name, name)]
