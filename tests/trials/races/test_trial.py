from __future__ import annotations

import errno
import json
import multiprocessing
import sys
import threading
import time
from typing import Any, NoReturn

import pytest

from gilbench.comparison import Way
from gilbench.errors import InputError
from gilbench.machine import cores, gil_enabled
from gilbench.trials import blocks, find, ways
from gilbench.trials.races import interpreters, perform
from gilbench.trials.races.forms import OF_MEMORY, OF_THREADS, Form
from gilbench.trials.tried import Tried, UnavailableError
from scripts import output_of

MS = 1_000_000
PLAIN = ("global", "attribute", "item", "array", "append")
CALLING = ("call", "convert", "property", "number")
SAFE = ("lock", "atomic", "message")

# Workers that are processes come from one of their own: pytest's has threads, which no fork must
# see. That nothing is left by name, the resource tracker says on standard error, which must be
# empty.
SCRIPT = """
import json, multiprocessing, os, sys, tempfile, threading
tempfile.tempdir = {folder!r}
from gilbench.comparison import Way
from gilbench.trials.races import perform

tried = perform("race", Way({way!r}), {parameters!r}, 5)
print(json.dumps({{
    "figures": tried.figures,
    "words": tried.words,
    "threads": threading.active_count(),
    "children": len(multiprocessing.active_children()),
    "files": [name for name in os.listdir({folder!r}) if not name.startswith("pymp-")],
}}))
"""


def parameters(forms: str, *, laps: int = 1, span_ns: int = 4 * MS, switch_ns: int = 0) -> Any:
    return {"forms": forms, "laps": laps, "span_ns": span_ns, "switch_ns": switch_ns}


def race_threads(forms: str, seed: int = 5, **told: int) -> Tried:
    return perform("race", Way.THREAD, parameters(forms, **told), seed)


def lost(tried: Tried, form: str) -> float:
    return sum(tried.figures[f"{form}_lost"])


def test_it_is_found_by_its_row() -> None:
    assert find("races") is perform


def test_threads_race_in_every_form() -> None:
    before = threading.active_count(), sys.getswitchinterval()
    tried = race_threads(" ".join(OF_THREADS), laps=2)
    assert set(tried.figures) == {
        f"{form}_{figure}" for form in OF_THREADS for figure in ("made", "lost", "update_ns")
    }
    assert tried.words == {"gil": "on" if gil_enabled() else "off"}
    for form in OF_THREADS:
        made, kept_not, took = (
            tried.figures[f"{form}_{figure}"] for figure in ("made", "lost", "update_ns")
        )
        assert len(made) == len(kept_not) == len(took) == 2
        assert all(0 <= few < all_ for few, all_ in zip(kept_not, made, strict=True)), form
        # No update takes less than a nanosecond, nor does the race end before its time.
        assert all(ns > 1 and ns * all_ >= 4 * MS for ns, all_ in zip(took, made, strict=True))
    for form in (*SAFE, "append"):
        assert lost(tried, form) == 0, form
    assert (threading.active_count(), sys.getswitchinterval()) == before


@pytest.mark.skipif(not gil_enabled(), reason="there is no GIL")
def test_with_a_gil_only_what_calls_something_loses() -> None:
    # A switch in the wrong place takes a while to come.
    for _ in range(10):
        tried = race_threads(" ".join(PLAIN + CALLING), span_ns=20 * MS)
        assert [form for form in PLAIN if lost(tried, form)] == []
        losing = [form for form in CALLING if lost(tried, form)]
        if losing:
            return
    pytest.fail("no form lost anything")


@pytest.mark.skipif(gil_enabled() or cores() < 2, reason="threads do not run side by side")
def test_without_a_gil_every_update_in_place_loses() -> None:
    tried = race_threads(" ".join(PLAIN), laps=10)
    assert [form for form in PLAIN if not lost(tried, form)] == ["append"]


