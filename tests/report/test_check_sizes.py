from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gilbench.evidence import CheckFindings, Threshold, Verdict
from gilbench.report.check_sizes import size_table, threshold_lines
from gilbench.report.glyphs import UNICODE
from gilbench.report.page import Page

if TYPE_CHECKING:
    from types import SimpleNamespace


def table(findings: CheckFindings, width: int = 80) -> list[str]:
    return [line.plain for line in size_table(findings, Page(width=width, glyphs=UNICODE))]


def told(findings: CheckFindings, threshold: Threshold | None) -> list[str]:
    found = replace(findings, threshold=threshold)
    return [line.plain for line in threshold_lines(found, Page(width=200, glyphs=UNICODE))]


def changes(**fields: Any) -> Threshold:
    plain = Threshold(
        before=1024,
        size=2048,
        verdict_before=Verdict.HOLDS,
        verdict_after=Verdict.RELEASES,
        sharp=False,
        pays_from=4096,
    )
    return replace(plain, **fields)


def test_a_row_per_size_with_its_figures(checks: SimpleNamespace) -> None:
    lines = table(checks.sharp_threshold())
    head = lines.index("n        verdict           held share  time per call  two threads")
    assert lines[head + 2 : head + 4] == [
        "     64  holds             100 ±1 %    393 ns         0.99 ±0.02",
        "   1024  inconclusive [1]  –           1.64 us        –",
    ]
    assert lines[head + 8] == "– not measured"
    assert lines[head + 9].startswith("[1] the control that holds was found")


def test_where_the_table_does_not_fit_it_is_a_list(checks: SimpleNamespace) -> None:
    lines = table(checks.sharp_threshold(), 64)
    assert "n = 64: holds" in lines
    assert "  two threads: 0.99 ±0.02" in lines
    assert table(checks.sharp_threshold(), 65)[3].startswith("n        verdict")


def test_without_a_gil_shares_are_attached(make: Any, checks: Any) -> None:
    free = replace(checks.no_threshold(), environment=make.free_threaded, gil_reenabled=False)
    assert any("attached share" in line for line in table(free))


def test_a_check_without_sizes_has_neither(checks: SimpleNamespace) -> None:
    assert table(checks.check()) == []
    assert told(checks.check(), changes()) == []


def test_a_sharp_threshold_is_exact(checks: SimpleNamespace) -> None:
    sharp = changes(before=2047, sharp=True)
    assert told(checks.sharp_threshold(), sharp) == [
        "Threshold: holds up to n = 2047, releases from n = 2048 on.",
        "Two threads are faster than one from n = 4096 on.",
    ]


def test_another_lies_between_two_sizes(checks: SimpleNamespace) -> None:
    assert told(checks.sharp_threshold(), changes())[0] == (
        "Threshold: holds up to n = 1024, releases from n = 2048 on; "
        "the change lies between the two."
    )


def test_where_nothing_changes_it_says_what_stays(checks: SimpleNamespace) -> None:
    assert told(checks.no_threshold(), checks.unchanged) == [
        "No threshold from n = 1 to n = 1000: holds.",
        "Two threads are faster than one at none of these sizes.",
    ]


def test_where_some_are_inconclusive_nothing_stays(checks: SimpleNamespace) -> None:
    lines = told(checks.sharp_threshold(), checks.unchanged)
    assert lines[0] == "No threshold from n = 64 to n = 1048576."


def test_speedups_that_nobody_measured_are_no_loss(checks: SimpleNamespace) -> None:
    size = checks.size_finding(64, Verdict.HOLDS, 1.0, threads=None)
    lines = told(checks.sized(size), checks.unchanged)
    assert lines[1] == "Whether two threads are faster than one was not measured."


def test_a_check_that_was_cut_off_has_no_threshold(checks: SimpleNamespace) -> None:
    assert told(checks.sharp_threshold(), None) == []
