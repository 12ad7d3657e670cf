"""What a check's verdict rests on, a fact a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench import durations
from gilbench.evidence import Instrument, Verdict
from gilbench.report import figures
from gilbench.report.check_words import words_for
from gilbench.report.labelled import fact, pieced
from gilbench.report.layout import prose, words
from gilbench.report.snippet import escaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.text import Text

    from gilbench.evidence import CheckFindings, Controls
    from gilbench.model import Estimate
    from gilbench.report.check_words import Words
    from gilbench.report.glyphs import Glyphs
    from gilbench.report.page import Page

__all__ = ["evidence_lines", "gil_lines"]

_INSTRUMENTS: Final = {
    Instrument.SAMPLER: "state sampler",
    Instrument.PROBE: "request probe, the fallback where the state sampler cannot look",
}
_NO_DETACHES: Final = {
    Instrument.SAMPLER: "a call is too short for the sampler to tell",
    Instrument.PROBE: "the request probe cannot tell",
    None: None,
}
_REENABLED: Final = (
    "! THE GIL IS BACK ON: importing or calling the target turned it on, for every thread of the "
    "process"
)


def evidence_lines(findings: CheckFindings, page: Page) -> list[Text]:
    """Return the evidence, aligned; what was not measured is said to be, and why if that is known.

    Of a target that left the GIL of a free-threaded build off, that too; for the other case see
    `gil_lines`.
    """
    facts = _facts(findings, words_for(findings), page.glyphs)
    return [line for label, pieces in facts for line in fact(label, pieced(pieces), page)]


def gil_lines(findings: CheckFindings, page: Page) -> list[Text]:
    """Return that the GIL came back on, loud; empty where it did not."""
    if not findings.gil_reenabled:
        return []
    return prose(_REENABLED, page.width, style="bold red", indent=2)


def _facts(
    findings: CheckFindings, called: Words, glyphs: Glyphs
) -> Iterator[tuple[str, Sequence[str]]]:
    if findings.reason is not None and findings.verdict is not Verdict.INCONCLUSIVE:
        yield "reason", words(glyphs.spell(escaped(findings.reason)))
    yield called.share, _held_share(findings.held_share)
    yield called.longest, _longest(findings.longest_hold_ns)
    yield "detaches per call", _detaches(findings)
    yield "time per call", _time(findings.call_ns)
    yield from _scaling(findings, glyphs)
    yield "controls", _controls(findings.controls, called, glyphs)
    yield (
        "instrument",
        words("none" if findings.instrument is None else _INSTRUMENTS[findings.instrument]),
    )
    if findings.gil_reenabled is False and not findings.environment.gil_enabled:
        yield "GIL", ["stays off"]


def _held_share(share: Estimate | None) -> list[str]:
    if share is None:
        return ["not measured"]
    low, high = (round(end * 100) for end in (share.low, share.high))
    return [figures.percent(share.value), "of the call,", "95 % interval", f"{low} to {high} %"]


def _longest(longest_ns: int | None) -> list[str]:
    if longest_ns is None:
        return ["not measured"]
    return ["at most", durations.format(longest_ns)] if longest_ns else ["none seen"]


def _detaches(findings: CheckFindings) -> list[str]:
    count = findings.detaches_per_call
    if count is None:
        why = _NO_DETACHES.get(findings.instrument)
        return words("not measured" if why is None else f"not measured: {why}")
    if count == 0:
        return ["none seen"]
    if count < 0.01:
        return ["seen in less than", "1 of 100 calls"]
    return ["at least", f"{count:.0f}" if count >= 10 else f"{count:.2g}"]


def _time(call_ns: float | None) -> list[str]:
    if call_ns is None:
        return ["not measured"]
    return [durations.format(call_ns), "(median,", "no instrument running)"]


def _scaling(findings: CheckFindings, glyphs: Glyphs) -> Iterator[tuple[str, list[str]]]:
    scaling = findings.scaling
    why = words(f"not measured: {glyphs.spell(escaped(scaling.reason))}" if scaling.reason else "")
    lacking = why or ["not measured"]
    if scaling.threads is None and scaling.processes is None:
        yield "two threads", lacking
        return
    for who, speedup in (("threads", scaling.threads), ("processes", scaling.processes)):
        pieces = (
            lacking
            if speedup is None
            else [figures.speedup(speedup, glyphs), "times the work of one"]
        )
        yield f"two {who}", pieces


def _controls(controls: Controls, called: Words, glyphs: Glyphs) -> list[str]:
    if controls.hold is None and controls.release is None:
        return ["not measured"]
    pieces = []
    for who, share in ((called.holder, controls.hold), (called.releaser, controls.release)):
        pieces += [f"{who}:", f"{figures.share(share, glyphs)}," if share else "not measured,"]
    return [*pieces[:-1], pieces[-1].removesuffix(",")]
