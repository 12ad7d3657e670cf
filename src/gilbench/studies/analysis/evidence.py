"""All that speaks for or against one case, gathered for its verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gilbench.studies.analysis.estimates import Estimates, estimates
from gilbench.studies.analysis.pairs import Pairs, pair

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gilbench.model import Case, Failure, Plan, Stop
    from gilbench.studies.analysis.table import Partners, Table

__all__ = ["Evidence", "Run"]


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a run brought in, as every case's verdict sees it.

    `foreign_load` says by worker count why the machine was not ours.
    """

    plan: Plan
    table: Table
    failures: Sequence[Failure]
    stop: Stop | None
    foreign_load: Mapping[int, str]

    def evidence(self, case: Case) -> Evidence:
        """Return what the run says of `case`."""
        partners = self.table.partners(case)
        pairs = pair(self.table, case, partners)
        return Evidence(
            run=self,
            case=case,
            partners=partners,
            pairs=pairs,
            estimates=estimates(pairs, partners, self.plan.seed),
        )


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a run says of one case."""

    run: Run
    case: Case
    partners: Partners
    pairs: Pairs
    estimates: Estimates

    @property
    def needed(self) -> Mapping[Case, str]:
        """Return the cases that the figures of this one rest on, and how a sentence names them."""
        named: dict[Case | None, str] = {self.case: ""}
        if self.pairs.speedup is not None:
            named[self.partners.base] = " of the serial base"
        if self.pairs.ceiling is not None:
            named[self.partners.ceiling_base] = " of the ceiling at one worker"
            named[self.partners.ceiling] = " of the ceiling"
        # The ceiling is a case too, and its own samples are simply its samples.
        named[self.case] = ""
        return {case: name for case, name in named.items() if case is not None}
