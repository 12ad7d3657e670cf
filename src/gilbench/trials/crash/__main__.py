"""`python -m gilbench.trials.crash`: plays one scene, and mostly dies of it.

Standard output, which those that it starts have too, carries what is said, as JSON Lines. It ends
when all of them have ended.
"""

from __future__ import annotations

import json
import os
import signal
import sys

from gilbench.trials.crash import semaphores
from gilbench.trials.crash.failure import Failure
from gilbench.trials.crash.place import Place, crew
from gilbench.trials.crash.quiet import be_quiet, bound_stack
from gilbench.trials.crash.scene import play

__all__: list[str] = []

_IN_PROCESSES = ("fork", "forkserver", "spawn")


def _say(**words: object) -> None:
    os.write(1, json.dumps(words).encode() + b"\n")


def _main(arguments: list[str]) -> None:
    place, way, failure, folder, limit_ns, owner = arguments
    be_quiet()
    bound_stack()
    if way in _IN_PROCESSES:
        semaphores.name_after(owner)
    try:
        play(crew(Place(place), way), Failure(failure), folder, int(limit_ns), _say)
        _say(ended=True)
    except BaseException as error:  # noqa: BLE001 - all that is wrong with a scene is said
        _say(failed=f"{type(error).__name__}: {error}")
    if way in _IN_PROCESSES:
        _end_processes()
    os._exit(0)


def _end_processes() -> None:
    """End what was started, though not in order: a worker that hangs would be waited for."""
    import multiprocessing
    import shutil
    from multiprocessing import util

    shutil.rmtree(util.get_temp_dir(), ignore_errors=True)
    if semaphores.SWEPT and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    # A pool that sees a worker dead replaces it: from here on no other thread has a turn.
    for child in multiprocessing.active_children():
        child.kill()


if __name__ == "__main__":
    _main(sys.argv[1:])
