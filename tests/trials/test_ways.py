from __future__ import annotations

import json
import multiprocessing
import sys
from pathlib import Path

import pytest

from gilbench.comparison import Way
from gilbench.trials import ways
from gilbench.trials.tried import UnavailableError
from scripts import output_of

# Such workers come from a process of their own: pytest's has threads, which no fork must see.
_SCRIPT = """
import json, os, sys, threading, time
sys.path.insert(0, {folder!r})
from gilbench.comparison import Way
from gilbench.trials import ways

way = Way({way!r})
folder = {folder!r}

def tell(function, *arguments):
    worker = ways.start(way, function, arguments)
    ended = worker.join(30)
    return [ended, worker.pid == os.getpid(), worker.problem]

def hang():
    # Started by the last, so that what it leaves in a thread disturbs nothing.
    worker = ways.start(way, "theirs:sleeps", ({seconds},))
    began = time.monotonic()
    early = worker.join(0.05)
    worker.end()
    killed = worker.join(30)
    return [early, killed, time.monotonic() - began < 0.75 * {seconds}]

def twice():
    begin = ways.starter(way, "os:getpid", bare=True)
    workers = [begin(), begin()]
    for worker in workers:
        worker.wait()
    # Once more: it may be asked again.
    return [(worker.join(0), worker.join(0), worker.problem) for worker in workers]

told = {{
    "twice": twice(),
    "works": tell("theirs:writes", folder + "/note", "hello"),
    "with an object": tell("theirs:writes", folder + "/path", __import__("pathlib").Path("x")),
    "dotted": tell("theirs:Nest.writes", folder + "/nest"),
    "raises": tell("theirs:raises"),
    "lacks": tell("theirs:threads_too"),
    "hangs": hang(),
}}
told["note"] = open(folder + "/note").read()
told["nest"] = open(folder + "/nest").read()
told["threads"] = threading.active_count()
print(json.dumps(told))
"""

_THEIRS = """
import time

def writes(path, text):
    with open(path, "w") as file:
        file.write(str(text))

class Nest:
    @staticmethod
    def writes(path):
        writes(path, "nest")

def raises():
    raise LookupError("not\\n today")

def threads_too():
    import threading
    thread = threading.Thread(target=len, args=("",))
    thread.start()
    thread.join()

def sleeps(seconds):
    time.sleep(seconds)
"""


def _available() -> list[Way]:
    return [way for way in Way if ways.why_unavailable(way) is None]


@pytest.mark.parametrize("way", _available())
def test_a_worker_of_each_way_does_what_it_is_told(way: Way, tmp_path: Path) -> None:
    (tmp_path / "theirs.py").write_text(_THEIRS)
    here = way not in ways.PROCESS_WAYS
    # A thread cannot be killed; it is waited for.
    script = _SCRIPT.format(way=str(way), folder=str(tmp_path), seconds=0.5 if here else 2)
    told = json.loads(output_of_quietly(script))
    assert told["twice"] == [[True, True, None]] * 2
    for what in ("works", "with an object", "dotted", "lacks"):
        assert told[what] == [True, here, None], what
    ended, in_here, problem = told["raises"]
    assert (ended, in_here) == (True, here)
    # 3.12 has no better words for what an interpreter raised.
    expected = ("LookupError", ": not today") if here else ("exited with status 1",)
    assert all(part in problem for part in expected), problem
    assert (told["note"], told["nest"], told["threads"]) == ("hello", "nest", 1)
    early, killed, at_once = told["hangs"]
    assert (early, killed, at_once) == (False, True, not here)


def output_of_quietly(script: str) -> str:
    """What a process that fails says on its standard error is not of interest."""
    quiet = "import os\nos.dup2(os.open(os.devnull, os.O_WRONLY), 2)\n"
    return output_of(quiet + script)


def test_what_is_not_to_be_had_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 11, 9))
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    assert {str(way): ways.why_unavailable(way) for way in Way} == {
        "thread": None,
        "interpreter": "a GIL for each interpreter needs Python 3.12 or later",
        "fork": "win32 has no start method 'fork'",
        "forkserver": "win32 has no start method 'forkserver'",
        "spawn": None,
    }
    for way in (Way.INTERPRETER, Way.FORK):
        with pytest.raises(UnavailableError):
            ways.starter(way, "os:getpid")
    with pytest.raises(UnavailableError):
        ways.context(Way.FORK)
