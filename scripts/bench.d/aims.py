"""The aims that Cairn has set itself, on a machine with two cores, and what was measured of them."""

import statistics

CAIRN = "cairn"

# (section, what, conditions or None for any, the aim in words, whether values of Cairn reach it by themselves)
ABSOLUTE = [
    ("NFS 4.1, 8 clients", "create", "sync", "at least 4,000/s", lambda value: value >= 4000),
    ("NFS 4.1, 8 clients", "create", "async", "at least 8,000/s", lambda value: value >= 8000),
    ("NFS 4.1, 8 clients", "getattr", None, "at least 30,000/s", lambda value: value >= 30000),
    ("NFS 4.1, 8 clients", "lookup", None, "at least 30,000/s", lambda value: value >= 30000),
    ("Data over NFS", "read, from the store", None, "at least 300 MB/s", lambda value: value >= 300),
    ("Duplicates", "a file shifted by a byte, added to the store", None, "below 0.5 %", lambda value: value < 0.5),
    ("Duplicates", "the tree again, added to the store", None, "below 1 %", lambda value: value < 1),
    ("Start", "open, clean", None, "at most 2 s", lambda value: value <= 2),
    ("Start", "open, after kill -9", None, "at most 5 s", lambda value: value <= 5),
    ("Start", "resident memory, most under load", None, "at most 700 MB", lambda value: value <= 700),
]

# (section, what, conditions or None, other contestant, the least ratio)
RELATIVE = [
    ("NFS 4.1, 8 clients", "create", "sync", "ganesha", 1),
    ("NFS 4.1, 8 clients", "create", "async", "ganesha", 1),
    ("Data over NFS", "write, with COMMIT", None, "ganesha", 0.6),
    ("Data over NFS", "read, warm", None, "ganesha", 0.8),
    ("Tree by FUSE", "copied in, until stored", None, "s3ql", 5),
    ("Duplicates", "bytes stored of the tree", None, "restic", 1),
]


def _values(sections, section, what, contestant, conditions):
    for (name, unit, more), row in sections.get(section, {}).items():
        if name == what:
            for (who, under), values in row.items():
                if who == contestant and conditions in (None, under):
                    yield under, values, unit, more


def table(sections, ratios):
    """The aims of which anything was measured, as lines of Markdown."""
    lines = []
    for section, what, conditions, aim, reached in ABSOLUTE:
        for under, values, unit, _ in _values(sections, section, what, CAIRN, conditions):
            median = statistics.median(values)
            lines.append(f"| {section}: {what} {('(' + under + ')') if under else ''} | {aim} | {median:,.4g} {unit} | {'yes' if reached(median) else '**no**'} |")
    for section, what, conditions, other, least in RELATIVE:
        for under, values, _, more in _values(sections, section, what, CAIRN, conditions):
            for _, others, _, _ in _values(sections, section, what, other, conditions):
                found = ratios(values, others, more)
                if found is not None:
                    lines.append(f"| {section}: {what} {('(' + under + ')') if under else ''} | at least {least} of {other} | {found:.2f} | {'yes' if found >= least else '**no**'} |")
    return ["## Aims", "", "| what | aim | measured | reached |", "| --- | --- | ---: | --- |"] + lines + [""] if lines else []
