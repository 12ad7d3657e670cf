from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from gilbench.evidence import CheckFindings, Controls, Instrument, Scaling, Verdict
from gilbench.report.check_evidence import evidence_lines, gil_lines
from gilbench.report.glyphs import UNICODE
from gilbench.report.labelled import MARGIN
from gilbench.report.page import Page

if TYPE_CHECKING:
    from types import SimpleNamespace

WIDE = Page(width=120, glyphs=UNICODE)


def facts(findings: CheckFindings) -> dict[str, str]:
    lines = [line.plain for line in evidence_lines(findings, WIDE)]
    return {line[:MARGIN].strip(): line[MARGIN:] for line in lines}


def test_all_evidence_is_there(checks: SimpleNamespace) -> None:
    assert facts(checks.check()) == {
        "held share": "3 % of the call, 95 % interval 2 to 4 %",
        "longest hold": "at most 1.24 ms",
        "detaches per call": "at least 3",
        "time per call": "412 ms (median, no instrument running)",
        "two threads": "1.95 ±0.02 times the work of one",
        "two processes": "1.97 ±0.03 times the work of one",
        "controls": "one that holds: 100 ±1 %, one that releases: 1 ±1 %",
        "instrument": "state sampler",
    }


def test_what_is_null_is_said_in_words(checks: SimpleNamespace) -> None:
    nothing = {
        "held_share": None,
        "longest_hold_ns": None,
        "detaches_per_call": None,
        "call_ns": None,
        "scaling": Scaling(threads=None, processes=None, reason=None),
        "controls": Controls(hold=None, release=None),
        "instrument": None,
    }
    found = facts(checks.check(Verdict.INCONCLUSIVE, **nothing))
    assert found.pop("instrument") == "none"
    assert {*found.values()} == {"not measured"}


@pytest.mark.parametrize(
    ("instrument", "told"),
    [
        (Instrument.SAMPLER, "not measured: a call is too short for the sampler to tell"),
        (Instrument.PROBE, "not measured: the request probe cannot tell"),
    ],
)
def test_why_detaches_are_not_known(
    instrument: Instrument, told: str, checks: SimpleNamespace
) -> None:
    found = facts(checks.check(detaches_per_call=None, instrument=instrument))
    assert found["detaches per call"] == told


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (0.0, "none seen"),
        (0.004, "seen in less than 1 of 100 calls"),
        (0.25, "at least 0.25"),
        (1.02, "at least 1"),
        (12_345.6, "at least 12346"),
    ],
)
def test_detaches_are_a_lower_bound(count: float, told: str, checks: SimpleNamespace) -> None:
    assert facts(checks.check(detaches_per_call=count))["detaches per call"] == told


def test_where_nobody_waited_no_hold_was_seen(checks: SimpleNamespace) -> None:
    assert facts(checks.check(longest_hold_ns=0))["longest hold"] == "none seen"


def test_scaling_that_was_not_measured_has_its_reason_once(checks: SimpleNamespace) -> None:
    found = facts(checks.check(scaling=Scaling(threads=None, processes=None, reason="one core")))
    assert found["two threads"] == "not measured: one core"
    assert "two processes" not in found


def test_one_of_two_speedups_may_be_missing(checks: SimpleNamespace) -> None:
    scaling = Scaling(threads=checks.share(0.99), processes=None, reason="it forks")
    found = facts(checks.check(scaling=scaling))
    assert found["two threads"] == "0.99 ±0.01 times the work of one"
    assert found["two processes"] == "not measured: it forks"


def test_the_fallback_is_labelled(checks: SimpleNamespace) -> None:
    found = facts(checks.check(instrument=Instrument.PROBE))
    assert found["instrument"].startswith("request probe, the fallback")


def test_the_reason_of_a_verdict_is_evidence_unless_the_verdict_says_it(
    checks: SimpleNamespace,
) -> None:
    serial = checks.check(Verdict.RELEASES_BUT_SERIAL, reason="a lock of its own")
    assert facts(serial)["reason"] == "a lock of its own"
    assert "reason" not in facts(checks.check(Verdict.INCONCLUSIVE, reason="busy"))


def test_without_a_gil_threads_are_attached(make: Any, checks: Any) -> None:
    found = facts(checks.check(environment=make.free_threaded, gil_reenabled=False))
    assert {"attached share", "longest attached"} < found.keys()
    assert found["controls"] == "one that stays attached: 100 ±1 %, one that detaches: 1 ±1 %"
    assert found["GIL"] == "stays off"


def test_a_gil_that_was_on_all_along_does_not_stay_off(make: Any, checks: Any) -> None:
    forced = replace(make.free_threaded, gil_enabled=True)
    assert "GIL" not in facts(checks.check(environment=forced, gil_reenabled=False))


@pytest.mark.parametrize(("back_on", "lines"), [(True, 1), (False, 0), (None, 0)])
def test_a_gil_that_came_back_is_loud(
    back_on: bool | None, lines: int, checks: SimpleNamespace
) -> None:
    findings = checks.check(gil_reenabled=back_on)
    told = gil_lines(findings, WIDE)
    assert len(told) == lines
    if lines:
        assert told[0].plain.startswith("! THE GIL IS BACK ON: ")
        assert "GIL" not in facts(findings)
