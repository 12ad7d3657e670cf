"""Damages result files at random: each must be read, analysed and shown, or refused in one line.

    python tests/results/fuzz.py --files 100000 --seed 1

A third each hold a run, a check and a comparison. It prints what came of them and how long they
took, and ends with status 1 at the first file that did anything else; that file is kept for a look.
Nothing in a file may ever be run as code: while files are examined, the interpreter's audit events
tell of any attempt.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from gilbench.errors import InputError
from gilbench.evidence import Target
from gilbench.report import check, comparison
from gilbench.report.page import console_on, page_on, show
from gilbench.report.terminal import report
from gilbench.results import (
    CHECK,
    FACTS,
    Store,
    StoredCheck,
    StoredFacts,
    StoredRun,
    check_findings_from_json,
    check_findings_to_json,
    facts_findings_from_json,
    facts_findings_to_json,
    findings_from_json,
    findings_to_json,
    read,
)
from gilbench.studies import scaling
from gilbench.studies.check.findings import check_findings
from gilbench.studies.check.targets import workload_of
from gilbench.studies.comparison.rows import ROWS
from gilbench.studies.comparison.study import facts_findings

if TYPE_CHECKING:
    from rich.text import Text

FILES: Final = Path(__file__).parent / "files"

SEEN: Final = ({"calls": 10, "samples": 640, "detaches": 3},) * 3

HOSTILE: Final = (
    *(None, True, -1, 0, 1, 2, 2**31, 2**62, 2**63 - 1, 2**63, 2**64, -(2**63), 10**400),
    *(0.0, 1.5, -0.5, 1e-24, 1e24, 1e-300, 1e300, float("nan"), float("inf")),
    *("", "hold", "failed", "steal", "native", "spin", "a:b", "\ud800", "\x1b[2J\n", "x" * 500),
    *("check", "facts", "fork", "spin-hold", "target", "state sampler", "request probe", "python"),
    *("__import__('os').system('false')", "!!python/object/apply:os.abort []", "%n%s", "{0}"),
    *([], [[]], {}, {"": {}}, {"a\nb": 1}, [1, 2, 3]),
)

# What reading, analysis and report have no business to do. Modules that load late are known.
_FORBIDDEN: Final = (
    *("compile", "pickle.", "ctypes.", "socket.", "subprocess.", "shutil.", "webbrowser."),
    *("os.system", "os.exec", "os.posix_spawn", "os.fork", "os.remove", "os.rename", "os.kill"),
)
_watching = False


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if _watching and event.startswith(_FORBIDDEN):
        raise AssertionError(f"a file had this done: {event} {arguments!r:.200}")


def examine(data: bytes) -> bool:
    """Return whether the file `data` was read, and not refused. Raises whatever went wrong."""
    global _watching
    _watching = True
    try:
        complaint = _complaint(data)
    finally:
        _watching = False
    assert complaint.isprintable(), complaint
    assert len(complaint) < 400, complaint
    return not complaint


def _complaint(data: bytes) -> str:
    """Return what the reader says of `data`; nothing where all went well up to the report."""
    try:
        stored = read(io.BytesIO(data), name="run.jsonl")
    except InputError as error:
        return str(error)
    if isinstance(stored, StoredRun):
        _look_at_run(stored)
    elif isinstance(stored, StoredCheck):
        _look_at_check(stored)
    else:
        return _look_at_facts(stored)
    return ""


def _look_at_run(stored: StoredRun) -> None:
    findings = scaling.findings(stored)
    assert len(findings.cases) == len(stored.plan.cases)
    assert findings.headline.strip()
    with _out_of_proportion():
        assert findings_from_json(findings_to_json(findings)) == findings
    _show(report(findings, page_on(console_on(io.StringIO()))))


def _look_at_check(stored: StoredCheck) -> None:
    assert stored_again(stored) == replace(stored, notes=())
    findings = check_findings(stored)
    assert (findings.threshold is None) == (stored.plan.sizes is None)
    assert findings.headline.strip()
    assert findings.advice.strip()
    with _out_of_proportion():
        assert check_findings_from_json(check_findings_to_json(findings)) == findings
    _show(check.report(findings, page_on(console_on(io.StringIO()))))


def _look_at_facts(stored: StoredFacts) -> str:
    """Return what is said of trials that are none of this version's; nothing where all is well."""
    assert facts_stored_again(stored) == replace(stored, notes=())
    try:
        findings = facts_findings(stored)
    except InputError as error:
        return str(error)
    assert [row.row for row in findings.rows] == list(stored.plan.rows)
    assert findings.headline.strip()
    with _out_of_proportion():
        assert facts_findings_from_json(facts_findings_to_json(findings)) == findings
    _show(comparison.report(findings, page_on(console_on(io.StringIO()))))
    return ""


