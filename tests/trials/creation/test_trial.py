"""What workers take to start, by real ones. How long that is depends, what happens does not."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import statistics
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gilbench.backends.backend import WorkerFailedError
from gilbench.comparison import Parameter, Trial, Way
from gilbench.errors import InputError
from gilbench.machine import pinnable
from gilbench.model import Status
from gilbench.trials import find, ways
from gilbench.trials.creation import cycle, growth, perform, pool, task
from gilbench.trials.tried import Tried, UnavailableError
from processes import descriptors

if TYPE_CHECKING:
    from gilbench.studies.comparison.laboratory import HostLaboratory

MS = 1_000_000
KIB = 2**10

AVAILABLE = [way for way in Way if ways.why_unavailable(way) is None]
POOLED = [way for way in AVAILABLE if way is not Way.INTERPRETER or sys.version_info >= (3, 14)]


def tried(laboratory: HostLaboratory, name: str, way: Way, **parameters: Parameter) -> Trial:
    trial = laboratory.trial("creation", name, way, **{"span_ns": 5 * MS, **parameters})
    assert trial.status is Status.OK, trial.reason
    return trial


def test_it_is_found_by_its_row() -> None:
    assert find("creation") is perform
    with pytest.raises(ValueError, match="no trial 'sums'"):
        perform("sums", Way.THREAD, {"span_ns": 1}, 0)


@pytest.mark.parametrize("way", [Way.INTERPRETER, Way.FORK])
@pytest.mark.parametrize("name", ["cycle", "task", "growth"])
def test_a_way_that_is_not_to_be_had_is_said(
    way: Way, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 11, 9))
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    files = descriptors()
    with pytest.raises(UnavailableError, match="needs Python 3.12|has no start method 'fork'"):
        perform(name, way, {"span_ns": MS, "creations": 5}, 0)
    assert descriptors() == files


@pytest.mark.parametrize("way", AVAILABLE)
def test_starts_and_joins_are_timed_by_themselves(way: Way, laboratory: HostLaboratory) -> None:
    figures = tried(laboratory, "cycle", way).figures
    starts, joins = figures["start_ns"], figures["join_ns"]
    assert cycle.LEAST <= len(starts) == len(joins) <= cycle.MOST
    assert min(starts) > 1000
    assert min(joins) > 0
    assert figures["first_ns"][0] > 1000
    if way is Way.SPAWN:
        # A new interpreter loads what multiprocessing needs.
        assert min(start + join for start, join in zip(starts, joins, strict=True)) > 3 * MS


def test_more_is_not_timed_than_is_of_use() -> None:
    assert len(cycle.cycle(Way.THREAD, 10_000 * MS).figures["start_ns"]) == cycle.MOST


@pytest.mark.parametrize("way", AVAILABLE)
def test_a_first_task_takes_at_least_the_start(way: Way, laboratory: HostLaboratory) -> None:
    figures = tried(laboratory, "task", way).figures
    assert len(figures["task_ns"]) >= cycle.LEAST
    assert min(figures["task_ns"]) > 1000


@pytest.fixture(scope="module")
def slow_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a module lies that takes 30 ms to import, on the path of hosts started from now on."""
    folder = tmp_path_factory.mktemp("modules")
    (folder / "slowly_imported.py").write_text("import time\ntime.sleep(0.03)\n")
    (folder / "refused_inside.py").write_text("import _testsinglephase\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield str(folder)


@pytest.mark.parametrize("way", AVAILABLE)
def test_what_a_task_imports_each_has_to_but_threads(
    slow_folder: str, way: Way, laboratory: HostLaboratory
) -> None:
    trial = laboratory.trial(
        "creation", "task", way, fresh=True, span_ns=MS, imports="slowly_imported,json"
    )
    assert trial.status is Status.OK, trial.reason
    assert trial.figures["first_ns"][0] > 30 * MS
    if way is Way.THREAD:
        assert min(trial.figures["task_ns"]) < 30 * MS
    else:
        assert min(trial.figures["task_ns"]) > 30 * MS


@pytest.mark.skipif(Way.INTERPRETER not in AVAILABLE, reason="there are no subinterpreters")
def test_a_module_that_a_subinterpreter_refuses_is_unavailable_there(
    slow_folder: str, laboratory: HostLaboratory
) -> None:
    trial = laboratory.trial(
        "creation", "task", Way.INTERPRETER, fresh=True, span_ns=MS, imports="refused_inside"
    )
    assert trial.status is Status.UNAVAILABLE
    assert trial.reason is not None
    assert "_testsinglephase" in trial.reason


def test_a_module_that_cannot_be_imported_is_the_users_to_mend(laboratory: HostLaboratory) -> None:
    with pytest.raises(InputError, match="^'nowhere' cannot be imported: there is no such module$"):
        laboratory.trial("creation", "imports", None, imports="nowhere")


def test_a_task_that_fails_keeps_nobody_waiting() -> None:
    with pytest.raises(WorkerFailedError, match="No module named 'nowhere_at_all'"):
        task.task(Way.THREAD, ["nowhere_at_all"], MS)


def test_a_worker_that_fails_is_no_creation(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (cycle, growth):
        monkeypatch.setattr(module, "NOTHING", "os:abort_not")
    monkeypatch.setattr("os.abort_not", lambda: 1 // 0, raising=False)
    with pytest.raises(WorkerFailedError, match="ZeroDivisionError"):
        cycle.cycle(Way.THREAD, MS)
    with pytest.raises(WorkerFailedError, match="ZeroDivisionError"):
        growth.growth(Way.THREAD, 10, MS)


@pytest.mark.skipif(not pinnable(), reason="threads cannot be moved")
@pytest.mark.parametrize("way", [Way.THREAD, Way.FORK])
@pytest.mark.parametrize("name", ["task", "pool"])
def test_threads_have_their_tasks_on_one_core(
    name: str, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = os.sched_getaffinity(0)
    seen: list[set[int]] = []

    def note(*_: object) -> Tried:
        seen.append(os.sched_getaffinity(0))
        return Tried()

    monkeypatch.setattr({"task": task, "pool": pool}[name], name, note)
    perform(name, way, {"span_ns": MS}, 0)
    # A fork server would stay there with all that it forks.
    assert seen == [{pinnable()[0]} if way is Way.THREAD else before]
    assert os.sched_getaffinity(0) == before


@pytest.mark.parametrize("way", POOLED)
def test_a_warm_pool_is_quicker_than_its_making(way: Way, laboratory: HostLaboratory) -> None:
    figures = tried(laboratory, "pool", way).figures
    assert len(figures["task_ns"]) >= cycle.LEAST
    assert 500 < min(figures["task_ns"]) < figures["first_ns"][0]


def test_a_pool_of_interpreters_is_new_in_3_14(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("concurrent.futures.InterpreterPoolExecutor", None, raising=False)
    with pytest.raises(UnavailableError, match="InterpreterPoolExecutor needs Python 3.14"):
        pool.make_pool(Way.INTERPRETER)


@pytest.mark.parametrize("way", [way for way in AVAILABLE if way is not Way.INTERPRETER])
def test_threads_and_processes_leave_next_to_nothing(way: Way, laboratory: HostLaboratory) -> None:
    figures = tried(laboratory, "growth", way, creations=20).figures
    assert figures["creations"][0] in {15, 20}
    sizes = figures["memory_bytes"]
    assert sizes[-1] - sizes[1] < 512 * KIB


@pytest.mark.skipif(Way.INTERPRETER not in AVAILABLE, reason="there are no subinterpreters")
@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="needs its sums")
def test_interpreters_leave_themselves_before_3_14(laboratory: HostLaboratory) -> None:
    trial = tried(laboratory, "growth", Way.INTERPRETER, creations=35, span_ns=60_000 * MS)
    sizes = trial.figures["memory_bytes"]
    assert len(sizes) == 8
    # In the middle of six steps of five: an arena, of 1 MiB, may come in one, and is left by none.
    each = statistics.median(after - before for before, after in pairwise(sizes[1:])) / 5
    if sys.version_info < (3, 14):
        assert each > 500 * KIB
    else:
        assert each < 50 * KIB


def test_growth_is_told_by_what_was_least(monkeypatch: pytest.MonkeyPatch) -> None:
    """An allocator gives back what it has kept, now and then."""
    sizes = itertools.chain([9, 9, 5, 9, 9], [9, 6, 9, 9, 9], [9, 9, 9, 9, 7], [8, 9, 9, 9, 9])
    monkeypatch.setattr(growth, "_size", lambda: float(next(sizes)))
    assert growth.growth(Way.THREAD, 15, 0).figures["memory_bytes"] == (5, 6, 7, 8)


def test_growth_ends_with_the_creations_or_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    all_of_them = growth.growth(Way.THREAD, 40, 10_000 * MS).figures
    assert all_of_them["creations"] == (40,)
    assert len(all_of_them["memory_bytes"]) == 9
    in_no_time = growth.growth(Way.THREAD, 40, 0).figures
    assert in_no_time["creations"] == (15,)
    assert len(in_no_time["memory_bytes"]) == 4
