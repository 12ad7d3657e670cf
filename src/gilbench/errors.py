"""The errors that gilbench raises on purpose, each with the exit status of the command line."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["GilbenchError", "HostError", "InputError", "StoredFileError", "nearest"]


class GilbenchError(Exception):
    """Base of all errors of this package: one clear line, no traceback on the command line."""

    exit_status: ClassVar[int] = 1


class InputError(GilbenchError):
    """What the user asked for cannot be: says what is wrong and what would be right."""

    exit_status = 2


class StoredFileError(InputError):
    """A stored file that cannot be read: not ours, corrupt, or of a newer schema."""


class HostError(GilbenchError):
    """A host could not be started, or broke the protocol."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'x'?` for the known name nearest to `name`, else the known names."""
    names = sorted(known)
    close = get_close_matches(name, names, n=1, cutoff=0.5)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; known: {', '.join(names)}"
