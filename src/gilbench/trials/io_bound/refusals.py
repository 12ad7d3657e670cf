"""What the system says when it refuses a file or a query: no more than that kind of I/O lacks."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from gilbench.trials.tried import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["refusals"]


@contextmanager
def refusals(kind: str) -> Iterator[None]:
    """Raise UnavailableError, with what was said, where a file or a database is refused inside.

    Such as for want of room, of a permission, of a descriptor. That our own HTTP server does not
    answer is an error like any other.
    """
    try:
        yield
    except Exception as error:
        if kind.partition(":")[0] == "http":
            raise
        if isinstance(error, OSError):
            raise UnavailableError(error.strerror or str(error)) from error
        # What databases call that (PEP 249), whose modules are not to be loaded for this.
        if any(each.__name__ == "OperationalError" for each in type(error).__mro__):
            raise UnavailableError(str(error).partition("\n")[0]) from error
        raise
