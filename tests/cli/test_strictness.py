from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from gilbench import results
from gilbench.model import Findings, Status

Says = Callable[..., SimpleNamespace]


def with_statuses(findings: Findings, *statuses: Status) -> Findings:
    """The first cases with these statuses, the others sound."""
    rest = [Status.OK] * (len(findings.cases) - len(statuses))
    cases = zip(findings.cases, [*statuses, *rest], strict=True)
    return replace(findings, cases=tuple(replace(case, status=status) for case, status in cases))


@pytest.mark.parametrize("status", [Status.INCONCLUSIVE, Status.FAILED])
def test_what_does_not_stand_is_exit_status_1_and_one_line(
    status: Status, command: list[str], study: Any, gilbench_says: Says
) -> None:
    study.answer = with_statuses(study.answer, status)
    case = study.answer.cases[0]
    said = gilbench_says(*command, "--strict")
    assert said.status == 1
    assert said.err == (
        f"gilbench: 1 of {len(study.answer.cases)} cases do not stand; {status}:"
        f" {case.workload} ({case.mode}, {case.workers} {case.backend})\n"
    )
    assert said.out.splitlines()[-1] == study.answer.headline


def test_both_kinds_are_named(study: Any, gilbench_says: Says) -> None:
    study.answer = with_statuses(study.answer, Status.FAILED, Status.INCONCLUSIVE)
    said = gilbench_says("run", "--strict", "--format", "json")
    assert said.status == 1
    assert results.findings_from_json(said.out) == study.answer
    assert said.err.index("; inconclusive: ") < said.err.index("; failed: ")


@pytest.mark.parametrize("status", [Status.OK, Status.UNAVAILABLE])
def test_what_stands_or_cannot_run_here_is_no_failure(
    status: Status, command: list[str], study: Any, gilbench_says: Says
) -> None:
    study.answer = with_statuses(study.answer, status)
    said = gilbench_says(*command, "--strict")
    assert (said.status, said.err) == (0, "")


def test_without_it_nothing_of_that_counts(
    command: list[str], study: Any, gilbench_says: Says
) -> None:
    study.answer = with_statuses(study.answer, Status.FAILED)
    said = gilbench_says(*command)
    assert (said.status, said.err) == (0, "")


def test_grains_of_a_workload_are_told_apart(study: Any, gilbench_says: Says) -> None:
    case = replace(study.answer.cases[0], status=Status.FAILED)
    cases = (case, replace(case, grain_ns=10 * case.grain_ns))
    study.answer = replace(study.answer, cases=cases)
    said = gilbench_says("run", "--strict").err
    assert said.count(f"{case.workload}:grain=") == 2
