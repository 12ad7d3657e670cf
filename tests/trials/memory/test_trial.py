"""What the system does with memory, by real workers: bounds are wide, and some are laws."""

from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gilbench.comparison import Parameter, Trial, Way
from gilbench.errors import InputError
from gilbench.model import Status
from gilbench.trials import blocks, find, ways
from gilbench.trials.memory import array, cost, perform, reading, sight
from gilbench.trials.tried import UnavailableError
from processes import descriptors
from scripts import output_of

if TYPE_CHECKING:
    from gilbench.studies.comparison.laboratory import HostLaboratory

KIB, MIB = 2**10, 2**20

AVAILABLE = [way for way in Way if ways.why_unavailable(way) is None]
HERE = [way for way in AVAILABLE if way not in ways.PROCESS_WAYS]

tells_all = pytest.mark.skipif(
    not Path("/proc/self/smaps_rollup").exists(), reason="this system does not tell so much"
)
forks = pytest.mark.skipif(Way.FORK not in AVAILABLE, reason="there is no fork")


def tried(laboratory: HostLaboratory, name: str, way: Way, **parameters: Parameter) -> Trial:
    trial = laboratory.trial("memory", name, way, **parameters)
    assert trial.status is Status.OK, trial.reason
    return trial


def test_it_is_found_by_its_row() -> None:
    assert find("memory") is perform
    with pytest.raises(ValueError, match="no trial 'sums'"):
        perform("sums", Way.THREAD, {}, 0)


@pytest.mark.parametrize("way", [Way.INTERPRETER, Way.FORK])
@pytest.mark.parametrize("name", ["cost", "copying", "array", "sight"])
def test_a_way_that_is_not_to_be_had_is_said(
    way: Way, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 11, 9))
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    monkeypatch.setattr(array, "shared_left", lambda: None)
    files = descriptors()
    with pytest.raises(UnavailableError, match="needs Python 3.12|has no start method 'fork'"):
        perform(name, way, {"workers": 2, "bytes": MIB}, 0)
    assert descriptors() == files


@tells_all
@pytest.mark.parametrize("way", AVAILABLE)
def test_each_further_worker_costs_what_it_must(way: Way, laboratory: HostLaboratory) -> None:
    trial = tried(laboratory, "cost", way, workers=3)
    assert trial.words == {}
    uss, pss, rss = (trial.figures[f"{size}_bytes"] for size in ("uss", "pss", "rss"))
    assert len(uss) == len(pss) == len(rss) == 3
    if way is Way.THREAD:
        assert uss[2] - uss[0] < MIB
        return
    # No interpreter, and no process with one, comes with less.
    assert uss[2] - uss[1] > 512 * KIB
    assert pss[2] - pss[1] > 512 * KIB
    if way in ways.PROCESS_WAYS:
        assert uss[2] < rss[2]
        # What is shared counts in full with each.
        assert rss[2] / 3 == pytest.approx(rss[0], rel=0.1)
        assert rss[2] - rss[1] > uss[2] - uss[1]


