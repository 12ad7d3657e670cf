"""The channels that there are, by name. A new one is an entry here."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

from gilbench.comparison import Way
from gilbench.trials.ways import PROCESS_WAYS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gilbench.trials.communication.channel import Channel

__all__ = ["CHANNELS", "Kind"]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of channel: its name, what people call it, and the ways of workers that it joins.

    `copies`: each side has data of its own; else both look at the same. `home` is the function that
    makes one, from the way and the size of the largest payload, as `module:name`. `sleeps`: who
    waits for a payload sleeps between two looks, and is not woken by it.
    """

    name: str
    label: str
    ways: tuple[Way, ...]
    home: str
    copies: bool = True
    sleeps: bool = False

    def open(self, way: Way, largest: int) -> Channel:
        """Return such a channel. Raises UnavailableError, and OSError where there is no room."""
        # What one channel needs must not be loaded with another's: a subinterpreter is particular.
        module, _, name = self.home.partition(":")
        make = cast(
            "Callable[[Way, int], Channel]",
            getattr(import_module(f"gilbench.trials.communication.{module}"), name),
        )
        return make(way, largest)


_THREAD: Final = (Way.THREAD,)
_INTERPRETER: Final = (Way.INTERPRETER,)

CHANNELS: Final[Mapping[str, Kind]] = {
    kind.name: kind
    for kind in (
        Kind(
            name="reference",
            label="a reference and two locks",
            ways=_THREAD,
            home="references:open_reference",
            copies=False,
        ),
        Kind(
            name="queue",
            label="queue.Queue",
            ways=_THREAD,
            home="references:open_queue",
            copies=False,
        ),
        Kind(
            name="simple-queue",
            label="queue.SimpleQueue",
            ways=_THREAD,
            home="references:open_simple_queue",
            copies=False,
        ),
        Kind(
            name="interpreter-queue",
            label="interpreters.Queue",
            ways=_INTERPRETER,
            home="interpreters:open_interpreter_queue",
            sleeps=True,
        ),
        Kind(
            name="interpreter-queue-polled",
            label="polled interpreters' queue",
            ways=_INTERPRETER,
            home="interpreters:open_polled_queue",
        ),
        Kind(
            name="process-queue",
            label="multiprocessing.Queue",
            ways=PROCESS_WAYS,
            home="process_queues:open_process_queue",
        ),
        Kind(
            name="process-simple-queue",
            label="multiprocessing.SimpleQueue",
            ways=PROCESS_WAYS,
            home="process_queues:open_process_simple_queue",
        ),
        Kind(
            name="pipe",
            label="multiprocessing.Pipe",
            ways=PROCESS_WAYS,
            home="pipes:open_pipe",
        ),
        Kind(
            name="array",
            label="Pipe with pickled arrays",
            ways=PROCESS_WAYS,
            home="arrays:open_array",
        ),
        Kind(
            name="array-beside",
            label="Pipe with out-of-band arrays",
            ways=PROCESS_WAYS,
            home="arrays:open_array_beside",
        ),
        Kind(
            name="socketpair",
            label="socket.socketpair",
            ways=PROCESS_WAYS,
            home="sockets:open_socketpair",
        ),
        Kind(
            name="tcp",
            label="TCP on loopback",
            ways=PROCESS_WAYS,
            home="sockets:open_tcp",
        ),
        Kind(
            name="shared-memory",
            label="shared_memory by copies",
            ways=PROCESS_WAYS,
            home="shared_memory:open_copied",
        ),
        Kind(
            name="shared-memory-in-place",
            label="shared_memory in place",
            ways=PROCESS_WAYS,
            home="shared_memory:open_in_place",
            copies=False,
        ),
        Kind(
            name="manager",
            label="a manager's proxy",
            ways=PROCESS_WAYS,
            home="managers:open_manager",
        ),
    )
}
