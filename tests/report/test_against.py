from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gilbench.model import Caution, Comparison, Findings, OneThreadCost
from gilbench.report.against import against_lines
from gilbench.report.glyphs import UNICODE
from gilbench.report.page import Page
from gilbench.report.terminal import answer, report

if TYPE_CHECKING:
    from types import SimpleNamespace

HEADING = "One thread on CPython 3.13.5, free-threaded, GIL off, against CPython 3.13.5, GIL on"
SPIN = "spin, one thread: 0.93 [0.91, 0.95] of the GIL build's"


@pytest.fixture
def comparison(make: SimpleNamespace) -> Comparison:
    return Comparison(
        this="CPython 3.13.5, free-threaded, GIL off",
        that="CPython 3.13.5, GIL on",
        rival="the GIL build",
        started_at="2026-01-02T03:04:05+00:00",
        costs=(
            OneThreadCost(workload="spin", grain_ns=10**6, ratio=make.estimate(0.93), reason=None),
            OneThreadCost(
                workload="triad", grain_ns=10**6, ratio=None, reason="not in the other run"
            ),
        ),
        cautions=(),
    )


def shown(findings: Findings, width: int = 100) -> list[str]:
    return [line.plain for line in against_lines(findings, Page(width=width, glyphs=UNICODE))]


def test_names_both_builds_and_the_ratio_of_each_workload(
    make: SimpleNamespace, comparison: Comparison
) -> None:
    assert shown(make.findings(against=comparison)) == [
        HEADING,
        SPIN,
        "triad: not compared: not in the other run",
        "The runs were not measured at once: what changed in between is in no interval.",
    ]


def test_cautions_come_before_the_figures(make: SimpleNamespace, comparison: Comparison) -> None:
    cautious = replace(comparison, cautions=(Caution(what="two machines", advice="use one"),))
    lines = shown(make.findings(against=cautious))
    assert lines[1:3] == ["! two machines: use one", SPIN]


def test_without_another_run_there_is_no_section(make: SimpleNamespace) -> None:
    assert shown(make.gil_build()) == []


def test_stands_in_the_report_and_in_the_answer(
    make: SimpleNamespace, comparison: Comparison
) -> None:
    findings = replace(make.free_threaded_build(), against=comparison)
    page = Page(width=100, glyphs=UNICODE)
    for lines in (report(findings, page), answer(findings, page)):
        plain = [line.plain for line in lines]
        assert SPIN in plain
        assert plain[-1] == findings.headline


def test_fits_every_page(make: SimpleNamespace, comparison: Comparison) -> None:
    for width in range(20, 121):
        assert max(map(len, shown(make.findings(against=comparison), width))) <= width


def test_grains_of_a_workload_are_told_apart(make: SimpleNamespace, comparison: Comparison) -> None:
    costs = tuple(replace(comparison.costs[0], grain_ns=grain_ns) for grain_ns in (10**6, 10**5))
    cases = [make.case(grain_ns=cost.grain_ns) for cost in costs]
    lines = shown(make.findings(*cases, against=replace(comparison, costs=costs)))
    assert [line.partition(",")[0] for line in lines[1:3]] == ["spin:grain=1ms", "spin:grain=100us"]
