"""Children that the user's function forks and does not end: they must not go on with its calls.

Each call of such a child would fork again, and every child of that one too.
"""

from __future__ import annotations

import os

__all__ = ["end_offspring", "forks"]

_forks = 0


def forks() -> int:
    """Return how many forks lie between this process and the one that loaded this module."""
    return _forks


def end_offspring(before: int) -> None:
    """End this process if it was forked since `forks` returned `before`."""
    if _forks != before:
        os._exit(0)


def _count() -> None:
    global _forks
    _forks += 1


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_count)
