"""How each way of running scales: the laws fitted to its speedups, or why none is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text

from gilbench.labels import labels_of
from gilbench.report.figures import interval
from gilbench.report.layout import flow, prose
from gilbench.report.ways import title, ways_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.model import Curve, Findings
    from gilbench.report.page import Page

__all__ = ["curve_lines"]

_MEANING: Final = (
    "Serial share (Amdahl, and at each count Karp and Flatt): the part of the work that one worker "
    "does at a time. Contention and coherency (Gunther): waiting for what is shared, and what each "
    "pair of workers costs. One worker is a point of each curve, with a speedup of 1."
)
_NEGATIVE: Final = (
    "Below 0: the speedup is more than the workers (serial share, contention), or bends upwards "
    "(coherency), as with caches, or a base that was slowed; it may be noise if its interval holds "
    "0."
)


def curve_lines(findings: Findings, page: Page) -> list[Text]:
    """Return a heading, then the fits of each curve, and the reasons where there are none.

    Empty where no several worker counts were asked for. A reason that several curves share stands
    once.
    """
    if not findings.curves:
        return []
    ways, workload = ways_of(findings.cases), labels_of(findings.cases)
    labels = {
        curve: next(
            (
                f"{workload(curve)}, {title(way, findings.environment)}"
                for way in ways
                if way.ran(curve)
            ),
            f"{workload(curve)}, {curve.backend}",
        )
        for curve in findings.curves
    }
    lines = prose("How it scales, with 95 % intervals", page.width, style="bold")
    fitted = [curve for curve in findings.curves if curve.amdahl and curve.gunther]
    for curve in fitted:
        lines += flow([Text(f"{labels[curve]}:"), *_figures(curve)], page.width, indent=2)
    for reason, curves in _by_reason(findings.curves).items():
        named = "; ".join(labels[curve] for curve in curves)
        told = reason if len(curves) == len(findings.curves) else f"{named}: {reason}"
        lines += prose(page.glyphs.spell(told), page.width, indent=2)
    if fitted:
        lines += prose(_MEANING, page.width)
    if any(" -" in piece.plain for curve in fitted for piece in _figures(curve)):
        lines += prose(_NEGATIVE, page.width)
    return lines


def _by_reason(curves: Sequence[Curve]) -> dict[str, list[Curve]]:
    grouped: dict[str, list[Curve]] = {}
    for curve in curves:
        if curve.reason is not None:
            grouped.setdefault(curve.reason, []).append(curve)
    return grouped


def _figures(curve: Curve) -> list[Text]:
    pieces = []
    if curve.amdahl is not None:
        pieces.append(f"serial share {interval(curve.amdahl.serial_share)},")
    if curve.gunther is not None:
        pieces.append(f"contention {interval(curve.gunther.contention)},")
        pieces.append(f"coherency {interval(curve.gunther.coherency, 'z.2g')},")
    pieces += [
        f"serial share at {point.workers}: {point.serial_share.value:z.2f},"
        for point in curve.points
        if point.serial_share is not None
    ]
    return [Text(piece) for piece in [*pieces[:-1], pieces[-1].removesuffix(",")]]
