from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gilbench.model import Fairness, Findings, Status
from gilbench.report.fairness import fairness_lines
from gilbench.report.glyphs import UNICODE
from gilbench.report.page import Page

if TYPE_CHECKING:
    from types import SimpleNamespace

MS = 1_000_000


def shown(findings: Findings, width: int = 100) -> list[str]:
    return [line.plain for line in fairness_lines(findings, Page(width=width, glyphs=UNICODE))]


def threads(make: SimpleNamespace, fairness: Fairness | None) -> Findings:
    told: Findings = make.findings(make.case(losses=make.losses(useful=1.0), fairness=fairness))
    return told


@pytest.mark.parametrize(
    ("least", "lockout_ns", "told"),
    [
        (0.83, 12_345_678, "least served worker did 0.83 of its share, most 1.20; "
         "longest lock-out 12 ms"),
        (0.6, 300_400, "least served worker did 0.60 of its share, most 1.20; "
         "longest lock-out 300 us"),
        (0.6, None, "least served worker did 0.60 of its share, most 1.20"),
    ],
)  # fmt: skip
def test_tells_of_threads_that_were_not_served_alike(
    least: float, lockout_ns: int | None, told: str, make: SimpleNamespace
) -> None:
    fairness = Fairness(least=least, most=1.2, longest_lockout_ns=lockout_ns)
    assert shown(threads(make, fairness)) == [f"spin, holding: {told}"]


@pytest.mark.parametrize("lockout_ns", [0, 9 * MS, None])
def test_is_silent_where_all_went_well(lockout_ns: int | None, make: SimpleNamespace) -> None:
    fairness = Fairness(least=0.81, most=1.2, longest_lockout_ns=lockout_ns)
    assert shown(threads(make, fairness)) == []
    assert shown(threads(make, None)) == []


def test_speaks_of_the_largest_worker_count_as_the_budgets_do(make: SimpleNamespace) -> None:
    uneven = Fairness(least=0.5, most=1.5, longest_lockout_ns=90 * MS)
    even = Fairness(least=1.0, most=1.0, longest_lockout_ns=0)
    whole = make.losses(useful=1.0)
    findings = make.findings(
        make.case(workers=2, losses=whole, fairness=uneven),
        make.case(workers=4, losses=whole, fairness=even),
    )
    assert shown(findings) == []


def test_is_silent_where_the_case_does_not_stand(make: SimpleNamespace) -> None:
    uneven = Fairness(least=0.5, most=1.5, longest_lockout_ns=90 * MS)
    findings = make.findings(
        make.case(status=Status.INCONCLUSIVE, losses=make.losses(useful=1.0), fairness=uneven)
    )
    assert shown(findings) == []


def test_fits_every_page(make: SimpleNamespace) -> None:
    fairness = Fairness(least=0.5, most=1.5, longest_lockout_ns=90 * MS)
    for width in range(20, 121):
        assert max(map(len, shown(threads(make, fairness), width))) <= width
