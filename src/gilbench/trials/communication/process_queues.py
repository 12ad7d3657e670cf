"""multiprocessing's queues: a pipe with locks, and with a thread that feeds it or without."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gilbench.trials.blocks import needing_shared_memory
from gilbench.trials.communication.queues import TwoQueues
from gilbench.trials.ways import context

if TYPE_CHECKING:
    from gilbench.comparison import Way

__all__ = ["open_process_queue", "open_process_simple_queue"]

_SECONDS_TO_END: Final = 1.0


class _Fed(TwoQueues):
    """Two `multiprocessing.Queue`: what is put in goes through a thread."""

    def __init__(self, there: Any, back: Any) -> None:
        super().__init__(there, back)
        self._queues = there, back
        for queue in self._queues:
            # Its thread is to say nothing where it finds the pipe broken.
            queue._ignore_epipe = True  # noqa: SLF001 - as concurrent.futures does

    def close(self) -> None:
        for queue in self._queues:
            queue.close()
            feeder = queue._thread  # noqa: SLF001 - there is no other way to see to its end
            if feeder is not None:
                feeder.join(_SECONDS_TO_END)
                if feeder.is_alive():
                    # The peer was killed, and the pipe is full: nobody may be left to read it.
                    queue._reader.close()  # noqa: SLF001
                    feeder.join()


class _Bare(TwoQueues):
    """Two `multiprocessing.SimpleQueue`."""

    def __init__(self, there: Any, back: Any) -> None:
        super().__init__(there, back)
        self._queues = there, back

    def close(self) -> None:
        for queue in self._queues:
            queue.close()


def open_process_queue(way: Way, _largest: int, /) -> TwoQueues:
    """Return a channel of two `multiprocessing.Queue`. Raises UnavailableError."""
    made = context(way)
    with needing_shared_memory():
        return _Fed(made.Queue(), made.Queue())


def open_process_simple_queue(way: Way, _largest: int, /) -> TwoQueues:
    """Return a channel of two `multiprocessing.SimpleQueue`. Raises UnavailableError."""
    made = context(way)
    with needing_shared_memory():
        return _Bare(made.SimpleQueue(), made.SimpleQueue())