@pytest.mark.parametrize(("asked_ns", "told_ns"), [(1000, 1000), (0, 5_000_000)])
def test_threads_race_with_the_switch_interval_asked_for(
    asked_ns: int, told_ns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = Form(
        statement="seen.add(getswitchinterval())",
        setup="from sys import getswitchinterval\nseen = set()",
        kept="sum(round(1e9 * each) for each in seen)",
    )
    monkeypatch.setitem(OF_THREADS, "ask", form)  # type: ignore[arg-type]
    before = sys.getswitchinterval()
    assert before == pytest.approx(0.005)
    tried = race_threads("ask", switch_ns=asked_ns)
    (made,), (kept_not,) = tried.figures["ask_made"], tried.figures["ask_lost"]
    assert made - kept_not == told_ns
    assert sys.getswitchinterval() == before


def test_laps_have_all_forms_in_an_order_that_the_seed_gives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[list[str]] = []

    def race(course: list[str], span_ns: int, switch_ns: int | None) -> list[Any]:
        seen.append(course)
        return []

    monkeypatch.setattr("gilbench.trials.races.threads.race", race)
    for seed in (1, 1, 2):
        race_threads("call lock atomic item", seed, laps=3)
    first, again, other = seen
    assert first == again != other
    laps = [sorted(first[start : start + 4]) for start in (0, 4, 8)]
    assert laps == [["atomic", "call", "item", "lock"]] * 3
    assert len({tuple(first[start : start + 4]) for start in (0, 4, 8)}) > 1


def forms_here(way: Way) -> list[str]:
    if way is Way.INTERPRETER:
        return [form for form in OF_MEMORY if form not in {"raw", "value"}]
    return [form for form in OF_MEMORY if form != "view"]


@pytest.mark.parametrize("way", [way for way in Way if way is not Way.THREAD])
def test_the_others_race_for_memory_that_they_share(way: Way, tmp_path: Any) -> None:
    reason = ways.why_unavailable(way)
    asked = parameters(" ".join(forms_here(way)), laps=4)
    if reason is not None:
        with pytest.raises(UnavailableError, match=reason):
            perform("race", way, asked, 5)
        return
    script = SCRIPT.format(way=str(way), parameters=asked, folder=str(tmp_path))
    told = json.loads(output_of(script))
    assert (told["threads"], told["children"], told["files"]) == (1, 0, [])
    lacking = interpreters.lacking() if way is Way.INTERPRETER else {}
    gil = {"gil": "on" if gil_enabled() else "off"}
    assert told["words"] == {**lacking, **gil}
    figures = told["figures"]
    assert {name.partition("_")[0] for name in figures} == {*forms_here(way)} - {*lacking}
    for form in {*forms_here(way)} - {*lacking}:
        assert len(figures[f"{form}_made"]) == 4
        assert all(figures[f"{form}_made"])
        if form in SAFE:
            assert figures[f"{form}_lost"] == [0] * 4, form
        elif cores() > 1:
            assert any(figures[f"{form}_lost"]), form
            # Whole batches, which one worker's all are, would say that each had memory of its own.
            assert any(count % 500 for count in figures[f"{form}_lost"]), form


def test_a_worker_that_fails_is_told_and_the_other_does_not_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(OF_THREADS, "bad", Form(statement="x += 1 / 0"))  # type: ignore[arg-type]
    began = time.monotonic()
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        race_threads("bad message", laps=3)
    assert time.monotonic() - began < 10


_FAILING = """
import os, sys, time
os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
from gilbench.comparison import Way
from gilbench.trials.races import perform
from gilbench.trials.races.forms import OF_MEMORY, Form
OF_MEMORY["bad"] = Form(statement=sys.argv[1], setup="", kept="0")
began = time.monotonic()
try:
    told = {"forms": "bad message", "laps": 3, "span_ns": 1000000, "switch_ns": 0}
    perform("race", Way.FORK, told, 5)
except RuntimeError as error:
    print(error, time.monotonic() - began < 10)
"""


@pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="there is no fork"
)
@pytest.mark.parametrize(
    ("statement", "ended"),
    [
        ("1 / 0", "exited with status 1"),
        ("__import__('os')._exit(3)", "exited with status 3"),
    ],
)
def test_a_process_that_fails_is_told_and_the_other_does_not_wait(
    statement: str, ended: str
) -> None:
    script = f"import sys\nsys.argv[1:] = [{statement!r}]\n{_FAILING}"
    assert output_of(script) == f"its process {ended} True\n"


def test_what_is_not_to_be_had_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways, "why_unavailable", lambda way: f"no {way}")
    with pytest.raises(UnavailableError, match="no spawn"):
        perform("race", Way.SPAWN, parameters("cell"), 1)


def test_without_room_in_shared_memory_processes_do_not_race(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(blocks, "shared_left", lambda: 0)
    with pytest.raises(UnavailableError, match="^no shared memory: 0 KiB of it are left$"):
        perform("race", Way.SPAWN, parameters("cell"), 1)


def refuse(*_: object) -> NoReturn:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_without_semaphores_processes_do_not_race(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multiprocessing.get_context("spawn"), "Lock", refuse)
    with pytest.raises(UnavailableError, match="^no shared memory: No space left on device$"):
        perform("race", Way.SPAWN, parameters("cell"), 1)


@pytest.mark.skipif(sys.platform == "win32", reason="it has none that have names")
def test_without_semaphores_subinterpreters_race_without_a_lock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "lock" not in interpreters.lacking()
    monkeypatch.setattr(multiprocessing.get_context("spawn"), "Lock", refuse)
    assert interpreters.lacking()["lock"] == "no shared memory: No space left on device"


def test_forms_that_this_python_lacks_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways, "why_unavailable", lambda _: None)
    monkeypatch.setattr(sys, "version_info", (3, 13, 0))
    monkeypatch.setattr(sys, "platform", "win32")
    tried = perform("race", Way.INTERPRETER, parameters("view lock message"), 1)
    assert tried.figures == {}
    assert tried.words == {
        "view": "handing over a memoryview needs Python 3.14 or later",
        "lock": "a semaphore has no name here by which another interpreter could open it",
        "message": "queues between interpreters need Python 3.14 or later",
        "gil": "on" if gil_enabled() else "off",
    }


@pytest.mark.parametrize(
    ("name", "way", "form", "message"),
    [
        ("start", Way.THREAD, "call", "no trial 'start' of thread"),
        ("race", None, "call", "no trial 'race' of None"),
        ("race", Way.THREAD, "cell", "no form 'cell' for thread; there are global, attribute"),
        ("race", Way.SPAWN, "call", "no form 'call' for spawn; there are cell, view, raw"),
    ],
)
def test_what_is_unknown_is_refused(name: str, way: Way | None, form: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        perform(name, way, parameters(form), 1)
