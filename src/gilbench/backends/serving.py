"""What runs in a worker that is not this thread: it takes orders and answers with readings."""

from __future__ import annotations

import json
import os
import sys
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gilbench import workloads
from gilbench._native import gate
from gilbench.backends.backend import WorkerFailedError, WorkerRefusedError
from gilbench.backends.memory import map_gate
from gilbench.backends.offspring import keep_from_offspring
from gilbench.errors import InputError
from gilbench.model import Mode, Reading
from gilbench.worker import Order, Task, perform
from gilbench.workloads.workload import MOST_BYTES_KEPT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.connection import Connection

    from gilbench._native.gate import GateCapsule

__all__ = [
    "answer",
    "kept_tasks",
    "live",
    "read_answer",
    "serve",
    "task_of",
    "tell",
    "write_answer",
]


_tasks: Final[dict[tuple[str, int], Task]] = {}


def tell(error: BaseException) -> str:
    """Return one line on an error: where in the user's code it came from, its type and its text."""
    text = " ".join(str(error).split())[:300]
    line = f"{type(error).__name__}: {text}" if text else type(error).__name__
    frames = list(traceback.walk_tb(error.__traceback__))
    if not frames:
        return line
    frame, number = frames[-1]
    if str(frame.f_globals.get("__name__")).partition(".")[0] == "gilbench":
        return line
    return f"{line} ({Path(frame.f_code.co_filename).name}:{number})"


def answer(order: Order, worker: int, entrance: GateCapsule) -> dict[str, object]:
    """Carry out the order. Return the reading, or what went wrong, as plain data."""
    try:
        task = task_of(order, worker)
        reading = perform(task, order, worker, entrance)
    except InterruptedError as error:
        return {"called_off": str(error)}
    except (ImportError, InputError) as error:
        gate.abort(entrance)
        refused = "subinterpreter" in str(error)
        return {"refused" if refused else "failed": tell(error)}
    except BaseException as error:  # noqa: BLE001 - whatever the work raises is this worker's answer
        gate.abort(entrance)
        return {"failed": tell(error)}
    return {"reading": asdict(reading)}


def task_of(order: Order, worker: int) -> Task:
    """Return the worker's task, made by this thread or kept from an earlier sample.

    All workers of one number in this process share it, in whatever backend and mode: where its
    memory happens to lie then moves none of their ratios.
    """
    key = (order.workload, worker)
    task = _tasks.get(key)
    if task is None:
        workload = workloads.find(order.workload)
        task = workload.task()
        if workload.bytes * order.workers <= MOST_BYTES_KEPT:
            _tasks[key] = task
    return task


def kept_tasks(workload: str) -> int:
    """Return how many workers' tasks of a workload this process keeps."""
    return sum(text == workload for text, _ in _tasks)


def read_answer(worker: int, answered: Mapping[str, object]) -> Reading | WorkerFailedError | None:
    """Return the reading, the error, or None for a worker that was called off."""
    if "called_off" in answered:
        return None
    if "refused" in answered:
        return WorkerRefusedError(str(answered["refused"]))
    if "failed" in answered:
        return WorkerFailedError(f"worker {worker}: {answered['failed']}")
    reading = answered["reading"]
    if not isinstance(reading, dict):
        return WorkerFailedError(f"worker {worker} gave an answer that is none")
    return Reading(**reading)


def live(connection: Connection) -> None:
    """Serve, with a connection that nobody inherits: the life of a worker process."""
    keep_from_offspring([connection.fileno()])
    serve(connection)


def serve(connection: Connection) -> None:
    """Map the gate that is named first, and tell; then take orders until the connection ends."""
    here = os.getpid()
    try:
        entrance = map_gate(connection.recv())
        connection.send(here)
        while True:
            order, worker, sys.path[:] = connection.recv()
            answered = answer(order, worker, entrance)
            if os.getpid() != here:
                os._exit(0)  # a child that the user's function forked and did not end
            connection.send(answered)
    except (EOFError, OSError):
        return


def write_answer(order: str, worker: int, address: int, descriptor: int) -> None:
    """Carry out an order given as JSON and write the answer to a pipe: a subinterpreter's part."""
    fields = json.loads(order)
    fields["mode"] = Mode(fields["mode"])
    fields["processors"] = tuple(fields["processors"])
    answered = answer(Order(**fields), worker, gate.at(address))
    with os.fdopen(descriptor, "w", encoding="utf-8") as pipe:
        json.dump(answered, pipe)
