"""An object that lives with a manager, which answers."""

from __future__ import annotations

from contextlib import contextmanager
from multiprocessing.managers import BaseManager
from typing import TYPE_CHECKING, Any

from bare import Bare, data

from gilbench.comparison import Way
from gilbench.trials.ways import context

if TYPE_CHECKING:
    from collections.abc import Iterator


class Echo:
    """The object that lives with the manager."""

    def answer(self, payload: bytes) -> bytes:
        """Return the payload."""
        return payload

    def take(self, payload: bytes) -> None:
        """Return nothing."""


class Manager(BaseManager):
    """A manager of such objects."""


Manager.register("echo", Echo)


@contextmanager
def manager(size: int) -> Iterator[Bare]:
    """Yield a channel to such an object, through its proxy."""
    with Manager(ctx=context(Way.FORK)) as made:
        echo: Any = made.echo()  # type: ignore[attr-defined]
        yield Bare(make=lambda: data(size), send=echo.answer, push=echo.take)
