"""Two queues, one each way."""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

from bare import Bare, data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def queues(make: Callable[[], Any]) -> Callable[[int], AbstractContextManager[Bare]]:
    """Return what opens such a channel, of the queues that `make` returns."""

    @contextmanager
    def two(size: int) -> Iterator[Bare]:
        there, back = make(), make()
        yield Bare(
            make=lambda: data(size),
            send=there.put,
            receive=back.get,
            far=lambda: (there.get, back.put),
        )
        for each in (there, back):
            if hasattr(each, "close"):
                each.close()
            if hasattr(each, "join_thread"):
                each.join_thread()

    return two