def facts_stored_again(stored: StoredFacts) -> StoredFacts:
    """Return what is read of a comparison that is written once more."""
    file = io.BytesIO()
    store = Store(cast("io.RawIOBase", file), Path("again.jsonl"), FACTS)
    store.begin(stored.environment, stored.plan)
    for record in (*stored.trials, *filter(None, [stored.stop])):
        store.append(record)
    file.seek(0)
    found = read(file, name="again.jsonl")
    assert isinstance(found, StoredFacts)
    return found


def stored_again(stored: StoredCheck) -> StoredCheck:
    """Return what is read of a check that is written once more."""
    file = io.BytesIO()
    store = Store(cast("io.RawIOBase", file), Path("again.jsonl"), CHECK)
    store.begin(stored.environment, stored.plan)
    for record in (*stored.timings, *stored.observations, *stored.shut_outs):
        store.append(record)
    for other in (*stored.samples, *stored.failures, *filter(None, [stored.stop])):
        store.append(other)
    file.seek(0)
    found = read(file, name="again.jsonl")
    assert isinstance(found, StoredCheck)
    return found


@contextmanager
def _out_of_proportion() -> Iterator[None]:
    """Figures out of all proportion are not read back."""
    try:
        yield
    except InputError as error:
        if "of a magnitude from" not in str(error):
            raise


def _show(lines: list[Text]) -> None:
    printed = io.StringIO()
    show(lines, console_on(printed))
    text = printed.getvalue().replace("\n", "")
    assert not any(unicodedata.category(character) == "Cc" for character in text), repr(text)


def whole_run(chance: random.Random) -> bytes:
    """Return a run with all that figures need: three backends, eight rounds, three hosts."""
    lines = [json.loads(line) for line in (FILES / "version1.jsonl").read_text().splitlines()]
    header, calibration, sample, _, _, stop = lines
    case = sample["case"]
    cases = [
        {**case, "backend": backend, "mode": mode, "workers": workers}
        for backend, mode, workers in (
            ("serial", "hold", 1),
            ("native", "hold", 1),
            ("native", "hold", 2),
            ("threads", "hold", 2),
            ("threads", "release", 2),
        )
    ]
    header["plan"]["cases"] = cases
    samples = []
    for round in range(8):
        for each in cases:
            reading = {**sample["readings"][0], "cpu_ns": 10**8, "gil_wait_ns": 0}
            readings = [
                {**reading, "worker": worker, "units": chance.uniform(0.95, 1.05) * 4e7}
                for worker in range(each["workers"])
            ]
            samples.append(
                {**sample, "case": each, "round": round, "host": round % 3, "readings": readings}
            )
    return joined([header, calibration, *samples, stop])


def whole_check(chance: random.Random) -> bytes:
    """Return a check with all that a verdict needs, with sizes or without, by one instrument."""
    lines = [json.loads(line) for line in (FILES / "check2.jsonl").read_text().splitlines()]
    header, timing, sampled, probed, shut_out, sample, _, stop = lines
    sizes: list[int | None] = [1024, 2048, 2047, 4096]
    header["plan"]["sizes"] = {"first": 1024, "last": 4096}
    if chance.random() < 0.5:
        header["plan"].update(sizes=None, target={"function": "module:function"})
        sizes = [None]
    target = Target(**header["plan"]["target"])
    observation = chance.choice((sampled, probed))
    records = []
    for size in sizes:
        records.append({**timing, "size": size})
        share = chance.choice((0.0, 0.3, 1.0))
        workload = workload_of(target, size)
        for round in range(4):
            for subject, part in (("hold", 1.0), ("target", share), ("release", 0.0)):
                seen = {"size": size, "round": round, "subject": subject}
                blocks = [{**block, "held": int(part * block["samples"])} for block in SEEN]
                kept = {"asked": 100, "kept_waiting": int(part * 100)}
                which = kept if observation is probed else {"blocks": blocks}
                records.append({**observation, **seen, **which})
                records.append({**shut_out, **seen})
            for backend, workers in (("serial", 1), ("threads", 2), ("processes", 2)):
                case = {**sample["case"], "backend": backend, "workers": workers}
                case["workload"] = workload
                readings = [
                    {**sample["readings"][0], "units": chance.uniform(0.95, 1.05) * 4e7}
                    for _ in range(workers)
                ]
                records.append({**sample, "case": case, "round": round, "readings": readings})
    return joined([header, *records, stop])


