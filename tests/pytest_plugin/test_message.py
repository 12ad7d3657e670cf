from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gilbench.evidence import Controls, Scaling, SizeFinding, Verdict
from gilbench.pytest_plugin.message import compose, interval, percent

if TYPE_CHECKING:
    from types import ModuleType


def part(text: str, label: str) -> str | None:
    """Return what stands behind a label, its lines joined."""
    found: list[str] = []
    for line in text.splitlines()[1:]:
        begins, goes_on = line.startswith(f"  {label}  "), line.startswith(" " * 16)
        if begins or (found and goes_on):
            found.append(line[16:])
        elif found:
            break
    return " ".join(found) or None


@pytest.mark.parametrize(
    ("share", "text"), [(0.0963, "9.6 %"), (1.0, "100 %"), (0.0, "0 %"), (-0.0001, "0 %")]
)
def test_shares_are_percent(share: float, text: str) -> None:
    assert percent(share) == text


def test_intervals_have_one_sign(fake: ModuleType) -> None:
    assert interval(fake.around(0.096, 0.015)) == "9.6 % (8.1 to 11.1 %)"


def test_what_was_not_seen_is_left_out(fake: ModuleType) -> None:
    findings = replace(
        fake.INCONCLUSIVE,
        held_share=None,
        longest_hold_ns=None,
        call_ns=None,
        detaches_per_call=0.0,
        controls=Controls(hold=None, release=None),
        scaling=Scaling(threads=None, processes=None, reason=None),
        notes=(),
    )
    text = compose("first", findings)
    assert text.splitlines()[0] == "first"
    for label in ("held share", "longest hold", "a call", "detaches", "sizes", "the GIL", "note"):
        assert part(text, label) is None, label
    assert part(text, "controls") == "holding not observed, releasing not observed"
    assert part(text, "scaling") == "not measured"
    assert part(text, "reason") == fake.BUSY


def test_a_reason_that_the_headline_tells_is_not_told_again(fake: ModuleType) -> None:
    findings = replace(fake.INCONCLUSIVE, headline=f"Inconclusive: {fake.BUSY}.")
    assert part(compose("first", findings), "reason") is None


def test_what_was_seen_is_there(fake: ModuleType) -> None:
    findings = replace(
        fake.RELEASES,
        detaches_per_call=3.14159,
        gil_reenabled=True,
        scaling=Scaling(threads=fake.around(1.9), processes=None, reason="a closure"),
    )
    text = compose("first", findings)
    assert part(text, "detaches") == "at least 3.14 times a call"
    assert part(text, "scaling") == "2 threads 1.90 (1.89 to 1.91); a closure"
    gil = part(text, "the GIL")
    assert gil is not None
    assert gil.startswith("it turned the GIL of this free-threaded build on")


def test_without_an_instrument_none_is_named(fake: ModuleType) -> None:
    text = compose("first", replace(fake.PARTIAL, instrument=None))
    assert part(text, "held share") == "45.2 % (44.2 to 46.2 %) of a call"


def test_sizes_of_one_verdict_are_told_together(fake: ModuleType) -> None:
    verdicts = [Verdict.HOLDS, Verdict.HOLDS, Verdict.HOLDS, Verdict.RELEASES]
    rows = tuple(
        SizeFinding(
            size=size, verdict=verdict, reason=None, held_share=None, call_ns=1.0, threads=None
        )
        for size, verdict in zip([64, 1024, 2047, 2048], verdicts, strict=True)
    )
    text = compose("first", replace(fake.PARTIAL, sizes=rows))
    assert part(text, "sizes") == "64 to 2047: holds; 2048: releases"
    verdict = part(text, "verdict")
    assert verdict is not None
    assert verdict.startswith("partial at n = 2048: ")


def test_lines_are_aligned_and_of_one_width(fake: ModuleType) -> None:
    text = compose("first", replace(fake.HOLDS, advice="word " * 60))
    lines = text.splitlines()[1:]
    assert max(map(len, lines)) <= 92
    assert {line[14:16] for line in lines} == {"  "}
    assert part(text, "what to do") == ("word " * 60).strip()
