"""Cairn as a contestant: an encrypted file system in a folder of this machine, served."""

import json
import os
import signal
import time

from run import BenchmarkError

HEAP = "1g"


class Cairn:
    """A file system and its server. The usual options (encryption, zstd-3, chunks of 256 KiB on average), a heap of 1 GiB at most unless told otherwise."""

    def __init__(self, run, name, export="sync", heap=HEAP, settings=()):
        self.run = run
        self.heap = heap
        self.name = name
        self.folder = run.folder(name)
        self.store = os.path.join(self.folder, "store")
        self.state = os.path.join(self.folder, "state")
        self.key = os.path.join(self.folder, "key")
        self.log = os.path.join(self.folder, "log")
        with open(self.key, "w", encoding="ascii") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write("benchmarks are no secret\n")
        with open(os.path.join(self.folder, "exports"), "w", encoding="ascii") as file:
            file.write(f"/ 127.0.0.1(rw,{export},no_root_squash,insecure)\n")
        with open(os.path.join(self.folder, "conf"), "w", encoding="ascii") as file:
            file.write("nfs-lease = 10s\n" + "".join(line + "\n" for line in settings))
        self.process = None
        self.command("mkfs", self.url, "--passphrase-file", self.key)

    @property
    def url(self):
        return "local://" + self.store

    def launcher(self):
        return [os.path.join(self.run.home, "scripts", "cairn")]

    def environment(self):
        return dict(os.environ, CAIRN_NO_BUILD="1", CAIRN_HEAP=self.heap, JAVA_HOME=os.path.dirname(os.path.dirname(self.run.java)))

    def command(self, *words):
        return self.run.call(self.launcher() + list(words), env=self.environment())

    def tell(self, *words):
        """A command to the running server."""
        return self.command(*words, "--state", self.state)

    def serve(self, *more):
        """Serves, and returns when it is ready; the seconds which that took."""
        out = os.path.join(self.folder, "ready")
        begun = time.monotonic()
        with open(out, "wb") as ready:
            self.process = self.run.start(
                self.launcher() + ["serve", self.url, "--state", self.state, "--passphrase-file", self.key, "--port", "0",
                                   "--metrics-port", "0", "--exports", os.path.join(self.folder, "exports"),
                                   "--config", os.path.join(self.folder, "conf"), "--json", *more],
                self.log, stdout=ready, env=self.environment())
        # The launcher becomes the JVM (exec), so the process is the server.
        while True:
            with open(out, encoding="utf-8") as ready:
                lines = [line for line in ready.read().splitlines(keepends=True) if line.startswith('{"pid"') and line.endswith("\n")]
            if lines:
                break
            if self.process.poll() is not None:
                with open(self.log, encoding="utf-8") as log:
                    raise BenchmarkError("cairn serve ended: " + log.read()[-600:])
            time.sleep(0.005)
        took = time.monotonic() - begun
        self.port = json.loads(lines[0])["port"]
        return took

    @property
    def pid(self):
        return self.process.pid

    def target(self, name=None, path="/"):
        """As the load generator wants it."""
        return f"{name or self.name}=127.0.0.1:{self.port}{path},{self.pid}"

    def flush(self):
        """Has everything stored; the seconds which that took."""
        begun = time.monotonic()
        self.tell("flush")
        return time.monotonic() - begun

    def stop(self):
        """Ends it in order: everything is stored."""
        stopping = self.run.start(self.launcher() + ["stop", "--state", self.state], self.log, env=self.environment())
        # The command waits until the process is gone, which it is when its parent, this one, has taken note of its end.
        self.process.wait(300)
        self.run.children.remove(self.process)
        code = stopping.wait(60)
        self.run.children.remove(stopping)
        if code != 0:
            raise BenchmarkError(f"cairn stop ended with {code}")

    def kill9(self):
        self.run.end(self.process, signal.SIGKILL)

    def memory(self):
        """Bytes that the server has in memory now, and had at most (VmRSS and VmHWM of proc(5))."""
        with open(f"/proc/{self.pid}/status", encoding="ascii") as file:
            lines = dict(line.split(":", 1) for line in file)
        return int(lines["VmRSS"].split()[0]) << 10, int(lines["VmHWM"].split()[0]) << 10

    def close(self):
        """Ends the server, whatever is not stored yet, and removes the file system."""
        if self.process:
            self.kill9()
        self.run.remove(self.folder)
