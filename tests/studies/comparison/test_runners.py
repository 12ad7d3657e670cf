from __future__ import annotations

import pytest

from gilbench.comparison import Way
from gilbench.studies.comparison import runners
from gilbench.studies.comparison.runners import BACKENDS, process_way


def test_every_way_has_a_backend() -> None:
    assert list(BACKENDS) == list(Way)
    assert all(runners.backends.find(name).name == name for name in BACKENDS.values())


@pytest.mark.parametrize(("why", "way"), [(None, Way.FORK), ("not on Windows", Way.SPAWN)])
def test_fork_stands_for_processes_where_there_is_one(
    why: str | None, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runners.backends, "why_unavailable", lambda backend: why)
    assert process_way() is way
