"""Damages result files at random: each must be read, analysed and shown, or refused in one line.

    python tests/results/fuzz.py --files 100000 --seed 1

It prints what came of them and how long they took, and ends with status 1 at the first file that
did anything else; that file is kept for a look. Nothing in a file may ever be run as code: while
files are examined, the interpreter's audit events tell of any attempt.
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
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from gilbench.errors import InputError
from gilbench.report.page import console_on, page_on, show
from gilbench.report.terminal import report
from gilbench.results import findings_from_json, findings_to_json, read
from gilbench.studies import scaling

FILES: Final = Path(__file__).parent / "files"

HOSTILE: Final = (
    *(None, True, -1, 0, 1, 2, 2**31, 2**62, 2**63 - 1, 2**63, 2**64, -(2**63), 10**400),
    *(0.0, 1.5, -0.5, 1e-24, 1e24, 1e-300, 1e300, float("nan"), float("inf")),
    *("", "hold", "failed", "steal", "native", "spin", "a:b", "\ud800", "\x1b[2J\n", "x" * 500),
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
    findings = scaling.findings(stored)
    assert len(findings.cases) == len(stored.plan.cases)
    assert findings.headline.strip()
    try:
        assert findings_from_json(findings_to_json(findings)) == findings
    except InputError as error:
        # Figures out of all proportion are not read back.
        if "of a magnitude from" not in str(error):
            raise
    _show(findings)
    return ""


def _show(findings: Any) -> None:
    printed = io.StringIO()
    console = console_on(printed)
    show(report(findings, page_on(console)), console)
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


def joined(lines: list[Any]) -> bytes:
    """Return the file of these lines; a lone surrogate stays the escape that JSON can spell."""
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


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
    field = chance.choice(("units", "wall_ns", "cpu_ns", "run_queue_ns", "start_skew_ns"))
    if chance.random() < 0.3:
        field = chance.choice(("elapsed_ns", "gil_wait_ns", "round", "host", "steal_ticks"))
    extremes = (0, 0, 1, 10**8, 10**18, 2**63 - 1)
    few = chance.sample(extremes, 2)
    for line in lines[1:]:
        for holder in (line, *line.get("readings", ())):
            if field in holder and chance.random() < 0.8:
                holder[field] = chance.choice(few) or (field == "elapsed_ns")
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


def damaged(chance: random.Random, originals: list[bytes]) -> bytes:
    """Return one of the originals, or (one in ten) a whole run, bent in one or two ways."""
    data = whole_run(chance) if chance.random() < 0.1 else chance.choice(originals)
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

    originals = [path.read_bytes() for path in sorted(FILES.glob("*.jsonl"))]
    for whole in (whole_run(random.Random(0)), (FILES / "version1.jsonl").read_bytes()):
        assert examine(whole)
    sys.addaudithook(_watch)  # now that all that loads late, some of it compiled, is there
    outcomes: Counter[str] = Counter()
    started = time.monotonic()
    for number in range(arguments.files):
        data = damaged(random.Random(f"{arguments.seed} {number}"), originals)
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
