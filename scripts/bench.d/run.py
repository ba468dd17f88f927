"""A run of scripts/bench: its folder, its processes, its figures."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time


class BenchmarkError(Exception):
    """A contestant failed, or did not do what it was told to do: there is no figure."""


class Stopped(Exception):
    """Somebody wants it to end (SIGTERM, SIGHUP)."""


def _stop(*_):
    raise Stopped()


class Figure:
    """One measured value."""

    def __init__(self, section, what, contestant, value, unit, more_is_better, conditions):
        self.section = section
        self.what = what
        self.contestant = contestant
        self.value = value
        self.unit = unit
        self.more_is_better = more_is_better
        self.conditions = conditions


class Run:
    """Invariant: no process and no file that it made outlives it, however it ends (but for SIGKILL)."""

    def __init__(self, home, given):
        self.home = home
        self.quick = given.quick
        self.rounds = given.rounds or (1 if given.quick else 3)
        self.against = None if given.against == "all" else set(given.against.split(","))
        self.figures = []
        self.notes = []
        self.failures = []
        self.children = []
        self.cleanups = []
        java = os.environ.get("JAVA_HOME")
        found = os.path.join(java, "bin", "java") if java else shutil.which("java")
        if not found:
            raise SystemExit("scripts/bench: there is no java in PATH; install a JDK of version 17 or newer, or set JAVA_HOME")
        self.java = os.path.realpath(found)

    def __enter__(self):
        self.work = tempfile.mkdtemp(prefix="cairn-bench.")
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _stop)
        return self

    def __exit__(self, *_):
        self.end_children()
        shutil.rmtree(self.work, ignore_errors=False)

    @staticmethod
    def say(text):
        print(time.strftime("%H:%M:%S ") + text, file=sys.stderr, flush=True)

    # ---- what is used

    def is_wanted(self, contestant):
        return self.against is None or contestant in self.against

    def wants(self, contestant, *programs):
        """Whether a contestant takes part: it is wanted, and all its programs are installed."""
        if not self.is_wanted(contestant):
            return False
        missing = [program for program in programs if not self.program(program)]
        if missing:
            self.note(f"{contestant} did not take part, as {', '.join(missing)} is not installed.")
        return not missing

    @staticmethod
    def program(name):
        return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")

    def build(self):
        """Builds the program and the tests, whose classes have the load generator; finds their class path."""
        self.say("building")
        command = [os.path.join(self.home, "mvnw"), "-q", "-B", "-f", self.home, "-Dspotless.check.skip=true", "-DskipTests"]
        offline = [] if os.environ.get("CAIRN_ONLINE") else ["-o"]
        goals = ["package", "dependency:build-classpath", "-Dmdep.outputFile=target/bench-classpath"]
        for attempt in ([offline] if not offline else [offline, []]):
            # First with what is there: on most days that is all of it.
            done = subprocess.run(command + attempt + goals, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if done.returncode == 0:
                break
        else:
            raise SystemExit("scripts/bench: building failed\n" + done.stdout)
        self.classpath = ":".join(self.classes("server") + self.classes("fuse-adapter") + [self.library_path("core"), self.libraries("server")])

    def classes(self, module):
        return [os.path.join(self.home, module, "target", kind) for kind in ("test-classes", "classes")]

    def libraries(self, module):
        with open(os.path.join(self.home, module, "target", "bench-classpath"), encoding="utf-8") as file:
            return file.read().strip()

    def library_path(self, module):
        """A module's own classes, those of its tests, and all that they need."""
        return ":".join(self.classes(module) + [self.libraries(module)])

    # ---- processes and files

    def folder(self, *names):
        path = os.path.join(self.work, *names)
        os.makedirs(path, exist_ok=True)
        return path

    def remove(self, path):
        """Removes a tree whose files may be read-only."""
        subprocess.run(["rm", "-rf", path], check=True)

    def start(self, command, log, **more):
        """Starts a process that is ended with the workload."""
        with open(log, "ab") as out:
            child = subprocess.Popen(command, stdout=more.pop("stdout", out), stderr=out, stdin=subprocess.DEVNULL, **more)
        self.children.append(child)
        return child

    def end(self, child, number=signal.SIGTERM, seconds=60):
        if child.poll() is None:
            child.send_signal(number)
            try:
                child.wait(seconds)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        if child in self.children:
            self.children.remove(child)

    def on_end(self, action):
        """Has something done when the workload ends, the last first."""
        self.cleanups.append(action)

    def end_children(self):
        while self.cleanups:
            self.cleanups.pop()()
        for child in list(self.children):
            self.end(child)

    def call(self, command, **more):
        """Runs a program that must succeed; what it prints."""
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, **more)
        if done.returncode != 0:
            raise BenchmarkError(f"{' '.join(command[:3])} ... ended with {done.returncode}: {done.stderr.strip()[-600:]}")
        return done.stdout

    def timed(self, command, **more):
        """The same; the seconds that it took."""
        begun = time.monotonic()
        self.call(command, **more)
        return time.monotonic() - begun

    # ---- figures

    def figure(self, section, what, contestant, value, unit, more_is_better, conditions=""):
        self.figures.append(Figure(section, what, contestant, value, unit, more_is_better, conditions))
        self.say(f"   {what}: {contestant} {value:,.5g} {unit}" + (f" ({conditions})" if conditions else ""))

    def note(self, text):
        if text not in self.notes:
            self.notes.append(text)

    def failure(self, workload, text):
        self.say(f"   {workload} FAILED: {text}")
        self.failures.append((workload, text))


def free_port():
    """A port of loopback that nobody has, or had a moment ago."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for_port(port, child, seconds=60):
    """Waits until somebody listens there."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if child.poll() is not None:
            raise BenchmarkError(f"the server ended with {child.returncode} before it listened")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise BenchmarkError(f"nobody listens on port {port} after {seconds} s")


def forget_pages(top):
    """Has the kernel forget the contents of all files below a folder, after they were synced."""
    for folder, _, names in os.walk(top):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path) and not os.path.islink(path):
                file = os.open(path, os.O_RDONLY)
                try:
                    os.fsync(file)
                    os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
                finally:
                    os.close(file)


def tree_bytes(top):
    """Bytes of all files below a folder."""
    return sum(
        os.lstat(os.path.join(folder, name)).st_size for folder, _, names in os.walk(top) for name in names)
