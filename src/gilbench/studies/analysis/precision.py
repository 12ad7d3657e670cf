"""When sampling may end: once every interval is narrow enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.studies.analysis.estimates import LEAST_ROUNDS, half_width, interval
from gilbench.studies.analysis.failures import failure_that_ended
from gilbench.studies.analysis.pairs import pair
from gilbench.studies.analysis.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.model import Failure, Plan, Sample
    from gilbench.studies.analysis.pairs import Pairs

__all__ = ["BITE_HALF_WIDTH", "precise_enough"]

# A twentieth of what the hardware offers. A bite is a difference from 1, so its width cannot be
# relative.
BITE_HALF_WIDTH: Final = 0.05


def precise_enough(plan: Plan, samples: Sequence[Sample], failures: Sequence[Failure] = ()) -> bool:
    """Return whether `samples` say all that `plan` asks, so that sampling may stop.

    Every case has six accepted rounds with all that its figures need; every speedup is known to
    `plan.precision` of itself, every bite to 0.05. Cases that cannot run or broke are left out.
    Cheap enough to be asked after every round: about 20 ms for 30 cases of 20 rounds.
    """
    table = Table.of(plan.cases, samples)
    cases = [
        case
        for case in plan.cases
        if failure_that_ended(case, table.samples[case], failures) is None
    ]
    pairs = [pair(table, case, table.partners(case)) for case in cases]
    return all(_enough_rounds(one) for one in pairs) and all(
        _narrow(one, plan.precision, plan.seed) for one in pairs
    )


def _enough_rounds(pairs: Pairs) -> bool:
    series = (pairs.throughput, pairs.speedup, pairs.ceiling, pairs.bite)
    return all(len(one.values) >= LEAST_ROUNDS for one in series if one is not None)


def _narrow(pairs: Pairs, precision: float, seed: int) -> bool:
    speedup, bite = interval(pairs.speedup, seed), interval(pairs.bite, seed)
    return (speedup is None or half_width(speedup) <= precision * abs(speedup.value)) and (
        bite is None or half_width(bite) <= BITE_HALF_WIDTH
    )
