"""A scene: one worker fails beside another that is at work, and their caller looks what becomes.

The caller tells each thing as soon as it knows it, since it may be dead the next moment.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, TypeAlias

from gilbench._native import clock
from gilbench.trials.crash import task
from gilbench.trials.crash.crew import DONE, Crew, Pending
from gilbench.trials.crash.failure import BYTES_WANTED, Failure
from gilbench.trials.crash.sign import await_sign, give, look

__all__ = ["Say", "play"]

Say: TypeAlias = Callable[..., None]
"""Tells what it is given by name to whoever had the scene played."""

# For what takes its time, but is sure to come: a worker's start, the others' results.
_SECONDS_OF_PATIENCE: Final = 5.0
_SECONDS_BETWEEN_LOOKS: Final = 0.02
# How long a crew that is broken may take to end its workers.
_SECONDS_TO_CLEAR: Final = 1.0
_TASKS_IN_QUEUE: Final = 2


def play(crew: Crew, failure: Failure, folder: str, limit_ns: int, say: Say) -> None:
    """Play it, with the workers' signs in `folder`. The caller waits `limit_ns` for the failure.

    Says what the caller was `told` of it, and after how long, `knew_ns`: not where it was told that
    all was done; `hung` where it was told nothing; what became of the tasks `running` and `queued`:
    done, lost or hung; whether a pool `goes_on`, which is to say does a new task; who `died`:
    nobody, the worker, or with it all workers; and `killed_ns`, how long it took to end a worker
    that hangs.
    """
    caller = _Caller(crew, folder, BYTES_WANTED if failure is Failure.MEMORY else 0)
    running = caller.give(task.neighbour, "running")
    neighbour = await_sign(folder, task.RUNNING, _SECONDS_OF_PATIENCE)
    failing = crew.submit(task.fail, folder, failure.value)
    names = [f"queued-{number}" for number in range(_TASKS_IN_QUEUE if crew.queues else 0)]
    queued = [caller.give(task.small, name) for name in names]
    give(folder, task.GO, "go")
    told = _await_failure(failing, folder, limit_ns, say)
    give(folder, task.OVER, "over")

    became = caller.fate(running, "running")
    say(running=became)
    if queued:
        say(queued=_worst([caller.fate(*each) for each in zip(queued, names, strict=True)]))
    if told is None and failing.wait(0) is not None:
        # Late, but not never: nobody would have waited for ever.
        say(knew_ns=clock.now_ns() - _failed_at_ns(folder), told="late")
    if failure is not Failure.HANG:
        # Its error, which it would keep, may keep what the worker had.
        del failing
    patience = 0.0
    if crew.queues:
        goes_on = caller.goes_on()
        say(goes_on=goes_on)
        patience = 0.0 if goes_on == "yes" else _SECONDS_TO_CLEAR
    if not _ends(crew, _worker(folder), patience):
        say(died="nobody")
    elif became == "lost" and _ends(crew, neighbour, patience):
        say(died="workers")
    else:
        say(died="worker")
    if failure is Failure.HANG:
        _kill(failing, say)


class _Caller:
    """Gives tasks to a crew, each with so much memory."""

    def __init__(self, crew: Crew, folder: str, bytes_wanted: int) -> None:
        self._crew = crew
        self._folder = folder
        self._bytes_wanted = bytes_wanted

    def give(self, function: Callable[..., object], name: str) -> Pending:
        return self._crew.submit(function, self._folder, self._bytes_wanted, name)

    def fate(self, pending: Pending, name: str) -> str:
        """Return what became of a task: also where its caller is told so, it may not be done."""
        told = pending.wait(_SECONDS_OF_PATIENCE)
        if told is None:
            return "hung"
        return DONE if told == DONE and task.did(self._folder, name) else "lost"

    def goes_on(self) -> str:
        """Return whether a new task is done, and else what the caller is told instead."""
        try:
            became = self.fate(self.give(task.small, "new"), "new")
        except Exception as error:  # noqa: BLE001 - whatever a crew says that takes no more
            return type(error).__name__
        return "yes" if became == DONE else became


def _await_failure(failing: Pending, folder: str, limit_ns: int, say: Say) -> str | None:
    """Return what the caller was told of the failure, or null where that was nothing."""
    give_up_ns = clock.now_ns() + round(_SECONDS_OF_PATIENCE * 1e9)
    while True:
        told = failing.wait(_SECONDS_BETWEEN_LOOKS)
        now_ns = clock.now_ns()
        failed = look(folder, task.FAILING) is not None
        if told is not None and not failed:
            raise RuntimeError(f"the worker failed before it should: {told}")
        if told is not None:
            _say_told(told, now_ns - _failed_at_ns(folder), folder, say)
            return told
        if failed and now_ns - _failed_at_ns(folder) > limit_ns:
            say(hung=True)
            return None
        if not failed and now_ns > give_up_ns:
            raise TimeoutError("the worker did not come to its failure")


def _say_told(told: str, after_ns: int, folder: str, say: Say) -> None:
    if look(folder, task.SURVIVED) is not None:
        raise RuntimeError("what should have been fatal was not")
    if told == DONE:
        say(told=told)
    else:
        say(told=told, knew_ns=after_ns)


def _failed_at_ns(folder: str) -> int:
    return int((look(folder, task.FAILING) or "").split()[0])


def _worker(folder: str) -> str:
    return (look(folder, task.FAILING) or "").split()[1]


def _worst(fates: list[str]) -> str:
    return next((fate for fate in ("hung", "lost") if fate in fates), DONE)


def _kill(failing: Pending, say: Say) -> None:
    began_ns = clock.now_ns()
    if failing.kill() and failing.wait(_SECONDS_OF_PATIENCE) is not None:
        say(killed_ns=clock.now_ns() - began_ns)


def _ends(crew: Crew, worker: str, seconds: float) -> bool:
    """Return whether a worker has ended, or does so within so many seconds."""
    give_up = time.monotonic() + seconds
    while crew.lives(worker):
        if time.monotonic() > give_up:
            return False
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    return True
