"""Check every function of the answer key on this interpreter, and compare with what is known.

`python benchmarks/answer_key`: a row per function as it comes, then the confusion table. Exit
status 1 if anything false was said, or, unless beside a burner, if more than 3 % was inconclusive.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import sysconfig
import time
from contextlib import contextmanager
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from entries import read_key, truth_for
from judgement import Judgement, Outcome, expected, judge
from tally import MOST_INCONCLUSIVE, Row, confusion, tally

import gilbench

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from entries import Entry, Truth

KEY: Final = Path(__file__).with_name("key.toml")
VERSION: Final = sys.version_info[:2]
FREE_THREADED: Final = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
MARKS: Final = {Outcome.TRUE: "ok", Outcome.FALSE: "FALSE", Outcome.INCONCLUSIVE: "?"}

# It ends by itself when whoever started it is gone.
BURN: Final = "import os; parent = os.getppid()\nwhile os.getppid() == parent: pass"


@contextmanager
def burner(wanted: bool) -> Iterator[None]:
    """Have a process burn a core meanwhile."""
    if not wanted:
        yield
        return
    process = subprocess.Popen([sys.executable, "-c", BURN])
    try:
        yield
    finally:
        process.kill()
        process.wait()


def version_of(module: str) -> str | None:
    """Return the version of an installed distribution, or null."""
    try:
        return metadata.version(module)
    except metadata.PackageNotFoundError:
        return None


def check(entry: Entry, truth: Truth, run: int) -> Row:
    """Check one function. What the check refuses is false: every function of the key can run."""
    started = time.monotonic()
    held_share = None
    try:
        findings = gilbench.check(entry.statement, setup=entry.setup, sizes=entry.sizes)
    except gilbench.GilbenchError as error:
        judgement = Judgement(outcome=Outcome.FALSE, said="error", complaint=str(error))
    else:
        judgement = judge(truth, findings)
        held_share = None if findings.held_share is None else findings.held_share.value
    return Row(
        run=run,
        name=entry.name,
        truth=expected(truth),
        sized=truth.turn is not None,
        judgement=judgement,
        held_share=held_share,
        seconds=time.monotonic() - started,
    )


def line(row: Row) -> str:
    """Return one row as it is printed: mark, name, verdict, truth, held share, seconds."""
    judgement = row.judgement
    share = "   -" if row.held_share is None else f"{row.held_share:4.0%}"
    text = (
        f"{MARKS[judgement.outcome]:5} {row.name:41} {judgement.said:19} {row.truth:19}"
        f" {share} {row.seconds:5.1f} s"
    )
    return f"{text}\n        {judgement.complaint}" if judgement.complaint else text


def checked(entries: Sequence[Entry], runs: int) -> Iterator[Row]:
    """Check all of them again and again, and print each as it comes."""
    build = "free-threaded" if FREE_THREADED else "gil"
    for run in range(1, runs + 1):
        if runs > 1:
            print(f"run {run}", flush=True)
        for entry in entries:
            row = check(entry, truth_for(entry, VERSION, build), run)
            print(line(row), flush=True)
            yield row


def main() -> int:
    parser = argparse.ArgumentParser(prog="answer_key", description=__doc__)
    parser.add_argument("--runs", type=int, default=1, metavar="N", help="in a row; 1 by default")
    parser.add_argument("--beside-burner", action="store_true", help="beside one busy core")
    parser.add_argument("--only", metavar="PATTERN", help="names that match, a regular expression")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all rows there")
    options = parser.parse_args()
    wanted = re.compile(options.only or "", re.IGNORECASE)
    entries = []
    for entry in read_key(KEY):
        lacking = entry.lacking(sys.platform, version_of)
        if not wanted.search(entry.name):
            continue
        if lacking is None:
            entries.append(entry)
        else:
            print(f"      {entry.name}: left out, {lacking}")
    if not entries:
        parser.error(f"no function of the key matches {options.only!r}")
    print(f"Python {sys.version.split()[0]}{' free-threaded' if FREE_THREADED else ''}")
    print(f"      {'function':41} {'verdict':19} {'truth':19} held    took", flush=True)
    rows: list[Row] = []
    try:
        with burner(options.beside_burner):
            rows.extend(checked(entries, options.runs))
    finally:
        if options.json is not None:
            document = {
                "python": sys.version,
                "free_threaded": FREE_THREADED,
                "beside_burner": options.beside_burner,
                "rows": [asdict(row) for row in rows],
            }
            options.json.write_text(json.dumps(document, indent=1), encoding="utf-8")
    counts = tally(rows)
    print(f"\n{confusion(rows)}\n")
    print(f"thresholds found to the exact size: {counts.thresholds_found} of {counts.thresholds}")
    print(
        f"of {counts.checks} checks {counts.false} false, {counts.inconclusive} inconclusive"
        f" ({counts.inconclusive / counts.checks:.1%}, at most {MOST_INCONCLUSIVE:.0%} unloaded)"
    )
    return 0 if counts.passes(loaded=options.beside_burner) else 1


if __name__ == "__main__":
    sys.exit(main())
