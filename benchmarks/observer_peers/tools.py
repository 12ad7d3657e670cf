"""The tools that tell of the held share: how each is run, and what it said."""

from __future__ import annotations

import json
import re
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OURS = "gilbench"


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
