from __future__ import annotations

import pytest

from gilbench.trials.communication import room
from gilbench.trials.communication.room import why_no_room

MIB = 2**20


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """There is memory in plenty, and 64 MiB of it can be shared, as in many a container."""
    monkeypatch.setattr(room, "memory_left", lambda: 2**40)
    monkeypatch.setattr(room, "shared_left", lambda: 64 * MIB)
    return monkeypatch


def test_there_is_room_for_what_fits(left: pytest.MonkeyPatch) -> None:
    assert why_no_room(64 * MIB, shared=False) is None
    assert why_no_room(31 * MIB, shared=True) is None


def test_shared_memory_has_a_limit_of_its_own(left: pytest.MonkeyPatch) -> None:
    reason = "too little shared memory: 128 MiB needed, 64 MiB left"
    assert why_no_room(64 * MIB, shared=True) == reason
    # The byte that tells of the end needs room too.
    assert why_no_room(32 * MIB, shared=True) is not None


def test_all_copies_together_need_room(left: pytest.MonkeyPatch) -> None:
    left.setattr(room, "memory_left", lambda: 100 * MIB)
    assert why_no_room(12 * MIB, shared=False) is None
    assert why_no_room(64 * MIB, shared=False) == (
        "too little memory: 512 MiB needed, 100 MiB left"
    )


def test_what_nobody_knows_is_tried(left: pytest.MonkeyPatch) -> None:
    left.setattr(room, "memory_left", lambda: None)
    left.setattr(room, "shared_left", lambda: None)
    assert why_no_room(2**60, shared=True) is None
