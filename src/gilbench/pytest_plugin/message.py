"""The evidence of a check in a few aligned lines, as a failing test shows it."""

from __future__ import annotations

import textwrap
from itertools import groupby
from typing import TYPE_CHECKING, Final

from gilbench import durations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gilbench.evidence import CheckFindings, Controls, Scaling, SizeFinding
    from gilbench.model import Estimate

__all__ = ["REENABLED", "compose", "interval", "percent"]

REENABLED: Final = (
    "turned the GIL of this free-threaded build on, as it was imported or called:"
    " threads take turns from then on"
)

# pytest puts eight characters in front.
_WIDTH: Final = 92
_LABEL: Final = 16


def compose(first: str, findings: CheckFindings) -> str:
    """Return `first` as a line, and below it the evidence, a label in front of each part."""
    lines = [first]
    for label, text in _parts(findings):
        lines += textwrap.wrap(
            text,
            _WIDTH,
            initial_indent=f"  {label}".ljust(_LABEL),
            subsequent_indent=" " * _LABEL,
            break_long_words=False,
            break_on_hyphens=False,
        )
    return "\n".join(lines)


def percent(share: float) -> str:
    """Return a share of 1 in percent, such as `9.6 %`."""
    return f"{_hundredths(share)} %"


def interval(share: Estimate) -> str:
    """Return a share of 1 with the ends of its interval, such as `9.6 % (8.1 to 11 %)`."""
    return f"{percent(share.value)} ({_hundredths(share.low)} to {percent(share.high)})"


def _hundredths(share: float) -> str:
    return f"{100 * share:z.1f}".removesuffix(".0")


def _parts(findings: CheckFindings) -> Iterator[tuple[str, str]]:
    # With sizes, the rest is said of the last.
    where = f" at n = {findings.sizes[-1].size}" if findings.sizes else ""
    yield "verdict", f"{findings.verdict}{where}: {findings.headline}"
    if findings.reason and findings.reason not in findings.headline:
        yield "reason", findings.reason
    if findings.gil_reenabled:
        yield "the GIL", f"it {REENABLED}"
    if findings.held_share is not None:
        by = f", by the {findings.instrument}" if findings.instrument else ""
        yield "held share", f"{interval(findings.held_share)} of a call{by}"
    yield "controls", _controls(findings.controls)
    if findings.longest_hold_ns is not None:
        yield "longest hold", durations.format(findings.longest_hold_ns)
    if findings.detaches_per_call:
        yield "detaches", f"at least {findings.detaches_per_call:.3g} times a call"
    if findings.call_ns is not None:
        yield "a call", durations.format(findings.call_ns)
    yield "scaling", _scaling(findings.scaling)
    if findings.sizes:
        yield "sizes", _sizes(findings.sizes)
    yield "what to do", findings.advice
    for note in findings.notes:
        yield "note", note


def _controls(controls: Controls) -> str:
    hold, release = (
        "not observed" if each is None else interval(each)
        for each in (controls.hold, controls.release)
    )
    return f"holding {hold}, releasing {release}"


def _scaling(scaling: Scaling) -> str:
    ways = (("threads", scaling.threads), ("processes", scaling.processes))
    told = ", ".join(
        f"2 {noun} {each.value:.2f} ({each.low:.2f} to {each.high:.2f})"
        for noun, each in ways
        if each is not None
    )
    return "; ".join(filter(None, (told, scaling.reason))) or "not measured"


def _sizes(sizes: tuple[SizeFinding, ...]) -> str:
    told = []
    for verdict, rows in groupby(sizes, lambda row: row.verdict):
        values = [row.size for row in rows]
        span = f"{values[0]}" if len(values) == 1 else f"{values[0]} to {values[-1]}"
        told.append(f"{span}: {verdict}")
    return "; ".join(told)
