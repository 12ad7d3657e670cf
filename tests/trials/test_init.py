from __future__ import annotations

import pytest

from gilbench import trials
from gilbench.comparison import ROW_NAMES
from gilbench.errors import InputError


# The other two are raced by the main study, which has hosts of its own.
@pytest.mark.parametrize("row", [row for row in ROW_NAMES if row not in {"gil", "cpu-bound"}])
def test_every_row_says_how_its_trials_are_performed(row: str) -> None:
    assert callable(trials.find(row))


def test_an_unknown_row_is_told_the_nearest() -> None:
    with pytest.raises(InputError, match="no trials for 'crush'; did you mean 'crash'?"):
        trials.find("crush")
