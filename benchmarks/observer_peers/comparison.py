"""The tools beside each other: each watches every case, and then fixed work."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from outcome import quietest
from tools import TOOLS, UnavailableError

if TYPE_CHECKING:
    from outcome import Outcome
    from target import Target
    from tools import Tool

GRAINS_NS = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
SHARES = (0.10, 0.50, 0.90)
SLOWED_GRAINS_NS = (10_000, 1_000_000)
MOST_REPEATS = 2


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
