from __future__ import annotations

import pytest

from gilbench.comparison import Outcome, Way
from gilbench.studies.comparison.io_bound.claims import claims
from gilbench.studies.comparison.io_bound.kinds import SYNC, WRITE
from gilbench.studies.comparison.io_bound.outcome import threads_as_good
from gilbench.studies.comparison.io_bound.paces import Paces
from gilbench.studies.comparison.io_bound.syncs import why_no_waiting

from .conftest import PLAN, PROCESS, all_ways, done

HOLDS, NOT, DEPENDS, OPEN = (
    Outcome.HOLDS,
    Outcome.DOES_NOT_HOLD,
    Outcome.DEPENDS,
    Outcome.INCONCLUSIVE,
)


@pytest.mark.parametrize(
    ("alone", "counts"),
    [
        # In memory, where a sync of 4 KiB takes less than a write of 64 KiB does.
        (150, False),
        (50, False),
        (26, False),
        # The ends of both medians are a percent away.
        (25, False),
        (24, True),
        (1, True),
    ],
)
def test_syncs_count_where_one_takes_clearly_longer_than_a_write_to_the_cache(
    alone: float, counts: bool
) -> None:
    changed = {
        "thread": {"times": {SYNC: alone, f"{SYNC} 8": 0.1}},
        PROCESS.value: {"times": {SYNC: alone}},
    }
    seen = Paces(plan=PLAN, trials=list(all_ways(**changed)))
    assert (why_no_waiting(seen) is None) is counts
    holds, deciding = threads_as_good(seen)
    (more,) = [each for each in claims(seen) if each.claim.startswith("More threads sync more")]
    if counts:
        assert holds is DEPENDS
        assert more.holds is NOT
        assert "; syncs of a file: " in deciding
        assert "left out" not in deciding
        return
    assert holds is HOLDS
    assert more.holds is OPEN
    assert "syncs of a file: " not in deciding


def test_syncs_are_left_out_too_where_there_is_no_write_to_set_them_against() -> None:
    thread = done(Way.THREAD, words={WRITE: "No space left on device"})
    figures = {
        name: values for name, values in thread.figures.items() if not name.startswith(WRITE)
    }
    seen = Paces(
        plan=PLAN, trials=[done(Way.THREAD, figures=figures, words=thread.words), done(PROCESS)]
    )
    holds, deciding = threads_as_good(seen)
    assert holds is HOLDS
    assert deciding.endswith(
        " processes. Syncs of a file are left out: no write to the cache was measured beside them."
    )
    (more,) = [each for each in claims(seen) if each.claim.startswith("More threads sync more")]
    assert more.holds is OPEN
