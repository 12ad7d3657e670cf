"""A process that is started to play one scene, and of which nothing is left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from gilbench.backends.exit_code import describe_exit
from gilbench.trials.crash.sign import look
from gilbench.trials.crash.task import FAILING

if TYPE_CHECKING:
    from gilbench.trials.crash.failure import Failure
    from gilbench.trials.crash.place import Place

__all__ = ["Script", "Seen", "sacrifice"]

_SECONDS_FOR_A_SCENE: Final = 12.0
# These would have it, or its own workers, dump what they were doing.
_TALKATIVE: Final = ("PYTHONFAULTHANDLER", "PYTHONDEVMODE")


@dataclass(frozen=True, kw_only=True)
class Script:
    """What is to be played: who fails, where, how, and how long the caller waits for it."""

    place: Place
    way: str
    failure: Failure
    limit_ns: int


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What was seen of a scene: words and figures as `scene.play` says them.

    `by` is the call that failed, and `ended` is how the whole program ended where it died.
    """

    words: dict[str, str]
    figures: dict[str, float]


def sacrifice(script: Script, owner: str) -> Seen:
    """Return what is seen of one scene, in a process of its own. Raises OSError and RuntimeError.

    `owner` is whose its semaphores are.
    """
    with tempfile.TemporaryDirectory(prefix="crash-", ignore_cleanup_errors=True) as folder:
        said, code = _played(script, folder, owner)
        failed = look(folder, FAILING)
    if "failed" in said:
        raise RuntimeError(f"the scene failed: {said['failed']}")
    if failed is None:
        raise RuntimeError(f"the scene's process {describe_exit(code)} before it should")
    words = {"by": failed.split(maxsplit=2)[2]}
    if said.pop("ended", False):
        pass  # The caller outlived it, and saw all to its end.
    elif said:
        raise RuntimeError(f"the scene's process {describe_exit(code)} after the failure")
    else:
        words |= {"died": "program", "ended": describe_exit(code)}
    figures = {name: float(each) for name, each in said.items() if name.endswith("_ns")}
    words |= {name: str(each) for name, each in said.items() if name not in figures}
    return Seen(words=words, figures=figures)


def _played(script: Script, folder: str, owner: str) -> tuple[dict[str, Any], int]:
    """Return all that a scene said, and how its process ended."""
    process = subprocess.Popen(
        [
            *(sys.executable, *_switches(), "-m", __package__ or ""),
            *(script.place.value, script.way, script.failure.value),
            *(folder, str(script.limit_ns), owner),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: each for name, each in os.environ.items() if name not in _TALKATIVE},
        process_group=None if sys.platform == "win32" else 0,
    )
    assert process.stdout is not None
    too_long: list[bool] = []

    def end_early() -> None:
        too_long.append(True)
        _end(process)

    timer = threading.Timer(_SECONDS_FOR_A_SCENE, end_early)
    timer.start()
    try:
        with process.stdout as pipe:
            lines = pipe.readlines()
    finally:
        timer.cancel()
        # Before it is reaped: then its number may already be another's.
        timer.join()
        _end(process)
        code = process.wait()
    if too_long:
        raise RuntimeError(f"the scene did not end within {_SECONDS_FOR_A_SCENE:g} s")
    said: dict[str, Any] = {}
    for line in lines:
        said |= json.loads(line)
    return said, code


def _switches() -> list[str]:
    """Return with what a scene's Python is started: as ours is, where it matters; and silent."""
    gil = sys._xoptions.get("gil")  # noqa: SLF001 - documented, by this name
    return ["-P", "-Wignore", *([] if gil is None else [f"-Xgil={gil}"])]


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill a scene and all that it started."""
    if sys.platform == "win32":
        process.kill()
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
