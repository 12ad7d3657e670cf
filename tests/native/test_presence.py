from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gilbench._native import caller, layout, presence, sampler, spin

if TYPE_CHECKING:
    from collections.abc import Callable

MS = 1_000_000


def test_each_is_another_one() -> None:
    first, second = presence.create(), presence.create()
    assert type(first).__name__ == "PyCapsule"
    watching = sampler.start(first, layout.locate(), 20_000, 1)
    caller.repeat(int, second, 0, 5 * MS)
    assert sampler.stop(watching)[0] == []


def test_it_is_left_when_a_call_raises() -> None:
    present = presence.create()

    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        caller.repeat(fail, present, 1, 0)
    watching = sampler.start(present, layout.locate(), 20_000, 1)
    caller.repeat(int, None, 0, 5 * MS)
    assert sampler.stop(watching)[0] == []


@pytest.mark.parametrize(
    "call",
    [
        lambda wrong: caller.repeat(int, wrong, 1, 0),
        lambda wrong: sampler.start(wrong, layout.locate(), MS, 1),
    ],
)
def test_what_is_no_presence_is_refused(call: Callable[[object], object]) -> None:
    for wrong in (0, spin.kernel(), layout.locate()):
        with pytest.raises(ValueError, match="PyCapsule"):
            call(wrong)
