from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gilbench.model import Findings, Mode, Status
from gilbench.report.glyphs import UNICODE
from gilbench.report.page import Page
from gilbench.report.table import speedup_table

if TYPE_CHECKING:
    from types import SimpleNamespace


def shown(findings: Findings, width: int = 100) -> str:
    return "\n".join(
        line.plain for line in speedup_table(findings, Page(width=width, glyphs=UNICODE))
    )


def test_a_curve_has_a_row_for_each_worker_count(make: SimpleNamespace) -> None:
    curve = make.findings(
        *(
            make.measured(backend, speedup, workers=workers)
            for workers, speedup in [(1, 1.0), (2, 1.9), (4, 3.6)]
            for backend in ("threads", "processes", "native")
        )
    )
    lines = shown(curve).splitlines()
    assert "Speedup of several workers" in lines[0]
    assert "workload  workers  threads," in lines[3]
    starts = [line.split()[:2] for line in lines if line.startswith("spin")]
    assert starts == [["spin", "1"], ["spin", "2"], ["spin", "4"]]
    assert lines[6].split() == ["spin", "1", "1.00", "±0.02", "1.00", "±0.02", "1.98", "±0.01"]


def test_one_worker_that_only_bases_needed_has_no_row(make: SimpleNamespace) -> None:
    bases = [
        make.measured(backend, 1.0, workers=1) for backend in ("serial", "processes", "native")
    ]
    text = shown(make.findings(*bases, make.measured("threads", 1.9), make.measured("fork", 1.8)))
    assert "Speedup of 2 workers" in text
    assert "±0.02" in text
    assert "1.00" not in text


def test_where_one_worker_is_all_it_has_a_row(make: SimpleNamespace) -> None:
    text = shown(make.findings(make.measured("fork", 0.98, workers=1)))
    assert "Speedup of 1 worker over" in text
    assert "0.98 ±0.02" in text


def test_a_workload_that_cannot_detach_has_a_dash(make: SimpleNamespace) -> None:
    text = shown(
        make.findings(
            make.measured("threads", 1.9, mode=Mode.RELEASE),
            make.measured("threads", 1.0),
            make.measured("threads", 0.97, workload="objects"),
        )
    )
    (row,) = [line for line in text.splitlines() if line.startswith("objects")]
    assert row.split() == ["objects", "0.97", "±0.02", "–", "1.98", "±0.01"]
    assert "– not run: a workload that cannot detach has one mode only" in text


def test_a_case_without_a_speedup_has_a_dash(make: SimpleNamespace) -> None:
    text = shown(make.findings(make.case("threads"), make.measured("fork", 1.9)))
    (row,) = [line for line in text.splitlines() if line.startswith("spin")]
    assert row.split() == ["spin", "–", "1.90", "±0.02", "1.98", "±0.01"]


def test_the_same_reason_has_one_footnote(make: SimpleNamespace) -> None:
    text = shown(
        make.findings(
            *(
                make.case(backend, status=Status.UNAVAILABLE, reason=reason, workload=workload)
                for workload in ("spin", "python")
                for backend, reason in [("interpreters", "too old"), ("spawn", "standard input")]
            )
        )
    )
    assert text.count("see [1]") == text.count("see [2]") == 2
    assert text.splitlines()[-2:] == ["[1] too old", "[2] standard input"]


def test_the_ceiling_says_why_there_is_none(make: SimpleNamespace) -> None:
    cases = [
        make.measured("threads", 1.0, ceiling=None, bite=None),
        make.case("native", status=Status.FAILED, reason="it crashed"),
    ]
    assert "[1] it crashed" in shown(make.findings(*cases))
    assert "–" in shown(make.findings(cases[0]))


def test_an_inconclusive_bite_is_neither_shown_nor_coloured(make: SimpleNamespace) -> None:
    doubted = make.measured("threads", 1.0, status=Status.INCONCLUSIVE, reason="load")
    lines = speedup_table(make.findings(doubted), Page(width=80, glyphs=UNICODE))
    text = "\n".join(line.plain for line in lines)
    assert "inconclusive" in text
    assert "bite 49" not in text
    assert {str(span.style) for line in lines for span in line.spans} <= {"", "bold"}


@pytest.mark.parametrize(("speedup", "colour"), [(1.0, "red"), (1.5, "yellow"), (1.9, "green")])
def test_a_cell_is_coloured_by_bite(speedup: float, colour: str, make: SimpleNamespace) -> None:
    lines = speedup_table(
        make.findings(make.measured("threads", speedup)), Page(width=80, glyphs=UNICODE)
    )
    assert colour in {str(span.style) for line in lines for span in line.spans}


def test_a_long_workload_is_cut_at_its_parameters_before_the_table_becomes_a_list(
    make: SimpleNamespace,
) -> None:
    findings = make.findings(make.measured("threads", 1.0, workload="mix:share=0.5,grain=1ms"))
    assert "mix:share=0.5,grain=1ms  1.00 ±0.02" in shown(findings, 60)
    assert "\nmix:        1.00 ±0.02" in shown(findings, 40)
    assert "mix:share=0.5,grain=1ms,\n2 workers\n  threads, holding:" in shown(findings, 30)


def test_nothing_measured_is_said(make: SimpleNamespace) -> None:
    assert shown(make.findings()) == "No case was measured."


def test_grains_of_a_workload_have_rows_of_their_own(make: SimpleNamespace) -> None:
    text = shown(
        make.findings(
            make.measured("threads", 1.0),
            make.measured("threads", 1.3, grain_ns=10**5),
            make.measured("threads", 1.2, workload="triad"),
        )
    )
    starts = [line.split()[:2] for line in text.splitlines() if line.endswith("±0.01")]
    assert starts == [["spin:grain=1ms", "1.00"], ["spin:grain=100us", "1.30"], ["triad", "1.20"]]