def whole_facts(chance: random.Random) -> bytes:
    """Return a comparison with all that two of its rows need, and nothing of the others."""
    lines = [json.loads(line) for line in (FILES / "facts3.jsonl").read_text().splitlines()]
    header, _, thread, _, unavailable, stop = lines
    header["plan"]["rows"] = [*ROWS] if chance.random() < 0.5 else ["gil", "cpu-bound"]
    ways = {None: 1.0, "thread": 1.0, "fork": 1.9, "forkserver": 1.9, "spawn": 1.8}
    records = []
    for row, kernel in (
        *(("gil", "python"), ("gil", "spin-release"), ("cpu-bound", "python")),
        *(("cpu-bound", "spin-hold"), ("cpu-bound", "spin-release"), ("cpu-bound", "numpy")),
    ):
        about = {"row": row, "name": kernel}
        records.append({**unavailable, **about})
        for round in range(chance.choice((2, 4, 8))):
            for way, rate in ways.items():
                workers = 1 if way is None else 2
                pace = chance.uniform(0.95, 1.05) * rate * 1e6 / workers
                shares = {"cpu_share": [0.5] * workers, "gil_wait_share": [0.5] * workers}
                figures = {"units_per_s": [pace] * workers, **shares}
                records.append({**thread, **about, "way": way, "round": round, "figures": figures})
    return joined([header, *records, stop])


def joined(lines: list[Any]) -> bytes:
    """Return the file of these lines; a lone surrogate stays the escape that JSON can spell."""
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


RUN_FIELDS: Final = ("units", "wall_ns", "cpu_ns", "run_queue_ns", "start_skew_ns")
CHECK_FIELDS: Final = (
    *("calls", "samples", "held", "detaches", "call_ns", "longest_ns", "cpu_share", "inside_ns"),
    *("asked", "kept_waiting", "batch_ns", "longest_call_ns", "typical_wait_ns", "units"),
    *("longest_wait_ns", "wall_ns"),
)
NEVER_ZERO: Final = frozenset({"elapsed_ns", "calls", "call_ns", "batch_ns"})


def bend_values(data: bytes, chance: random.Random) -> bytes:
    """Return the file with a few values replaced, dropped, or joined by unknown fields."""
    lines = [json.loads(line) for line in data.splitlines()]
    for _ in range(chance.randint(1, 4)):
        place, key = chance.choice(places(chance.choice(lines)))
        if chance.random() < 0.1 and isinstance(place, dict):
            place["later"] = chance.choice(HOSTILE)
        elif chance.random() < 0.1:
            del place[key]
        else:
            place[key] = chance.choice(HOSTILE)
    return joined(lines)


def bend_everywhere(data: bytes, chance: random.Random) -> bytes:
    """Return the file with one field replaced by fitting extremes, in any of its lines."""
    lines = [json.loads(line) for line in data.splitlines()]
    if lines[0].get("study") == "facts":
        return _bend_figures(lines, chance)
    field = chance.choice(CHECK_FIELDS if lines[0].get("study") == "check" else RUN_FIELDS)
    if chance.random() < 0.3:
        field = chance.choice(("elapsed_ns", "gil_wait_ns", "round", "host", "steal_ticks"))
    extremes = (0, 0, 1, 10**8, 10**18, 2**63 - 1)
    few = chance.sample(extremes, 2)
    for line in lines[1:]:
        for holder in (line, *line.get("readings", ()), *line.get("blocks", ())):
            if field in holder and chance.random() < 0.8:
                holder[field] = chance.choice(few) or (field in NEVER_ZERO)
    return joined(lines)


