"""Which windows a trial has: `http:delay=5ms 8 20ms x6; file-read 2+1 25ms x3`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench.trials.io_bound.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Entry", "read_schedule", "schedule_text"]

_MS: Final = 1_000_000
_WRITTEN: Final = re.compile(r"(\S+) (\d+)(\+1)? (\d+)ms x(\d+)")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """So many windows alike, of so many milliseconds each."""

    kind: str
    workers: int
    beside: bool = False
    span_ms: int
    times: int

    @property
    def name(self) -> str:
        """Return what the figures of these windows are called by: `file-read 2+1`."""
        return f"{self.kind} {self.workers}{'+1' * self.beside}"

    @property
    def windows(self) -> list[Window]:
        """Return them."""
        window = Window(
            kind=self.kind,
            workers=self.workers,
            span_ns=self.span_ms * _MS,
            beside=self.beside,
        )
        return [window] * self.times


def schedule_text(entries: Iterable[Entry]) -> str:
    """Return the entries as a trial's parameter."""
    return "; ".join(f"{entry.name} {entry.span_ms}ms x{entry.times}" for entry in entries)


def read_schedule(text: str) -> Sequence[Entry]:
    """Return the entries that a text names. Raises ValueError for what is none."""
    entries = []
    for part in text.split("; "):
        written = _WRITTEN.fullmatch(part)
        if written is None:
            raise ValueError(f"no windows: {part!r}")
        kind, workers, beside, span_ms, times = written.groups()
        entries.append(
            Entry(
                kind=kind,
                workers=int(workers),
                beside=beside is not None,
                span_ms=int(span_ms),
                times=int(times),
            )
        )
    return entries
