from __future__ import annotations

from gilbench.comparison import Unit, Way
from gilbench.studies.comparison.medians import Median
from gilbench.studies.comparison.ways import each_way, joined, noun


def test_lists_are_joined_as_in_a_sentence() -> None:
    assert joined(["a"]) == "a"
    assert joined(["a", "b"]) == "a and b"
    assert joined(["a", "b", "c"]) == "a, b and c"


def test_each_way_has_a_noun() -> None:
    assert [noun(way) for way in (Way.THREAD, Way.FORK)] == ["a thread", "a forked process"]
    assert noun(Way.INTERPRETER, many=True) == "subinterpreters"
    assert len({noun(way) for way in Way}) == len(Way)


def test_what_each_takes_is_told_of_those_that_were_measured() -> None:
    median = Median(value=2048, low=1, high=1e6, firm=True)
    assert each_way({Way.THREAD: median, Way.FORK: None}, Unit.BYTES) == "2 KiB with a thread"
    assert each_way({Way.THREAD: None}, Unit.BYTES) == ""
