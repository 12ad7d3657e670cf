from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gilbench.evidence import Verdict
from gilbench.report.check_words import sentence, size_of, verdict_style, words_for

if TYPE_CHECKING:
    from types import SimpleNamespace

ALL = "another thread is shut out for the whole call"


@pytest.mark.parametrize(
    ("verdict", "held", "told"),
    [
        (Verdict.HOLDS, 0.99, ALL),
        (Verdict.HOLDS_SWITCHABLE, 1.0, "held all along, but handed over every switch interval"),
        (Verdict.PARTIAL, 0.4, "held for 40 % of the call; another thread can run for 60 %"),
        (Verdict.RELEASES, 0.03, "another thread can run for 97 % of the call"),
        (
            Verdict.RELEASES_BUT_SERIAL,
            0.03,
            "released for 97 %, yet two threads are no faster than one",
        ),
    ],
)
def test_a_verdict_is_one_line_of_80_cells(
    verdict: Verdict, held: float, told: str, checks: SimpleNamespace
) -> None:
    line = sentence(checks.check(verdict, held))
    assert line == f"{verdict}: {told}"
    assert len(line) <= 80


@pytest.mark.parametrize("verdict", Verdict)
def test_without_a_gil_it_is_about_attachment(verdict: Verdict, make: Any, checks: Any) -> None:
    free = {"environment": make.free_threaded, "gil_reenabled": False, "reason": "busy"}
    line = sentence(checks.check(verdict, 0.4, **free))
    assert line.startswith(f"{verdict}: ")
    assert len(line) <= 80
    assert not {"held", "holds", "releases", "released"} & {*line.split()[1:]}
    assert words_for(checks.check(**free)).share == "attached share"


def test_a_free_threaded_build_with_its_gil_on_holds(make: Any, checks: Any) -> None:
    back_on = checks.check(Verdict.HOLDS, environment=make.free_threaded, gil_reenabled=True)
    assert sentence(back_on) == f"holds: {ALL}"


def test_both_shares_of_a_call_are_the_whole(checks: SimpleNamespace) -> None:
    line = sentence(checks.check(Verdict.PARTIAL, 0.405))
    held, free = (int(word) for word in line.split() if word.isdigit())
    assert held + free == 100


@pytest.mark.parametrize("verdict", [each for each in Verdict if each is not Verdict.INCONCLUSIVE])
def test_a_share_that_is_not_known_is_left_out(verdict: Verdict, checks: SimpleNamespace) -> None:
    line = sentence(checks.check(verdict, held_share=None))
    assert "%" not in line
    assert "{" not in line


def test_inconclusive_has_its_reason(checks: SimpleNamespace) -> None:
    assert sentence(checks.check(Verdict.INCONCLUSIVE, reason="busy")) == "inconclusive: busy"
    assert sentence(checks.check(Verdict.INCONCLUSIVE)).startswith("inconclusive: the evidence")


def test_with_sizes_it_names_the_one_that_it_is_about(checks: SimpleNamespace) -> None:
    small = checks.size_finding(64, Verdict.HOLDS, 1.0)
    large = checks.size_finding(4096, Verdict.HOLDS, 1.0, call_ns=9.0)
    assert sentence(checks.sized(small, large)) == f"holds at n = 4096: {ALL}"
    assert sentence(checks.sized(large, small)) == f"holds at n = 64: {ALL}"


def test_of_sizes_that_are_alike_it_names_the_largest(checks: SimpleNamespace) -> None:
    small, large = (checks.size_finding(n, Verdict.HOLDS, 1.0, call_ns=9.0) for n in (64, 4096))
    assert sentence(checks.sized(small, large)) == f"holds at n = 4096: {ALL}"


def test_findings_that_are_of_no_size_name_none(checks: SimpleNamespace) -> None:
    findings = checks.sized(checks.size_finding(64, Verdict.HOLDS, 1.0), call_ns=7.0)
    assert size_of(findings) is None
    assert sentence(findings) == f"holds: {ALL}"


def test_every_verdict_has_a_colour() -> None:
    assert all(verdict_style(verdict) for verdict in Verdict)
