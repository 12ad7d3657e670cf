from __future__ import annotations

import os
import threading

import pytest

from gilbench.machine import affinity, pinnable
from gilbench.trials.communication import seats as seating
from gilbench.trials.communication.seats import Seats, kept_on, seats
from gilbench.trials.tried import UnavailableError


@pytest.fixture
def processors(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(seating, "pinnable", lambda: (4, 6, 5, 7))
    return monkeypatch


def test_the_two_sit_on_as_many_cores_as_asked(processors: pytest.MonkeyPatch) -> None:
    assert seats(0) == Seats(here=None, there=None)
    assert seats(1) == Seats(here=4, there=4)
    assert seats(2) == Seats(here=4, there=6)


def test_what_cannot_be_is_unavailable(processors: pytest.MonkeyPatch) -> None:
    processors.setattr(seating, "pinnable", lambda: (4,))
    assert seats(1) == Seats(here=4, there=4)
    with pytest.raises(UnavailableError, match="cannot be kept on 2 processors"):
        seats(2)
    processors.setattr(seating, "pinnable", tuple)
    with pytest.raises(UnavailableError, match="cannot be kept on 1 processors"):
        seats(1)


def test_anywhere_leaves_all_as_it_is() -> None:
    before = affinity()
    with kept_on(None):
        assert affinity() == before
    assert affinity() == before


@pytest.mark.skipif(not pinnable(), reason="threads cannot be moved by number here")
def test_a_thread_is_kept_and_let_go_again() -> None:
    before, processor = affinity(), pinnable()[-1]

    def breaks_off() -> None:
        with kept_on(processor):
            assert affinity() == (processor,)
            raise LookupError

    with pytest.raises(LookupError):
        breaks_off()
    assert affinity() == before


@pytest.mark.skipif(not pinnable(), reason="threads cannot be moved by number here")
def test_what_it_starts_is_kept_there_too() -> None:
    seen: list[set[int]] = []
    processor = pinnable()[0]
    with kept_on(processor):
        thread = threading.Thread(target=lambda: seen.append(os.sched_getaffinity(0)))
        thread.start()
        thread.join()
    assert seen == [{processor}]
