from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from comparisons import make_plan
from gilbench.comparison import (
    Cell,
    Claim,
    Evidence,
    Fact,
    FactsPlan,
    Outcome,
    Row,
    Table,
    Trial,
    Way,
)
from gilbench.studies.comparison.inquiry import Inquiry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gilbench.studies.comparison.laboratory import Laboratory

PLAN = make_plan(rows=("creation",), workers=5)


@dataclass
class Digests:
    """Reads trials into a word that tells how many there are, and notes which it has read."""

    read: list[tuple[FactsPlan, Sequence[Trial]]] = field(default_factory=list)

    def __call__(self, *, plan: FactsPlan, trials: Sequence[Trial]) -> str:
        self.read.append((plan, trials))
        return f"{len(trials)} of {plan.workers}"


@dataclass
class Courses:
    """Tries two ways, and notes what it was told and when it was over."""

    budgets: list[int] = field(default_factory=list)
    over: bool = False

    def __call__(
        self, row: str, plan: FactsPlan, laboratory: Laboratory, budget_ns: int
    ) -> Iterator[Trial]:
        self.budgets.append(budget_ns)
        try:
            for way in (Way.THREAD, Way.FORK):
                yield laboratory.trial(row, "start", way, workers=plan.workers)
        finally:
            self.over = True


@pytest.fixture
def digest() -> Digests:
    return Digests()


@pytest.fixture
def course() -> Courses:
    return Courses()


@pytest.fixture
def inquiry(course: Courses, digest: Digests) -> Inquiry[str]:
    return Inquiry(
        name="creation",
        question="What does it take?",
        claim="It takes something.",
        course=course,
        digest=digest,
        outcome=lambda told: (Outcome.DEPENDS, f"Decided by {told}."),
        headline=lambda told: Fact(
            name=f"headline of {told}", columns={Way.FORK: Cell(words=told)}
        ),
        facts=lambda told: (Fact(name=f"fact of {told}", columns={}),),
        claims=lambda told: (Claim(claim=told, holds=Outcome.HOLDS, deciding="So it does."),),
        tables=lambda told: (Table(title=f"table of {told}", headings=(), lines=()),),
        notes=lambda told: (f"note on {told}",),
    )


def test_it_yields_the_trials_of_its_course(
    inquiry: Inquiry[str], course: Courses, laboratory: Any
) -> None:
    trials = list(inquiry.measure(PLAN, laboratory, 9_000))
    assert trials == laboratory.asked
    assert [(trial.row, trial.way) for trial in trials] == [
        ("creation", Way.THREAD),
        ("creation", Way.FORK),
    ]
    assert trials[0].parameters == {"workers": 5}
    assert course.budgets == [9_000]


def test_a_course_that_is_left_early_is_over(
    inquiry: Inquiry[str], course: Courses, laboratory: Any
) -> None:
    trials: Any = inquiry.measure(PLAN, laboratory, 9_000)
    next(trials)
    assert not course.over
    trials.close()
    assert course.over
    assert len(laboratory.asked) == 1


def test_all_that_it_finds_is_of_one_digest(inquiry: Inquiry[str], digest: Digests) -> None:
    trials = [
        Trial(row="creation", name="start", way=way, parameters={}, round=0)
        for way in (Way.THREAD, Way.FORK, Way.SPAWN)
    ]
    assert inquiry.find(PLAN, trials) == Row(
        row="creation",
        question="What does it take?",
        fact="headline of 3 of 5",
        columns={Way.FORK: Cell(words="3 of 5")},
        claim="It takes something.",
        holds=Outcome.DEPENDS,
        evidence=Evidence(
            deciding="Decided by 3 of 5.",
            facts=(Fact(name="fact of 3 of 5", columns={}),),
            claims=(Claim(claim="3 of 5", holds=Outcome.HOLDS, deciding="So it does."),),
            tables=(Table(title="table of 3 of 5", headings=(), lines=()),),
            notes=("note on 3 of 5",),
        ),
    )
    assert digest.read == [(PLAN, trials)]
