"""The inner loops by themselves, by JMH: chunker, codec, journal, metadata transactions."""

import json
import os

from run import BenchmarkError

WHAT = "the inner loops by JMH: chunker, codec, journal append, metadata transactions"
SECTION = "Inner loops"
LOOPS = ("figures/DataLoops", "journal/JournalLoops", "metadata/MetadataLoops")


def run(run):
    sources = [os.path.join(run.home, "core", "src", "test", "java", "org", "cairnfs", "core", loop + ".java") for loop in LOOPS]
    classes = run.folder("jmh")
    # JMH runs classes that its annotation processor makes; no build needs them but this one.
    compiler = os.path.join(os.path.dirname(run.java), "javac")
    if not os.path.exists(compiler):
        raise BenchmarkError(f"there is no {compiler}; JMH needs a JDK")
    libraries = run.library_path("core")
    run.call([compiler, "-nowarn", "-d", classes, "-cp", libraries, "-processor", "org.openjdk.jmh.generators.BenchmarkProcessor", *sources])
    result = os.path.join(run.work, "jmh.json")
    seconds = "1" if run.quick else "2"
    run.call([run.java, f"-Djava.io.tmpdir={run.folder('jmh-work')}", "-cp", classes + ":" + libraries, "org.openjdk.jmh.Main", "-f", "1", "-wi", "3", "-w", seconds,
              "-i", str(max(3, run.rounds)), "-r", seconds, "-foe", "true", "-rf", "json", "-rff", result, "-jvmArgsAppend", "-Xmx512m"])
    with open(result, encoding="utf-8") as file:
        for benchmark in json.load(file):
            name = ".".join(benchmark["benchmark"].split(".")[-2:])
            conditions = "on 1 MiB" if name.startswith("DataLoops") else "synced" if name.endswith("Sync") else "not synced"
            for values in benchmark["primaryMetric"]["rawData"]:
                for value in values:
                    run.figure(SECTION, name, "cairn", value, "us", False, conditions)
