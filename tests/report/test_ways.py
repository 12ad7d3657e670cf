from __future__ import annotations

from typing import TYPE_CHECKING

from gilbench.model import Mode
from gilbench.report.ways import Way, title, ways_of

if TYPE_CHECKING:
    from types import SimpleNamespace

HOLD, RELEASE = Mode.HOLD, Mode.RELEASE


def test_ways_stand_in_one_order_and_bases_are_none(make: SimpleNamespace) -> None:
    cases = [
        make.case(backend, mode=mode)
        for backend, mode in [
            ("native", HOLD),
            ("serial", HOLD),
            ("elsewhere", HOLD),
            ("spawn", HOLD),
            ("fork", HOLD),
            ("interpreters", HOLD),
            ("threads", RELEASE),
            ("threads", HOLD),
        ]
    ]
    assert ways_of(cases) == (
        Way(backend="threads", mode=HOLD),
        Way(backend="threads", mode=RELEASE),
        Way(backend="interpreters", mode=None),
        Way(backend="fork", mode=None),
        Way(backend="spawn", mode=None),
        Way(backend="elsewhere", mode=None),
    )


def test_another_backend_tells_its_modes_apart_only_where_a_workload_has_both(
    make: SimpleNamespace,
) -> None:
    one_each = [make.case("fork", mode=HOLD), make.case("fork", mode=RELEASE, workload="triad")]
    assert ways_of(one_each) == (Way(backend="fork", mode=None),)
    both = [make.case("fork", mode=HOLD), make.case("fork", mode=RELEASE)]
    assert ways_of(both) == (Way(backend="fork", mode=HOLD), Way(backend="fork", mode=RELEASE))


def test_where_nothing_else_ran_the_bases_are_ways(make: SimpleNamespace) -> None:
    cases = [make.case("native"), make.case("serial")]
    assert [way.backend for way in ways_of(cases)] == ["serial", "native"]
    assert ways_of([]) == ()


def test_without_a_gil_threads_are_attached_or_detached(make: SimpleNamespace) -> None:
    releasing = Way(backend="threads", mode=RELEASE)
    assert title(releasing, make.environment) == "threads, releasing"
    assert title(releasing, make.free_threaded) == "threads, detached"
    assert title(Way(backend="fork", mode=None), make.environment) == "fork"
