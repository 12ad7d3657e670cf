"""Every channel in a real host, joining real workers: payloads arrive, and nothing is left."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from gilbench.comparison import Trial, Way
from gilbench.machine import pinnable
from gilbench.model import Status
from gilbench.trials.communication.catalogue import CHANNELS
from gilbench.trials.ways import why_unavailable
from processes import session_of
from waiting import becomes_true

if TYPE_CHECKING:
    from gilbench.studies.comparison.laboratory import HostLaboratory

MS = 1_000_000
FORKS = why_unavailable(Way.FORK) is None
# By one start method each kind of channel, by another those that hand over something of their own.
ONE = Way.FORK if FORKS else Way.SPAWN
OTHERS = [
    (name, way)
    for name, way in (
        ("pipe", Way.SPAWN),
        ("process-queue", Way.FORKSERVER),
        ("process-queue", Way.SPAWN),
        ("process-simple-queue", Way.SPAWN),
        ("shared-memory", Way.SPAWN),
        ("shared-memory-in-place", Way.FORKSERVER),
        ("socketpair", Way.SPAWN),
        ("manager", Way.SPAWN),
    )
    if why_unavailable(way) is None and way is not ONE
]
ALL = [
    (kind.name, way)
    for kind in CHANNELS.values()
    for way in kind.ways
    if (len(kind.ways) == 1 or way is ONE) and kind.ways != (Way.INTERPRETER,)
]
KINDS = [(name, Way.INTERPRETER) for name in ("interpreter-queue", "interpreter-queue-polled")]


def tried(laboratory: HostLaboratory, name: str, way: Way, **told: Any) -> Trial:
    parameters = {"sizes": "64 5000", "laps": 2, "span_ns": MS // 4, "cores": 0, **told}
    return laboratory.trial("communication", name, way, **parameters)


def check(trial: Trial, sizes: tuple[float, ...] = (64, 5000, 64, 5000)) -> None:
    assert trial.status is Status.OK, trial.reason
    assert trial.figures["payload_bytes"] == sizes
    assert {len(series) for series in trial.figures.values()} == {len(sizes)}
    assert all(value > 0 for series in trial.figures.values() for value in series)
    assert all(
        middle <= slow
        for middle, slow in zip(
            trial.figures["trip_p50_ns"], trial.figures["trip_p99_ns"], strict=True
        )
    )


def helpers(laboratory: HostLaboratory) -> list[str]:
    """Return what the host keeps: its zygote, and what multiprocessing keeps for all processes."""
    host: Any = laboratory._host
    others = [process for process in session_of(host) if process.pid != host._process.pid]
    return [" ".join(process.cmdline()) for process in others]


def shared_memory() -> set[str]:
    """Return the names of all shared memory and semaphores; none where they are no files."""
    folder = Path("/dev/shm")
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


@pytest.mark.parametrize(("name", "way"), [*ALL, *OTHERS])
def test_payloads_go_there_and_back(laboratory: HostLaboratory, name: str, way: Way) -> None:
    names = shared_memory()
    check(tried(laboratory, name, way))
    kept = helpers(laboratory)
    assert sum("resource_tracker" not in each and "forkserver" not in each for each in kept) <= 1
    # Others make some too, and take them away.
    new = shared_memory() - names
    assert becomes_true(lambda: not new & shared_memory()), new & shared_memory()


@pytest.mark.parametrize(("name", "way"), KINDS)
def test_interpreters_have_queues_where_the_version_has_them(
    laboratory: HostLaboratory, name: str, way: Way
) -> None:
    trial = tried(laboratory, name, way, laps=1)
    if sys.version_info < (3, 12):
        assert trial.status is Status.UNAVAILABLE
        assert trial.reason == "a GIL for each interpreter needs Python 3.12 or later"
    elif sys.version_info < (3, 14) and name == "interpreter-queue":
        assert trial.status is Status.UNAVAILABLE
        assert trial.reason == "queues that can wait need Python 3.14 or later"
    else:
        check(trial, (64, 5000))


@pytest.mark.skipif(len(pinnable()) < 2, reason="needs two cores that threads can be kept on")
@pytest.mark.parametrize("cores", [1, 2])
@pytest.mark.parametrize(
    ("name", "way"),
    [("simple-queue", Way.THREAD), ("pipe", ONE), ("manager", ONE), ("process-queue", Way.SPAWN)],
)
def test_the_two_sides_can_be_kept_on_cores(
    laboratory: HostLaboratory, name: str, way: Way, cores: int
) -> None:
    check(tried(laboratory, name, way, cores=cores))
    host: Any = laboratory._host
    # And they are let go again: what comes after is not to be kept there.
    assert set(psutil.Process(host._process.pid).cpu_affinity()) == set(pinnable())
    for process in session_of(host):
        assert set(process.cpu_affinity()) == set(pinnable()), process.cmdline()


def test_a_reference_takes_the_same_and_a_pipe_longer_for_more(
    laboratory: HostLaboratory,
) -> None:
    sizes = {"sizes": "64 4194304", "laps": 3, "span_ns": MS}
    grown = {}
    for name, way in (("simple-queue", Way.THREAD), ("pipe", ONE)):
        trips = tried(laboratory, name, way, **sizes).figures["trip_p50_ns"]
        grown[name] = sorted(trips[1::2])[1] / sorted(trips[::2])[1]
    # Of the pipe's 4 MiB each byte is copied four times and more.
    assert grown["simple-queue"] < 5
    assert grown["pipe"] > 10


def test_arrays_are_of_numpy_where_it_is(laboratory: HostLaboratory) -> None:
    trial = tried(laboratory, "array-beside", ONE)
    # It is not imported here: that opens a file for good.
    assert trial.words["arrays"] == f"numpy {version('numpy')}"
