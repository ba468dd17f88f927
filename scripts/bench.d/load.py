"""Runs the load generator (org.cairnfs.server.load), which takes the servers in turns."""

import json
import os
import subprocess

from run import BenchmarkError

HEAP = "-Xmx512m"


def run_load(run, targets, workloads, **options):
    """All figures of a run, as the generator tells them; an error of any operation is the end of the workload."""
    command = [run.java, HEAP, "-Dlogback.configurationFile=figures-logging.xml", "-cp", run.classpath,
               "org.cairnfs.server.load.LoadMain", "--workloads", ",".join(workloads)]
    for target in targets:
        command += ["--server", target]
    for name, value in options.items():
        command += ["--" + name.replace("_", "-"), str(value).lower() if isinstance(value, bool) else str(value)]
    with open(os.path.join(run.work, "load.err"), "w+", encoding="utf-8") as errors:
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        run.children.append(child)
        figures = [json.loads(line) for line in child.stdout]
        run.end(child)
        errors.seek(0)
        said = errors.read()
    if child.returncode != 0:
        raise BenchmarkError(f"the load failed: {said[-800:]}")
    return figures
