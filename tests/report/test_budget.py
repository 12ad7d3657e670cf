from __future__ import annotations

from typing import TYPE_CHECKING

from gilbench.model import Findings, Mode
from gilbench.report.budget import loss_budget
from gilbench.report.glyphs import UNICODE
from gilbench.report.page import Page

if TYPE_CHECKING:
    from types import SimpleNamespace


def shown(findings: Findings, width: int = 100) -> list[str]:
    return [line.plain for line in loss_budget(findings, Page(width=width, glyphs=UNICODE))]


def test_cells_share_the_bar_as_the_losses_share_the_time(make: SimpleNamespace) -> None:
    losses = make.losses(useful=0.5, hardware=0.1, gil_wait=0.3, run_queue=0.1)
    lines = shown(make.findings(make.case(losses=losses)))
    bar = lines[1].split()[2]
    assert bar == "█" * 17 + "▓" * 3 + "▒" * 11 + "░" * 3
    assert lines[1].endswith("useful 50 %, hardware 10 %, GIL wait 30 %,")
    assert lines[2].strip() == "run queue 10 %"
    assert lines[3] == "█ useful, ▓ hardware, ▒ GIL wait, ░ run queue"


def test_a_negative_share_stands_in_the_figures_and_not_in_the_bar(make: SimpleNamespace) -> None:
    losses = make.losses(useful=1.1, hardware=-0.1)
    lines = shown(make.findings(make.case(losses=losses)))
    assert set(lines[1].split()[2]) == {"█"}
    assert len(lines[1].split()[2]) == 34
    assert lines[1].endswith("useful 110 %, hardware -10 %")
    assert lines[2] == "█ useful"


def test_what_is_null_leaves_its_room_empty_and_is_named(make: SimpleNamespace) -> None:
    losses = make.losses(useful=0.5, run_queue=None, unexplained=None)
    lines = shown(make.findings(make.case(losses=losses)))
    assert lines[1].split()[2] == "█" * 17
    assert "useful 50 %, not measurable: run queue," in lines[1]
    assert lines[2].strip() == "unexplained"


def test_an_inferred_gil_wait_is_labelled(make: SimpleNamespace) -> None:
    losses = make.losses(useful=0.5, gil_wait=0.49, overhead=0.01)
    findings = make.findings(make.case(losses=losses, losses_inferred=True))
    (line,) = shown(findings, width=120)[1:-1]
    assert line.endswith("useful 50 %, overhead 1 %, GIL wait 49 % (inferred)")


def test_only_threads_at_their_largest_count_have_a_bar(make: SimpleNamespace) -> None:
    losses = make.losses(useful=1.0)
    lines = shown(
        make.findings(
            make.case(losses=make.losses(useful=0.3), workers=4),
            make.case(losses=losses, workers=2),
            make.case(losses=losses, mode=Mode.RELEASE),
            make.case(losses=losses, workload="triad"),
            make.case("fork", losses=losses),
        )
    )
    bars = [line.split("█")[0].strip() for line in lines[1:-1]]
    assert bars == ["spin, holding", "spin, releasing", "triad, holding"]
    assert "useful 30 %" in lines[1]


def test_without_losses_there_is_no_section(make: SimpleNamespace) -> None:
    assert shown(make.findings(make.case(), make.case("fork", losses=make.losses()))) == []


def test_grains_of_a_workload_have_budgets_of_their_own(make: SimpleNamespace) -> None:
    cases = [
        make.measured("threads", 1.0, losses=make.losses(useful=share), grain_ns=grain_ns)
        for share, grain_ns in ((0.5, 10**6), (0.7, 10**5))
    ]
    lines = shown(make.findings(*cases))
    assert [line.split()[0] for line in lines[1:3]] == ["spin:grain=1ms,", "spin:grain=100us,"]
