"""What other tools tell of the held share of the same calls, and what they cost the process that
they watch, beside the state sampler.

A process burns in its main thread, in calls of a known held share that stamp themselves (error), or
does fixed work of that share (slowdown: its time with the tool over its time without, just before
and just after). Each tool watches it in turn, in one run, for the same time. The peers:

- py-spy (`py-spy record --gil`, on the PATH): samples whose thread has the GIL, over all looks;
- `profiling.sampling attach --mode=gil` (Python 3.15): the same;
- gilknocker (importable): its `contention_metric`, which its users take for a share;
- a heartbeat: a Python thread that sleeps for 1 ms, and how late it wakes up over how long it was,
  less what it is late where nobody holds.

What cannot run is listed with the reason. py-spy and `profiling.sampling` need the right to read
another process: run as root, or allow it.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from observer_cost import IDLE, fixed_work, idle_ns

from gilbench import durations
from gilbench._native import caller, truth
from gilbench.evidence import Subject
from gilbench.machine.run_queue import run_queue_ns
from gilbench.observer.passes import observed
from gilbench.studies.check.held import held_share

if TYPE_CHECKING:
    from collections.abc import Callable

GRAINS_NS = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
SHARES = (0.10, 0.50, 0.90)
SLOWED_GRAINS_NS = (10_000, 1_000_000)
CALL_NS = 1_000_000
MARK_NS = 20_000_000
KNOCK_US = 1_000
BEAT_S = 0.001
BUSY = 0.02
TRIES = 3
OURS = "gilbench"
# What a few ratios of fixed work can tell apart.
SLOWDOWN_MARGIN = 0.01
MOST_REPEATS = 2


# --- the process that is watched -----------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Burnt:
    """How many calls were made by when, and the share of the run queue."""

    marks: list[tuple[int, int]]
    queued: float


def burn_for(call: Callable[[], object], seconds: float, stop: str | None) -> Burnt:
    """Call for so long, or until the file `stop` is there."""
    queued_before, began_ns = run_queue_ns() or 0, time.perf_counter_ns()
    ends_ns = began_ns + round(seconds * 1e9)
    marks, calls, next_ns = [(began_ns, 0)], 0, began_ns + MARK_NS
    while True:
        call()
        calls += 1
        now_ns = time.perf_counter_ns()
        if now_ns < next_ns and now_ns < ends_ns:
            continue
        marks.append((now_ns, calls))
        next_ns = now_ns + MARK_NS
        if now_ns >= ends_ns or (stop is not None and os.path.exists(stop)):  # noqa: PTH110 - light
            queued_ns = (run_queue_ns() or 0) - queued_before
            return Burnt(marks=marks, queued=queued_ns / (now_ns - began_ns))


class Heartbeat:
    """A thread that sleeps and wakes up late."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._late_s = self._all_s = 0.0
        self._idle = self._beat(0.2)
        self._late_s = self._all_s = 0.0
        self._thread = threading.Thread(target=self._beat, args=(float("inf"),))
        self._thread.start()

    def _beat(self, seconds: float) -> float:
        while self._all_s < seconds and not self._stopped.is_set():
            began = time.perf_counter()
            time.sleep(BEAT_S)
            took = time.perf_counter() - began
            self._late_s += max(0.0, took - BEAT_S)
            self._all_s += took
        return self._late_s / self._all_s

    def stop(self) -> float:
        """Return the share of the time that it was late."""
        self._stopped.set()
        self._thread.join()
        return max(0.0, self._late_s / self._all_s - self._idle)


class Knocker:
    """gilknocker's metric."""

    def __init__(self) -> None:
        self._knocker = importlib.import_module("gilknocker").KnockKnock(KNOCK_US)
        self._knocker.start()

    def stop(self) -> float:
        """Return the metric."""
        told = float(self._knocker.contention_metric)
        self._knocker.stop()
        return told


INSIDE: dict[str, Callable[[], Heartbeat | Knocker]] = {"heartbeat": Heartbeat, "knocker": Knocker}


def watched_by_us(call: Callable[[], object], seconds: float, call_ns: float) -> dict[str, Any]:
    """Watch by the state sampler, as `check` does."""
    queued_before, began_ns = run_queue_ns() or 0, time.perf_counter_ns()
    seen = observed(
        call,
        size=None,
        round=0,
        subject=Subject.TARGET,
        calls=0,
        span_ns=round(seconds * 1e9),
        sparing=False,
        seed=began_ns % 2**32,
    )
    queued_ns = (run_queue_ns() or 0) - queued_before
    told = held_share([seen], call_ns, 0)
    return {
        "told": None if told is None else told.value,
        "marks": [(began_ns, 0), (began_ns + seen.inside_ns, seen.calls)],
        "queued": queued_ns / (time.perf_counter_ns() - began_ns),
    }