@pytest.fixture
def heavy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module of two MiB, on the path of hosts started from now on."""
    (tmp_path / "heavily_imported.py").write_text("kept = bytearray(b'x') * (2 << 20)\n")
    monkeypatch.syspath_prepend(tmp_path)
    return "heavily_imported"


def further(laboratory: HostLaboratory, way: Way, **parameters: Parameter) -> float:
    """What the second of two workers takes, in a process of its own."""
    trial = laboratory.trial("memory", "cost", way, fresh=True, workers=2, **parameters)
    first, second = trial.figures["uss_bytes"]
    return second - first


@tells_all
@pytest.mark.parametrize("way", AVAILABLE)
def test_imports_cost_each_process_and_interpreter(
    way: Way, heavy: str, laboratory: HostLaboratory
) -> None:
    imported = further(laboratory, way, imports=heavy) - further(laboratory, way)
    if way is Way.THREAD:
        assert imported < MIB
    else:
        assert MIB < imported < 5 * MIB


@tells_all
@forks
def test_what_the_parent_imports_before_the_fork_is_shared(
    heavy: str, laboratory: HostLaboratory
) -> None:
    after = further(laboratory, Way.FORK, imports=heavy)
    before = further(laboratory, Way.FORK, imports=heavy, before=True)
    assert before < after - MIB


def test_a_module_that_cannot_be_imported_is_the_users_to_mend(laboratory: HostLaboratory) -> None:
    with pytest.raises(InputError, match="^'nowhere' cannot be imported: there is no such module$"):
        laboratory.trial("memory", "imports", None, imports="json,nowhere")
    with pytest.raises(InputError, match="^nowhere cannot be imported: ModuleNotFoundError: No mo"):
        laboratory.trial("memory", "cost", AVAILABLE[-1], workers=1, imports="nowhere")
    trial = laboratory.trial("memory", "imports", None, imports="json")
    assert trial.figures["import_ns"][0] > 0


@pytest.mark.skipif(Way.INTERPRETER not in AVAILABLE, reason="there are no subinterpreters")
def test_a_module_that_a_subinterpreter_refuses_is_unavailable_there(
    laboratory: HostLaboratory,
) -> None:
    trial = laboratory.trial(
        "memory", "cost", Way.INTERPRETER, workers=1, imports="_testsinglephase"
    )
    assert trial.status is Status.UNAVAILABLE
    assert trial.reason is not None
    assert "_testsinglephase" in trial.reason


@pytest.mark.parametrize("way", HERE)
def test_where_memory_is_short_it_stops_and_says_so(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cost, "memory_left", lambda: 70 * MIB)
    monkeypatch.setattr(cost, "own", lambda: reading.Reading(rss=20 * MIB, uss=20 * MIB))
    found = cost.cost(way, 5, (), before=False)
    assert found.figures["rss_bytes"] == (20 * MIB,)
    assert found.words["short"] == "70 MiB of memory was left after 1 workers"


def test_what_a_system_does_not_tell_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost, "own", lambda: reading.Reading(rss=20 * MIB))
    monkeypatch.setattr(sys, "platform", "darwin")
    found = cost.cost(Way.THREAD, 2, (), before=False)
    assert found.figures == {"rss_bytes": (20 * MIB,) * 2}
    assert found.words == {"no_pss": "macOS does not tell proportional sizes (PSS)"}


@tells_all
@forks
def test_a_fork_shares_objects_until_they_are_looked_at(laboratory: HostLaboratory) -> None:
    trial = tried(laboratory, "copying", Way.FORK, bytes=16 * MIB)
    objects = trial.figures["objects_bytes"][0]
    assert 8 * MIB < objects < 32 * MIB

    def share(name: str) -> float:
        return (trial.figures[name][0] - trial.figures["base_uss_bytes"][0]) / objects

    for start in ("walk_start_uss_bytes", "collect_start_frozen_uss_bytes"):
        assert share(start) < 0.1
    assert share("walk_uss_bytes") > 0.5
    assert share("walk_frozen_uss_bytes") > 0.5
    assert share("collect_uss_bytes") > 0.3
    assert share("collect_frozen_uss_bytes") < 0.1


@tells_all
@pytest.mark.parametrize("way", AVAILABLE)
def test_an_array_is_shared_where_it_is_mapped(way: Way, laboratory: HostLaboratory) -> None:
    trial = tried(laboratory, "array", way, bytes=8 * MIB)
    plain = trial.figures["plain_uss_bytes"][0]
    if way in {Way.THREAD, Way.FORK}:
        assert plain < MIB
    else:
        assert 7.5 * MIB < plain < 10 * MIB
    if way is Way.INTERPRETER and sys.version_info < (3, 13):
        assert "needs Python 3.13 or later" in trial.words["no_block"]
    else:
        # With what `multiprocessing.shared_memory` itself takes.
        assert trial.figures["shared_uss_bytes"][0] < 5 * MIB


@pytest.mark.parametrize("way", AVAILABLE)
def test_threads_see_one_memory_and_others_do_not(way: Way, laboratory: HostLaboratory) -> None:
    trial = tried(laboratory, "sight", way)
    (notes,) = trial.figures["notes"]
    expected = notes if way is Way.THREAD else 0
    assert notes == 8
    assert trial.figures["worker_seen"] == trial.figures["parent_seen"] == (expected,)
    if way is Way.INTERPRETER and sys.version_info < (3, 13):
        assert "needs Python 3.13 or later" in trial.words["no_block"]
    else:
        assert trial.figures["block_seen"] == (notes,)


@pytest.fixture
def no_shared_memory(monkeypatch: pytest.MonkeyPatch) -> str:
    """Have none left, in this process; what is said of it."""
    for module in (blocks, array):
        monkeypatch.setattr(module, "shared_left", lambda: 0)
    return "no shared memory: 0 KiB of it are left"


def test_without_shared_memory_it_is_seen_nevertheless_whether_it_is_one_memory(
    no_shared_memory: str,
) -> None:
    found = sight.sight(Way.THREAD)
    assert found.figures == dict.fromkeys(("notes", "worker_seen", "parent_seen"), (8,))
    assert found.words == {"no_block": no_shared_memory}


def test_without_shared_memory_an_array_is_handed_over_nevertheless(
    no_shared_memory: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(array, "own", lambda: reading.Reading(rss=1, pss=1, uss=1))
    found = array.array(Way.THREAD, MIB)
    assert found.figures == {"bytes": (MIB,), "plain_uss_bytes": (0,)}
    assert found.words == {"no_block": no_shared_memory}


def test_a_smaller_array_is_tried_where_shared_memory_is_small() -> None:
    # In a process of its own, which the tracker of shared memory ends with.
    script = """
from gilbench.comparison import Way
from gilbench.trials.memory import array, reading, room
array.shared_left = lambda: 3 << 20
room.memory_left = lambda: None
array.own = lambda: reading.Reading(rss=1, pss=1, uss=1)
found = array.array(Way.THREAD, 8 << 20)
print(found.figures["bytes"], found.words["short"])
"""
    assert output_of(script).split(maxsplit=1) == [
        f"({2 * MIB},)",
        "2 MiB in place of 8 MiB: no more memory was left\n",
    ]


def test_without_sizes_an_array_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(array, "own", lambda: reading.Reading(rss=1))
    with pytest.raises(UnavailableError):
        array.array(Way.THREAD, MIB)
