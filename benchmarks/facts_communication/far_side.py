"""The other side of a bare loop: a thread, a fork, or what the channel has of its own."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from laps import work

from gilbench.comparison import Way
from gilbench.trials.communication.catalogue import CHANNELS
from gilbench.trials.ways import context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bare import Bare
    from order import Order

MOST_LAPS = 6


@contextmanager
def far_side(channel: str, bare: Bare, order: Order) -> Iterator[None]:
    """Have it carry out the order meanwhile."""
    if bare.push is not None:
        # Nobody is there to be awaited.
        os.write(order.control, b"!!" * MOST_LAPS)
        yield
        return
    join = bare.start(order) if bare.start is not None else start(channel, bare, order)
    yield
    join()


def start(channel: str, bare: Bare, order: Order) -> Callable[[], object]:
    """Start a worker of the way that trials have for the channel. Return what awaits its end."""
    is_thread = Way.THREAD in CHANNELS[channel].ways
    make: Any = threading.Thread if is_thread else context(Way.FORK).Process
    far = bare.far
    assert far is not None  # who has no worker of its own is served by ours
    worker = make(target=lambda: work(*far(), order))
    worker.start()
    join: Callable[[], object] = worker.join
    return join
