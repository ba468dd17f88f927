"""What the figures were measured on."""

import os
import platform
import re
import subprocess
import time


def _first(path, pattern, otherwise="unknown"):
    try:
        with open(path, encoding="utf-8") as file:
            found = re.search(pattern, file.read(), re.M)
            return found.group(1).strip() if found else otherwise
    except OSError:
        return otherwise


def _said(command):
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return done.stdout.strip()
    except OSError:
        return ""


def _sync_micros(work):
    """What a write of 4 KiB with fdatasync takes, the median of 200."""
    path = os.path.join(work, "sync")
    file = os.open(path, os.O_CREAT | os.O_WRONLY)
    took = []
    try:
        for i in range(200):
            begun = time.monotonic()
            os.pwrite(file, b"x" * 4096, i * 4096)
            os.fdatasync(file)
            took.append(time.monotonic() - begun)
    finally:
        os.close(file)
        os.remove(path)
    return sorted(took)[100] * 1e6


def describe(home, work, java):
    """Machine, Java, disk and commit, as pairs."""
    version = _said([java, "-version"]).splitlines()
    kind = _said(["df", "--output=fstype", work]).splitlines()
    return {
        "date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "commit": _said(["git", "-C", home, "describe", "--always", "--dirty"]) or "unknown",
        "machine": f"{platform.system()} {platform.release()} {platform.machine()}, "
                   f"{len(os.sched_getaffinity(0))} x {_first('/proc/cpuinfo', r'^model name[^:]*: (.*)$')}, "
                   f"{int(_first('/proc/meminfo', r'^MemTotal: *([0-9]+)', '0')) / 2**20:.0f} GiB",
        "load before": " ".join(f"{value:.2f}" for value in os.getloadavg()),
        "java": version[1] if len(version) > 1 else " ".join(version),
        "disk": f"{kind[-1] if kind else 'unknown'}; 4 KiB and fdatasync: {_sync_micros(work):.0f} us",
    }