def obey(order: dict[str, Any]) -> dict[str, Any]:
    """Carry out one order of the parent's."""
    grain_ns, share = order["grain_ns"], order["share"]
    cycles = max(1, CALL_NS // grain_ns)
    tally = truth.create()
    call: Callable[[], object]
    if order["fixed"]:
        call = partial(caller.repeat, fixed_work(grain_ns, share), None, cycles, 0)
    else:
        hold_ns = round(grain_ns * share)
        call = partial(truth.burn, tally, hold_ns, grain_ns - hold_ns, cycles)
    if order["inside"] == OURS:
        reply = watched_by_us(call, order["seconds"], grain_ns * cycles)
    else:
        inside = INSIDE[order["inside"]]() if order["inside"] else None
        burnt = burn_for(call, order["seconds"], order["stop"])
        reply = {"told": inside.stop() if inside else None, **vars(burnt)}
    held_ns, released_ns = truth.tally(tally)
    return {**reply, "truth": held_ns / max(1, held_ns + released_ns)}


def serve() -> None:
    """Be the process that is watched: an order a line, a reply a line."""
    for line in sys.stdin:
        try:
            reply = obey(json.loads(line))
        except Exception as error:  # noqa: BLE001 - whatever a peer raises is the reason
            reply = {"trouble": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)


# --- the tools -----------------------------------------------------------------------------------


class UnavailableError(Exception):
    """A tool cannot run here; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Tool:
    """One way to learn of the held share. Exactly one of `inside`, what runs in the process that is
    watched, and `command`, which watches from outside, is there.
    """

    name: str
    inside: str | None = None
    command: Callable[[int, int, Path], list[str]] | None = None
    read: Callable[[str, Path, int], float] | None = None


def py_spy(rate: int) -> Tool:
    """`py-spy record --gil` at `rate` samples a second."""

    def command(pid: int, seconds: int, output: Path) -> list[str]:
        found = shutil.which("py-spy")
        if found is None:
            raise UnavailableError("py-spy is not on the PATH")
        return [
            *(found, "record", "--gil", "--format", "raw", "--rate", str(rate)),
            *("--duration", str(seconds), "--pid", str(pid), "--output", str(output)),
        ]

    def read(said: str, _output: Path, seconds: int) -> float:
        counts = re.search(r"Samples: (\d+) Errors: (\d+)", said)
        if counts is None:
            raise UnavailableError(reason(said))
        # It looks as often as it was told to, and counts what it records: threads that hold.
        looked = rate * seconds - int(counts[2])
        if looked <= 0:
            raise UnavailableError(f"each of {rate * seconds} looks was an error")
        return int(counts[1]) / looked

    return Tool(name=f"py-spy --gil, {rate} Hz", command=command, read=read)


def sampling(rate: int) -> Tool:
    """`profiling.sampling` at `rate` samples a second."""

    def command(pid: int, seconds: int, output: Path) -> list[str]:
        if sys.version_info < (3, 15):
            raise UnavailableError(
                "profiling.sampling came with Python 3.15, and reads only its own"
            )
        return [
            *(sys.executable, "-m", "profiling.sampling", "attach", "--mode=gil", "--jsonl"),
            *("-r", str(rate), "-d", str(seconds), "-o", str(output), str(pid)),
        ]

    def read(said: str, output: Path, _seconds: int) -> float:
        looked = re.search(r"Captured ([\d,.]+) samples?", said)
        errors = re.search(r"Error rate: ([\d.,]+)", said)
        if looked is None or errors is None:
            raise UnavailableError(reason(said))
        samples = int(re.sub(r"\D", "", looked[1])) * (1 - float(errors[1].replace(",", "")) / 100)
        if samples < 1:
            raise UnavailableError(f"an error rate of {errors[1]} %")
        # Without a single sample that holds no file is written.
        lines = output.read_text().splitlines() if output.exists() else []
        held = json.loads(lines[-1])["samples_total"] if lines else 0
        return float(held / samples)

    return Tool(name=f"profiling.sampling, {rate} Hz", command=command, read=read)


def reason(said: str) -> str:
    """Why a tool told nothing, from what it said: its error, or else the end."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()]
    return (errors[:1] or lines[-1:] or ["it said nothing"])[0][:160]


TOOLS = (
    Tool(name=OURS, inside=OURS),
    py_spy(100),
    py_spy(1000),
    sampling(1000),
    sampling(10_000),
    Tool(name="gilknocker, 1 ms", inside="knocker"),
    Tool(name="heartbeat, 1 ms", inside="heartbeat"),
)


# --- the process that asks -----------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of one watch: `rate` in calls a nanosecond, `queued` as the share of its time that
    the burning thread stood in the run queue, `idle` as how many cores were.
    """

    told: float | None
    truth: float
    rate: float
    queued: float
    idle: float

    @property
    def alone(self) -> bool:
        """Whether, with nobody watching, nothing else ran."""
        return self.queued <= BUSY and self.idle >= IDLE


class Target:
    """The process that is watched; a new one where a tool has broken it."""

    def __init__(self) -> None:
        self._process = self._start()

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, __file__, "--target"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def watch(
        self, tool: Tool | None, grain_ns: int, share: float, seconds: int, *, fixed: bool
    ) -> Outcome:
        """Have `tool` watch it, or nobody. Raises UnavailableError where the tool tells nothing."""
        with tempfile.TemporaryDirectory() as folder:
            stop, output = Path(folder, "stop"), Path(folder, "output")
            outside = tool.command if tool else None
            command = outside(self._process.pid, seconds, output) if outside else None
            began_ns, idle_before = time.perf_counter_ns(), idle_ns()
            self._tell(
                grain_ns=grain_ns,
                share=share,
                fixed=fixed,
                inside=tool.inside if tool else None,
                seconds=60 if command else seconds,
                stop=str(stop) if command else None,
            )
            said, ended_ns = "", 0
            if command:
                try:
                    done = subprocess.run(
                        command,
                        check=False,
                        stdin=subprocess.DEVNULL,
                        stdout=subprocess.PIPE,
                        stderr=subprocess.STDOUT,
                        text=True,
                        timeout=30,
                    )
                    said = done.stdout
                except (OSError, subprocess.TimeoutExpired) as error:
                    said = f"{type(error).__name__}: {error}"
                ended_ns = time.perf_counter_ns()
                stop.touch()
            reply = self._hear()
            told = reply["told"]
            if tool and tool.read:
                told = tool.read(said, output, seconds)
        idle_share = 1.0
        if idle_before is not None:
            idle_share = ((idle_ns() or 0) - idle_before) / (time.perf_counter_ns() - began_ns)
        return Outcome(
            told=told,
            truth=reply["truth"],
            rate=rate(reply["marks"], ended_ns, seconds),
            queued=reply["queued"],
            idle=idle_share,
        )

    def close(self) -> None:
        """End it."""
        self._process.communicate()

    def _tell(self, **order: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            status = self._process.wait()
            self._process = self._start()
            raise UnavailableError(f"the process that it watched ended, with status {status}")
        reply: dict[str, Any] = json.loads(line)
        if "trouble" in reply:
            raise UnavailableError(reply["trouble"])
        return reply


def rate(marks: list[list[int]], ended_ns: int, seconds: int) -> float:
    """Return the calls a nanosecond. Who watches from outside starts and reads symbols first: of
    its time counts what surely is watching, the middle of the last `seconds` before its end.
    """
    if ended_ns:
        first_ns, last_ns = ended_ns - 0.85e9 * seconds, ended_ns - 0.15e9 * seconds
        marks = [mark for mark in marks if first_ns <= mark[0] <= last_ns]
    (began_ns, before), (end_ns, calls) = marks[0], marks[-1]
    return (calls - before) / (end_ns - began_ns)


def quietest(attempt: Callable[[], Outcome]) -> Outcome:
    """Return the first attempt that had a core to itself, or the one nearest to it."""
    tries = [attempt()]
    while tries[-1].queued > BUSY and len(tries) < TRIES:
        tries.append(attempt())
    return min(tries, key=lambda each: each.queued)


@dataclass(kw_only=True)
class Record:
    """All that was seen of one tool. `left_out`: ratios beside which other work ran."""

    tool: Tool
    cases: dict[tuple[int, float], Outcome] = field(default_factory=dict)
    ratios: list[float] = field(default_factory=list)
    left_out: int = 0
    unavailable: str | None = None

    @property
    def errors(self) -> list[float]:
        """What it was off by, in each case."""
        return [each.told - each.truth for each in self.cases.values() if each.told is not None]


def compare(target: Target, seconds: int, repeats: int) -> list[Record]:
    """Have each tool watch each case, and then fixed work."""
    records = [Record(tool=tool) for tool in TOOLS]
    for grain_ns in GRAINS_NS:
        for share in SHARES:
            for record in records:
                if record.unavailable is not None:
                    continue
                watch = partial(target.watch, record.tool, grain_ns, share, seconds, fixed=False)
                try:
                    record.cases[grain_ns, share] = quietest(watch)
                except UnavailableError as error:
                    record.unavailable = str(error)
    for place in range(MOST_REPEATS * repeats):
        wanting = [each for each in records if each.unavailable is None]
        if place >= repeats and all(len(each.ratios) >= repeats for each in wanting):
            break
        for grain_ns in SLOWED_GRAINS_NS:
            compare_fixed_work(target, records, grain_ns, seconds)
    return records


def compare_fixed_work(target: Target, records: list[Record], grain_ns: int, seconds: int) -> None:
    """Add a ratio to each tool's."""
    before = target.watch(None, grain_ns, 0.5, seconds, fixed=True)
    for record in records:
        if record.unavailable is not None:
            continue
        try:
            watched = target.watch(record.tool, grain_ns, 0.5, seconds, fixed=True)
        except UnavailableError as error:
            record.unavailable = str(error)
            continue
        after = target.watch(None, grain_ns, 0.5, seconds, fixed=True)
        if before.alone and after.alone:
            record.ratios.append((before.rate + after.rate) / 2 / watched.rate)
        else:
            record.left_out += 1
        before = after


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=1, help="how long each watch lasts")
    parser.add_argument("--repeats", type=int, default=3, help="comparisons of fixed work")
    parser.add_argument("--target", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.target:
        serve()
        return 0
    target = Target()
    try:
        records = compare(target, arguments.seconds, arguments.repeats)
    finally:
        target.close()
    gil = getattr(sys, "_is_gil_enabled", lambda: True)()
    print(
        f"Python {platform.python_version()}, GIL {'on' if gil else 'off'}: one thread that burns,"
        f" each tool for {arguments.seconds} s a case"
    )
    show_cases([record for record in records if record.cases])
    return 1 if show_tools(records) else 0


def show_cases(records: list[Record]) -> None:
    """Print what each told of each case."""
    names = [f"({place}) {record.tool.name}" for place, record in enumerate(records, 1)]
    print("held share minus truth, in points: " + ", ".join(names))
    heads = "".join(f"{f'({place})':>8}" for place in range(1, len(names) + 1))
    print(f"  grain   truth {heads}")
    busy = 0
    for grain_ns in GRAINS_NS:
        for share in SHARES:
            row = ""
            truths = []
            for record in records:
                outcome = record.cases.get((grain_ns, share))
                if outcome is None or outcome.told is None:
                    row += f"{'-':>8}"
                    continue
                truths.append(outcome.truth)
                mark = "~" if outcome.queued > BUSY else " "
                busy += outcome.queued > BUSY
                row += f"{(outcome.told - outcome.truth) * 100:+7.1f}{mark}"
            print(f"{durations.format(grain_ns):>7}  {statistics.median(truths):6.1%} {row}")
    if busy:
        print(
            f"~ {busy} watches: the burning thread stood in the run queue for more than {BUSY:.0%}"
            f" of {TRIES} in a row"
        )


def show_tools(records: list[Record]) -> int:
    """Print a line per tool. Return how many bounds are missed."""
    print("tool                         mean error  worst  slowdown (least to most)   left out")
    ours = next(record for record in records if record.tool.name == OURS)
    if ours.unavailable is not None or not ours.errors:
        print(f"{OURS} told nothing: {ours.unavailable}  MISSED")
        return 1
    our_error = statistics.mean(map(abs, ours.errors))
    our_slowdown = statistics.median(ours.ratios) if ours.ratios else None
    missed = 0
    for record in records:
        name = record.tool.name
        if record.unavailable is not None:
            print(f"{name:28} unavailable: {record.unavailable}")
            continue
        error = statistics.mean(map(abs, record.errors))
        behind = []
        if record is not ours and our_error >= error:
            behind.append("error")
        slowed = "other work ran"
        if record.ratios:
            slowdown = statistics.median(record.ratios)
            slowed = f"{slowdown:.3f} ({min(record.ratios):.3f} to {max(record.ratios):.3f})"
            if our_slowdown is not None and our_slowdown > max(1.0, slowdown) + SLOWDOWN_MARGIN:
                behind.append("slowdown")
        if record is ours and our_slowdown is None:
            behind.append("slowdown")
        missed += len(behind)
        print(
            f"{name:28} {error * 100:10.1f}  {max(map(abs, record.errors)) * 100:5.1f}"
            f"  {slowed:23}  {record.left_out:9}"
            f"{'  MISSED: ' + ', '.join(behind) if behind else ''}"
        )
    print(
        f"errors in points. Bound: {OURS} has a smaller mean error than each, and slows by no more"
        f" than each, to {SLOWDOWN_MARGIN * 100:.0f} point"
    )
    return missed


if __name__ == "__main__":
    sys.exit(main())
