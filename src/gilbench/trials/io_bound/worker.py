"""What a worker does, whatever way it was started in: as it is told, over a socket.

It is told a line at a time, and answers each with one. All of them have the same clock, and so can
begin at one moment.
"""

from __future__ import annotations

import json
import socket
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

from gilbench._native.clock import now_ns
from gilbench.errors import InputError
from gilbench.trials.io_bound.refusals import refusals
from gilbench.trials.tried import UnavailableError
from gilbench.workloads.bytecode import make_generator, steps
from gilbench.workloads.io import IO
from gilbench.workloads.io.operation import MissingError
from gilbench.workloads.spec import parse_spec

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench.workloads.io.operation import Operation
    from gilbench.workloads.spec import Spec

__all__ = ["LOOPBACK", "burn", "live", "open_operation", "work"]

LOOPBACK: Final = "127.0.0.1"

_STEPS_AT_A_TIME: Final = 200


def live(port: int, number: int) -> None:
    """Do as the crew that listens on `port` says, until it says no more."""
    with ExitStack() as stack:
        connection = stack.enter_context(socket.create_connection((LOOPBACK, port)))
        told = stack.enter_context(connection.makefile("r", encoding="utf-8"))
        kept: dict[str, Operation] = {}
        answer: dict[str, Any] = {"number": number}
        while True:
            connection.sendall(f"{json.dumps(answer)}\n".encode())
            line = told.readline()
            if not line:
                return
            answer = _answer(json.loads(line), kept, stack)


def open_operation(kind: str, dsn: str | None) -> Operation:
    """Return an operation of that kind, done once. Raises as it does."""
    spec = parse_spec(kind)
    operation = IO[spec.name](spec).open() if dsn is None else _open_postgres(spec, dsn)
    try:
        operation()
    except BaseException:
        operation.close()
        raise
    return operation


def work(operation: Callable[[], int], from_ns: int, until_ns: int) -> dict[str, Any]:
    """Return the fields of the `Reading` of requests from one moment until another: of one, if a
    core or the GIL came too late for more.
    """
    latencies_ns: list[int] = []
    time.sleep(max(0, from_ns - now_ns()) / 1e9)
    cpu_ns = time.thread_time_ns()
    before_ns = now_ns()
    while True:
        operation()
        after_ns = now_ns()
        latencies_ns.append(after_ns - before_ns)
        before_ns = after_ns
        if after_ns >= until_ns:
            break
    return {
        "latencies_ns": latencies_ns,
        "elapsed_ns": before_ns - from_ns,
        "cpu_ns": time.thread_time_ns() - cpu_ns,
    }


def burn(from_ns: int, until_ns: int) -> None:
    """Keep a core busy in bytecode, from one moment until another."""
    number, generator = 1, make_generator()
    time.sleep(max(0, from_ns - now_ns()) / 1e9)
    while now_ns() < until_ns:
        number = steps(number, _STEPS_AT_A_TIME, generator)


def _answer(told: dict[str, Any], kept: dict[str, Operation], stack: ExitStack) -> dict[str, Any]:
    try:
        match told:
            case {"open": kind, "dsn": dsn}:
                if kind not in kept:
                    with refusals(kind):
                        kept[kind] = open_operation(kind, dsn)
                    stack.callback(kept[kind].close)
            case {"close": kind}:
                if kind in kept:
                    kept.pop(kind).close()
            case {"work": kind, "from": from_ns, "until": until_ns}:
                with refusals(kind):
                    return work(kept[kind], from_ns, until_ns)
            case {"burn": _, "from": from_ns, "until": until_ns}:
                burn(from_ns, until_ns)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this worker's answer
        return {"problem": _problem(error), "what": _what(error)}
    return {}


def _open_postgres(spec: Spec, dsn: str) -> Operation:
    # Where it is not asked for, its modules need not be loaded.
    from gilbench.workloads.io.ledger import read_mix
    from gilbench.workloads.io.postgres import open_postgres

    return open_postgres(read_mix(spec)[0], dsn)


def _what(error: Exception) -> str:
    """Return which kind of failure it is: as `FailedReply` has it."""
    refused = isinstance(error, ImportError) and "subinterpreter" in str(error)
    if refused or isinstance(error, MissingError | UnavailableError):
        return "unavailable"
    return "input" if isinstance(error, InputError) else "failed"


def _problem(error: Exception) -> str:
    from gilbench.backends.serving import tell

    told = isinstance(error, InputError | ImportError | UnavailableError)
    return str(error) if told else tell(error)
