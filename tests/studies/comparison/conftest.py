"""Rows that measure nothing, and a laboratory that answers as a test scripts it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from comparisons import make_row
from gilbench.comparison import Cell, Evidence, Outcome, Trial, Way
from gilbench.studies.comparison import plan as planning
from gilbench.studies.comparison import rows, study

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gilbench.comparison import FactsPlan, Parameter, Row
    from gilbench.studies.comparison.laboratory import Laboratory


@dataclass
class FakeLaboratory:
    """Answers at once; the `raises_at`th trial raises `error`."""

    error: BaseException | None = None
    raises_at: int = 0
    asked: list[Trial] = field(default_factory=list)
    closings: int = 0

    def trial(
        self,
        row: str,
        name: str,
        way: Way | None,
        *,
        round: int = 0,
        fresh: bool = False,
        **parameters: Parameter,
    ) -> Trial:
        if len(self.asked) + 1 == self.raises_at:
            assert self.error is not None
            raise self.error
        trial = Trial(
            row=row,
            name=name,
            way=way,
            parameters=parameters,
            round=round,
            figures={"start_ns": (1e5,)},
        )
        self.asked.append(trial)
        return trial

    def close(self) -> None:
        self.closings += 1


@dataclass
class FakeRow:
    """Tries threads and forked processes in two rounds; what is claimed holds after both."""

    name: str
    question: str = "What does it take?"
    claim: str = "It takes something."
    budgets: list[int] = field(default_factory=list)

    def measure(self, plan: FactsPlan, laboratory: Laboratory, budget_ns: int) -> Iterator[Trial]:
        self.budgets.append(budget_ns)
        for round in range(2):
            for way in (Way.THREAD, Way.FORK):
                yield laboratory.trial(self.name, "start", way, round=round)

    def find(self, plan: FactsPlan, trials: Sequence[Trial]) -> Row:
        took = [trial.figures["start_ns"][0] for trial in trials]
        return make_row(
            self.name,
            question=self.question,
            claim=self.claim,
            columns={way: Cell() for way in Way},
            holds=Outcome.HOLDS if len(took) == 4 else Outcome.INCONCLUSIVE,
            evidence=Evidence(deciding=f"{len(took)} trials took {sum(took):.0f} ns."),
        )


@pytest.fixture
def laboratory() -> FakeLaboratory:
    return FakeLaboratory()


@pytest.fixture
def fake_rows(monkeypatch: pytest.MonkeyPatch) -> dict[str, FakeRow]:
    """Three rows that stand for all there are."""
    fakes = {name: FakeRow(name) for name in ("memory", "creation", "io-bound")}
    monkeypatch.setattr(rows, "ROWS", fakes)
    monkeypatch.setattr(study, "ROWS", fakes)
    assert planning.chosen is rows.chosen
    return fakes
