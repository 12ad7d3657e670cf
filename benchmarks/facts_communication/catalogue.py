"""The bare channels, by the names that `facts communication` has for them."""

from __future__ import annotations

import queue
import socket
from typing import TYPE_CHECKING

from connections import array, array_beside, pipe
from interpreter_queues import interpreter_queues
from managers import manager
from queues import queues
from references import reference
from shared_memory import in_place, shared_memory
from sockets import connect_tcp, sockets

from gilbench.comparison import Way
from gilbench.trials.ways import context

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from bare import Bare

BARE: Mapping[str, Callable[[int], AbstractContextManager[Bare]]] = {
    "reference": reference,
    "queue": queues(queue.Queue),
    "simple-queue": queues(queue.SimpleQueue),
    "interpreter-queue": interpreter_queues(polled=False),
    "interpreter-queue-polled": interpreter_queues(polled=True),
    "process-queue": queues(lambda: context(Way.FORK).Queue()),
    "process-simple-queue": queues(lambda: context(Way.FORK).SimpleQueue()),
    "pipe": pipe,
    "array": array,
    "array-beside": array_beside,
    "socketpair": sockets(socket.socketpair),
    "tcp": sockets(connect_tcp),
    "shared-memory": shared_memory,
    "shared-memory-in-place": in_place,
    "manager": manager,
}
