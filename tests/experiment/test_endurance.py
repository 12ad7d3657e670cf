"""Two thousand rounds: the conductor, and the analysis that it asks, keep nothing but samples."""

from __future__ import annotations

import sys
import tracemalloc
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from gilbench.experiment.conductor import conduct
from gilbench.model import Mode, Sample
from gilbench.studies.analysis import precise_enough

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench.model import Case, Plan

ROUNDS = 2000
MS = 1_000_000
# The tables of resamples that `stats` keeps, whatever the run's length, and some to work with.
MOST_BYTES = 40 * 2**20


@pytest.mark.long
def test_memory_does_not_grow_beyond_the_samples(
    laboratory: Any, make_plan: Callable[..., Plan], make_case: Callable[..., Case]
) -> None:
    plan = make_plan(make_case(), make_case("threads", 2, mode=Mode.RELEASE), budget_ms=50 * ROUNDS)
    replies: dict[object, Any] = {}

    def sample(asked: Any) -> Any:
        # The same readings for all rounds: what a sample has of its own is then easily told.
        if asked.case not in replies:
            replies[asked.case] = laboratory.measured(asked)
        laboratory.now_ns += 25 * MS
        return replies[asked.case]

    def enough(part: Plan, samples: Any) -> bool:
        precise_enough(part, samples)
        return False

    laboratory.sample = sample
    samples, own_bytes, asked = 0, 0, []
    tracemalloc.start()
    try:
        with closing(conduct(plan, laboratory.conditions(enough=enough))) as records:
            for record in records:
                laboratory.asked.clear()
                if not isinstance(record, Sample):
                    continue
                samples += 1
                own_bytes += sys.getsizeof(record) + sys.getsizeof(vars(record)) + 64
                if samples % 400 == 0:
                    asked.append(tracemalloc.get_traced_memory()[0] - own_bytes)
    finally:
        tracemalloc.stop()
    assert samples > 2 * ROUNDS * 9 // 10
    assert max(asked) < MOST_BYTES, asked
