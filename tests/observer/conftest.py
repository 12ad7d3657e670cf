"""Functions of known behaviour, and what must not be left of a watch."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import NoReturn

import pytest

from gilbench._native import truth

Burn = Callable[..., Callable[[], object]]

MS = 1_000_000
HAS_GIL = getattr(sys, "_is_gil_enabled", lambda: True)()


def raises() -> NoReturn:
    raise LookupError("not today")


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Each test must leave the threads and the switch interval as they were."""
    threads, interval = set(threading.enumerate()), sys.getswitchinterval()
    yield
    assert set(threading.enumerate()) == threads
    assert sys.getswitchinterval() == interval


@pytest.fixture
def burn() -> Burn:
    """Make a function that holds for so long and then releases for so long, again and again."""

    def make(hold_ns: int, release_ns: int, cycles: int = 1) -> Callable[[], object]:
        return partial(truth.burn, truth.create(), hold_ns, release_ns, cycles)

    return make
