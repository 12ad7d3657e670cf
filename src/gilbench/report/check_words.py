"""How a check's verdict is told: by the GIL's words, or where there is none, by attachment's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench.evidence import Verdict
from gilbench.report.snippet import escaped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gilbench.evidence import CheckFindings, SizeFinding

__all__ = ["Words", "sentence", "size_of", "verdict_style", "words_for"]


@dataclass(frozen=True, kw_only=True)
class Words:
    """What things are called. `told` has what a verdict says with a share, and without one."""

    share: str
    longest: str
    holder: str
    releaser: str
    told: Mapping[Verdict, tuple[str, str]]


_GIL: Final = Words(
    share="held share",
    longest="longest hold",
    holder="one that holds",
    releaser="one that releases",
    told={
        Verdict.HOLDS: ("another thread is shut out for the whole call",) * 2,
        Verdict.HOLDS_SWITCHABLE: ("held all along, but handed over every switch interval",) * 2,
        Verdict.PARTIAL: (
            "held for {held} % of the call; another thread can run for {free} %",
            "held for a part of the call",
        ),
        Verdict.RELEASES: (
            "another thread can run for {free} % of the call",
            "another thread can run during the call",
        ),
        Verdict.RELEASES_BUT_SERIAL: (
            "released for {free} %, yet two threads are no faster than one",
            "released, yet two threads are no faster than one",
        ),
    },
)
_ATTACHMENT: Final = Words(
    share="attached share",
    longest="longest attached",
    holder="one that stays attached",
    releaser="one that detaches",
    told={
        Verdict.HOLDS: ("attached for the whole call, and does not stop when asked to",) * 2,
        Verdict.HOLDS_SWITCHABLE: ("attached all along, but stops when asked to",) * 2,
        Verdict.PARTIAL: (
            "attached for {held} % of the call, detached for {free} %",
            "attached for a part of the call",
        ),
        Verdict.RELEASES: ("detached for {free} % of the call", "detached during the call"),
        Verdict.RELEASES_BUT_SERIAL: (
            "detached for {free} %, yet two threads are no faster than one",
            "detached, yet two threads are no faster than one",
        ),
    },
)

_STYLES: Final = {
    Verdict.HOLDS: "red",
    Verdict.HOLDS_SWITCHABLE: "red",
    Verdict.PARTIAL: "yellow",
    Verdict.RELEASES: "green",
    Verdict.RELEASES_BUT_SERIAL: "yellow",
    Verdict.INCONCLUSIVE: "magenta",
}


def words_for(findings: CheckFindings) -> Words:
    """Return the words of the GIL wherever the target ran under one."""
    on = findings.environment.gil_enabled or findings.gil_reenabled
    return _GIL if on else _ATTACHMENT


def sentence(findings: CheckFindings) -> str:
    """Return the verdict in one line, such as `releases: another thread can run for 97 % of ...`.

    With sizes it names the size that it is about.
    """
    size = size_of(findings)
    verdict = str(findings.verdict) if size is None else f"{findings.verdict} at n = {size.size}"
    if findings.verdict is Verdict.INCONCLUSIVE:
        return f"{verdict}: {escaped(findings.reason or 'the evidence carries no verdict')}"
    with_share, without = words_for(findings).told[findings.verdict]
    if findings.held_share is None:
        return f"{verdict}: {without}"
    held = round(findings.held_share.value * 100)
    return f"{verdict}: {with_share.format(held=held, free=100 - held)}"


def verdict_style(verdict: Verdict) -> str:
    """Return the colour of a verdict."""
    return _STYLES[verdict]


def size_of(findings: CheckFindings) -> SizeFinding | None:
    """Return the largest size that the findings as a whole are those of, null where it is none."""
    of_one = (findings.verdict, findings.held_share, findings.call_ns)
    return next(
        (
            size
            for size in reversed(findings.sizes)
            if (size.verdict, size.held_share, size.call_ns) == of_one
        ),
        None,
    )
