"""What the other side of a bare loop does. It loads in a subinterpreter, and so needs little."""

from __future__ import annotations

import os
from itertools import repeat
from typing import TYPE_CHECKING, Any

from order import LAP

if TYPE_CHECKING:
    from collections.abc import Callable

    from order import Order


def work(receive: Callable[[], Any], send: Callable[[Any], Any], order: Order) -> None:
    """Carry out the order."""
    if order.processor is not None:
        os.sched_setaffinity(0, {order.processor})
    while True:
        answers, times = LAP.unpack(os.read(order.control, LAP.size))
        if not times:
            return
        os.write(order.control, b"!")
        if answers:
            for _ in repeat(None, times):
                send(receive())
        else:
            for _ in repeat(None, times):
                receive()
        os.write(order.control, b"!")
