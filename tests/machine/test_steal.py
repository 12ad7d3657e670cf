from __future__ import annotations

import pytest

from gilbench.machine import steal_ticks


def test_stolen_ticks_of_all_processors(system):
    system.write("/proc/stat", "cpu  10 20 30 40 50 60 70 88 90 100\ncpu0 1 2 3 4 5 6 7 8 9 10")
    assert steal_ticks(system.root) == 88


@pytest.mark.parametrize("told", ["cpu  1 2 3 4 5 6 7", "", "intr 1 2 3 4 5 6 7 8 9 10"])
def test_not_told(system, told):
    system.write("/proc/stat", told)
    assert steal_ticks(system.root) is None


def test_not_told_elsewhere(system):
    assert steal_ticks(system.root) is None
