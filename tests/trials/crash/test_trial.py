from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path
from typing import Any

import pytest

from gilbench.comparison import Way
from gilbench.errors import InputError
from gilbench.trials import find
from gilbench.trials.crash.failure import Failure
from gilbench.trials.crash.place import Place
from gilbench.trials.tried import UnavailableError

if sys.platform == "win32":
    pytest.skip("these signals are POSIX's", allow_module_level=True)

METHODS = multiprocessing.get_all_start_methods()
MS = 1_000_000
LIMIT_NS = 400 * MS


def played(place: Place, way: Way, *failures: Failure, limit_ns: int = LIMIT_NS) -> dict[str, Any]:
    """Return what was seen, by failure; no figure counts here but that there is one."""
    asked = {"failures": " ".join(failures), "limit_ns": limit_ns}
    tried = find("crash")(place, way, asked, 7)
    seen: dict[str, Any] = {each.value: {} for each in failures}
    for key, word in tried.words.items():
        failure, _, what = key.partition(".")
        seen[failure][what] = word
    for key, (figure,) in tried.figures.items():
        failure, _, what = key.partition(".")
        seen[failure][what] = 0 < figure < 10_000 * MS
    return seen


def test_a_thread_that_crashes_takes_the_program_along(stage: Path) -> None:
    seen = played(Place.WORKER, Way.THREAD, Failure.NULL_READ, Failure.EXCEPTION)
    assert seen["null-read"] == {
        "by": "fault.null_read()",
        "died": "program",
        "ended": "was killed by SIGSEGV",
    }
    assert seen["exception"] == {
        "by": "raise ValueError",
        "told": "ended without an answer",
        "knew_ns": True,
        "running": "done",
        "died": "worker",
    }


@pytest.mark.slow
@pytest.mark.skipif(sys.version_info < (3, 12), reason="there are no own-GIL interpreters")
def test_so_does_a_subinterpreter(stage: Path) -> None:
    seen = played(Place.WORKER, Way.INTERPRETER, Failure.KILL, Failure.SYSTEM_EXIT)
    assert seen["kill"]["died"] == "program"
    assert seen["kill"]["ended"] == "was killed by SIGKILL"
    assert seen["system-exit"]["died"] == "nobody"
    assert seen["system-exit"]["running"] == "done"


@pytest.mark.parametrize("method", METHODS)
def test_a_process_dies_alone(stage: Path, method: str) -> None:
    seen = played(Place.WORKER, Way(method), Failure.NULL_READ, Failure.HANG, limit_ns=100 * MS)
    assert seen["null-read"] == {
        "by": "fault.null_read()",
        "told": "exit code -11",
        "knew_ns": True,
        "running": "done",
        "died": "worker",
    }
    assert seen["hang"] == {
        "by": "a wait without end",
        "hung": "True",
        "running": "done",
        "died": "nobody",
        "killed_ns": True,
    }


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_a_process_pool_breaks(stage: Path, method: str) -> None:
    seen = played(Place.PROCESS_POOL, Way(method), Failure.KILL, Failure.SYSTEM_EXIT)
    assert seen["kill"] == {
        "by": "os.kill(os.getpid(), SIGKILL)",
        "told": "BrokenProcessPool",
        "knew_ns": True,
        "running": "lost",
        "queued": "lost",
        "goes_on": "BrokenProcessPool",
        "died": "workers",
    }
    assert seen["system-exit"]["told"] == "SystemExit"
    assert (seen["system-exit"]["queued"], seen["system-exit"]["died"]) == ("done", "nobody")


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_the_pool_of_multiprocessing_says_nothing_and_goes_on(stage: Path, method: str) -> None:
    seen = played(Place.POOL, Way(method), Failure.EXIT, Failure.EXCEPTION)
    assert seen["exit"] == {
        "by": "os._exit(3)",
        "hung": "True",
        "running": "done",
        "queued": "done",
        "goes_on": "yes",
        "died": "worker",
    }
    assert seen["exception"]["told"] == "ValueError"


@pytest.mark.slow
def test_threads_of_a_pool_lose_what_they_need_memory_for(stage: Path) -> None:
    failures = (Failure.MEMORY, Failure.OVERFLOW, Failure.ABORT)
    seen = played(Place.THREAD_POOL, Way.THREAD, *failures)
    assert seen["overflow"]["ended"] == "was killed by SIGSEGV"
    assert seen["abort"]["ended"] == "was killed by SIGABRT"
    if sys.platform != "linux":
        assert set(seen["memory"]) == {"unavailable"}
        return
    assert seen["memory"]["told"] == "MemoryError"
    assert (seen["memory"]["running"], seen["memory"]["queued"]) == ("lost", "lost")
    assert seen["memory"]["died"] == "nobody"


@pytest.mark.slow
def test_a_process_runs_out_of_memory_alone(stage: Path) -> None:
    seen = played(Place.WORKER, Way.SPAWN, Failure.MEMORY, Failure.OVERFLOW)
    assert seen["overflow"]["told"] == "exit code -11"
    if sys.platform != "linux":
        assert set(seen["memory"]) == {"unavailable"}
        return
    assert seen["memory"]["told"] == "exit code 1"
    assert (seen["memory"]["running"], seen["memory"]["died"]) == ("done", "worker")


@pytest.mark.skipif(sys.version_info < (3, 14), reason="there is no InterpreterPoolExecutor")
@pytest.mark.slow
def test_a_pool_of_interpreters_dies_as_a_whole(stage: Path) -> None:
    seen = played(Place.INTERPRETER_POOL, Way.INTERPRETER, Failure.NULL_READ, Failure.EXCEPTION)
    assert seen["null-read"]["died"] == "program"
    assert seen["exception"]["told"] == "ValueError"
    assert (seen["exception"]["running"], seen["exception"]["queued"]) == ("done", "done")


@pytest.mark.slow
def test_a_scene_that_takes_too_long_is_ended_whole(
    stage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gilbench.trials.crash.sacrifice._SECONDS_FOR_A_SCENE", 1.0)
    seen = played(Place.PROCESS_POOL, Way.SPAWN, Failure.HANG, limit_ns=60_000 * MS)
    assert seen["hang"] == {"failed": "the scene did not end within 1 s"}


def test_a_scene_that_cannot_be_played_says_why(
    stage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gilbench.trials.crash.sacrifice._switches", lambda: ["-I", "-S"])
    seen = played(Place.WORKER, Way.THREAD, Failure.EXCEPTION)
    assert seen["exception"] == {
        "failed": "the scene's process exited with status 1 before it should"
    }


def test_what_is_not_to_be_had_is_told() -> None:
    asked = {"failures": "kill", "limit_ns": LIMIT_NS}
    if sys.version_info < (3, 14):
        with pytest.raises(UnavailableError, match="needs Python 3"):
            find("crash")(Place.INTERPRETER_POOL, Way.INTERPRETER, asked, 7)
    with pytest.raises(InputError, match="no workers of the way thread in 'nowhere'"):
        find("crash")("nowhere", Way.THREAD, asked, 7)
    with pytest.raises(InputError, match="no workers of the way None"):
        find("crash")("worker", None, asked, 7)
