"""The report: what was measured, as Markdown and as JSON."""

import json
import statistics

import aims
from run import Figure

CAIRN = "cairn"


def rows(run):
    """Figures by section and row: {section: {(what, unit, more is better): {(contestant, conditions): [values]}}}, in the order of measuring."""
    sections = {}
    for figure in run.figures:
        row = sections.setdefault(figure.section, {}).setdefault((figure.what, figure.unit, figure.more_is_better), {})
        row.setdefault((figure.contestant, figure.conditions), []).append(figure.value)
    return sections


def _number(value):
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def _cell(values):
    median = _number(statistics.median(values))
    return median if len(values) == 1 else f"{median} ({_number(min(values))} to {_number(max(values))})"


def ratios(ours, others, more_is_better):
    """The median of the ratios of each round, above 1 where Cairn is better; None where a round has nothing to divide by."""
    pairs = list(zip(ours, others))
    if any(one == 0 or other == 0 for one, other in pairs):
        return None
    return statistics.median(one / other if more_is_better else other / one for one, other in pairs)


def markdown(run, where, command):
    lines = ["# Benchmarks", "", "Written by `" + command.strip() + "`; [testing](testing.md#benchmarks) says how to read it.", ""]
    lines += ["| | |", "| --- | --- |"] + [f"| {name} | {value} |" for name, value in where.items()] + [""]
    counts = [len(values) for table in rows(run).values() for row in table.values() for values in row.values()]
    rounds = f"{min(counts)} to {max(counts)} values" if counts else "No value"
    lines += [f"{rounds} for each figure, contestants in turns. A figure is the median of the rounds (and the least and the most); a ratio is the median",
              "of the ratios of each round, **above 1 where Cairn is better**, whatever is measured. Load generator, contestants and disk share the machine.", ""]
    losses = []
    for section, table in rows(run).items():
        lines += ["## " + section, "", "| what | who | durability and caches | figure | Cairn's ratio |", "| --- | --- | --- | ---: | ---: |"]
        for (what, unit, more), row in table.items():
            ours = {conditions: values for (who, conditions), values in row.items() if who == CAIRN}
            for (who, conditions), values in row.items():
                ratio = ""
                if who != CAIRN and ours:
                    # Beside the same conditions, if there are such; else beside all that Cairn has.
                    against = ours.get(conditions) or next(iter(ours.values()))
                    found = ratios(against, values, more)
                    ratio = "" if found is None else f"{found:.2f}"
                    if found is not None and found < 1:
                        losses.append(f"{section}, {what}: {ratio} of {who}" + (f" ({conditions})" if conditions else ""))
                lines.append(f"| {what} | {who} | {conditions} | {_cell(values)} {unit} | {ratio} |")
        lines.append("")
    lines += aims.table(rows(run), ratios)
    lines += ["## Where Cairn loses", ""]
    lines += [f"- {loss}" for loss in losses] or ["Nowhere, of what was measured."]
    lines.append("")
    if run.notes:
        lines += ["## Notes", ""] + [f"- {note}" for note in run.notes] + [""]
    if run.failures:
        lines += ["## What failed", ""] + [f"- {name}: {' '.join(text.split())}" for name, text in run.failures] + [""]
    return "\n".join(lines)


def read_json(path, run):
    """Takes the figures of an earlier run into this one; where it ran."""
    with open(path, encoding="utf-8") as file:
        earlier = json.load(file)
    for figure in earlier["figures"]:
        run.figures.append(Figure(**figure))
    run.failures += [(failure["workload"], failure["what"]) for failure in earlier["failures"]]
    for note in earlier["notes"]:
        run.note(note)
    return earlier["where"]


def write_json(path, run, where):
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"where": where, "rounds": run.rounds, "quick": run.quick, "notes": run.notes,
                   "failures": [{"workload": name, "what": text} for name, text in run.failures],
                   "figures": [vars(figure) for figure in run.figures]}, file, indent=1)
        file.write("\n")