def _bend_figures(lines: list[Any], chance: random.Random) -> bytes:
    """Return the comparison with one figure of its trials empty, or made of fitting extremes."""
    name = chance.choice(("units_per_s", "cpu_share", "gil_wait_share"))
    few = chance.sample((0, 0, 1, -1, 1e-24, 1e24, -1e24), 2)
    for line in lines[1:]:
        figures = line.get("figures", {})
        if name in figures and chance.random() < 0.8:
            count = chance.choice((0, 1, 2, 3))
            figures[name] = [chance.choice(few) for _ in range(count)]
    return joined(lines)


def bend_bytes(data: bytes, chance: random.Random) -> bytes:
    """Return the file with stretches of it cut out, replaced by bytes, or cut off."""
    bent = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        start = chance.randrange(len(bent) or 1)
        end = start + chance.choice((0, 1, 1, 20, 1000))
        byte = bytes([chance.randrange(256)])
        bent[start:end] = chance.choice((b"", byte, byte, byte, b"[" * 3000, b"\n", b"9" * 5000))
    return bytes(bent[: chance.randint(1, 4 * (len(bent) or 1))])


def bend_lines(data: bytes, chance: random.Random) -> bytes:
    """Return the file with lines left out, doubled and in another order."""
    header, *lines = data.splitlines(keepends=True)
    shuffled = chance.choices(lines or [b""], k=chance.randint(0, 2 * len(lines) + 1))
    return b"".join([header, *shuffled] if chance.random() < 0.9 else shuffled)


CHECKS: Final = [path.read_bytes() for path in sorted(FILES.glob("check*.jsonl"))]
COMPARISONS: Final = [path.read_bytes() for path in sorted(FILES.glob("facts*.jsonl"))]
RUNS: Final = [
    path.read_bytes()
    for path in sorted(FILES.glob("*.jsonl"))
    if not path.name.startswith(("check", "facts"))
]

BENDS: Final[tuple[Callable[[bytes, random.Random], bytes], ...]] = (
    bend_values,
    bend_everywhere,
    bend_bytes,
    bend_lines,
)


def places(data: Any) -> list[tuple[Any, Any]]:
    """Return every (container, key) in `data`."""
    if isinstance(data, dict):
        items = list(data.items())
    elif isinstance(data, list):
        items = list(enumerate(data))
    else:
        return []
    inner = [place for _, item in items for place in places(item)]
    return [*((data, key) for key, _ in items), *inner]


def damaged(chance: random.Random) -> bytes:
    """Return a stored file, or (one in ten) a whole one, of any study, bent in some ways."""
    whole, originals = chance.choice(
        ((whole_run, RUNS), (whole_check, CHECKS), (whole_facts, COMPARISONS))
    )
    data = whole(chance) if chance.random() < 0.1 else chance.choice(originals)
    for bend in chance.choices(BENDS, k=chance.choice((1, 1, 2))):
        try:
            data = bend(data, chance)
        except (ValueError, IndexError, TypeError, AttributeError, KeyError, RecursionError):
            continue  # bent too far already for what looks into its lines
    return data


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()

    for name in ("version1.jsonl", "check2.jsonl", "facts3.jsonl"):
        assert examine((FILES / name).read_bytes())
    for whole in (whole_run, whole_check, whole_facts):
        for seed in range(8):
            assert examine(whole(random.Random(seed)))
    sys.addaudithook(_watch)  # now that all that loads late, some of it compiled, is there
    outcomes: Counter[str] = Counter()
    started = time.monotonic()
    for number in range(arguments.files):
        data = damaged(random.Random(f"{arguments.seed} {number}"))
        try:
            outcomes["read" if examine(data) else "refused"] += 1
        except BaseException:
            with tempfile.NamedTemporaryFile("wb", suffix=".jsonl", delete=False) as kept:
                kept.write(data)
            print(f"seed {arguments.seed}, file {number}: kept as {kept.name}", file=sys.stderr)
            raise
    told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
    print(f"{arguments.files} files in {time.monotonic() - started:.0f} s: {told}; no other end")
    return 0


if __name__ == "__main__":
    sys.exit(main())
