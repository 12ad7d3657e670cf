from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pytest

from gilbench._native import caller, progress
from gilbench.evidence import LET_IN_PARTS
from gilbench.observer.locating import by_part, telling
from gilbench.workloads.statement import compile_statement

NOBODY = (0,) * LET_IN_PARTS


def counted(**parts: int) -> tuple[int, ...]:
    """Counts by part: `_3=2` are two in part 3."""
    counts = list(NOBODY)
    for name, count in parts.items():
        counts[int(name[1:])] = count
    return tuple(counts)


def of_first(come: Sequence[int]) -> list[tuple[int, int]]:
    """How far the first call had come, each time."""
    return [(each, 0) for each in come]


# Telling


def test_it_tells_of_a_call_what_the_function_does() -> None:
    told = progress.create()
    seen: list[tuple[int, int]] = []

    def call() -> int:
        seen.append(progress.come(told))
        return 5

    assert telling(told, call)() == 5
    assert seen[0] >= (0, 0)
    assert progress.come(told) == (-1, -1)
    assert progress.took(told)[0] > 0


def test_what_the_function_raises_passes_through() -> None:
    def raises() -> None:
        raise LookupError("not today")

    with pytest.raises(LookupError, match="not today"):
        telling(progress.create(), raises)()


def test_it_stands_on_the_stage_of_a_statement() -> None:
    statement = compile_statement("f()", "import sys\ndef f(): frames.append(sys._getframe(1))")
    frames: list[object] = []
    statement.args[1]["frames"] = frames
    told = progress.create()
    caller.repeat(telling(told, statement), None, 3, 0)
    # All calls from one frame of the statement's own.
    assert len(frames) == 3
    assert len(set(map(id, frames))) == 1
    assert frames[0].f_globals is statement.args[1]  # type: ignore[attr-defined]
    assert min(progress.took(told)) > 0


def test_what_has_no_stage_gets_none() -> None:
    for function in (int, partial(int, "5")):
        assert vars(telling(progress.create(), function)) == {}


# By part


@pytest.mark.parametrize(
    ("come", "expected"),
    [
        ([0], counted(_0=1)),
        ([0, 49, 50, 99, 100, 949, 950, 999], counted(_0=2, _1=2, _2=1, _18=1, _19=2)),
        # To let in the one that had come least took 30 as well.
        ([30, 79, 80, 1029], counted(_0=2, _1=1, _19=1)),
        ([500], counted(_0=1)),
        ([600, 1010], counted(_0=1, _8=1)),
        # A machine is slower at times.
        ([0, 1000, 10**15], counted(_0=1, _19=2)),
        ([], NOBODY),
    ],
)
def test_it_counts_twentieths_from_where_the_least_had_come(
    come: Sequence[int], expected: tuple[int, ...]
) -> None:
    assert by_part(of_first(come), [1000]) == expected
    assert by_part(of_first(come[::-1]), [1000]) == expected


def test_who_had_come_far_did_not_need_all_of_that_to_let_others_in() -> None:
    assert by_part(of_first([600_000, 1_000_000]), [1_000_000]) == counted(_12=1, _19=1)


@pytest.mark.parametrize("whole", [1, 7, 19])
def test_a_call_may_be_as_short_as_it_likes(whole: int) -> None:
    counts = by_part(of_first(range(whole)), [whole])
    assert sum(counts) == whole
    assert set(counts) == {0, 1}


@pytest.mark.parametrize("took", [[], [0], [5, 0], [-1]])
def test_nothing_is_told_of_calls_that_were_not_seen(took: Sequence[int]) -> None:
    assert by_part(of_first([5, 6]), took) == ()


def test_calls_need_not_be_alike() -> None:
    # One call takes 1 ms, the other 10 ms: both let in half way.
    come = [(0, 0), (500_000, 0), (0, 1), (5_000_000, 1)]
    assert by_part(come, [1_000_000, 10_000_000]) == counted(_0=2, _10=2)


def test_what_it_takes_to_let_in_is_no_part_of_a_call() -> None:
    # At the end of calls of 10 us, which took 15 and 30 with that.
    come = [(0, 0), (10_000, 1), (10_000, 2)]
    assert by_part(come, [10_000, 15_000, 30_000]) == counted(_0=1, _19=2)


def test_calls_of_which_it_is_not_known_what_they_took_are_as_short_as_any() -> None:
    assert by_part([(0, 0), (500, 7), (900, 8)], [1000, 2000]) == counted(_0=1, _10=1, _18=1)
