"""Processes that the user's function forks: they must not speak for us, nor hold what is ours."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["keep_from_offspring"]


def keep_from_offspring(descriptors: Iterable[int]) -> None:
    """Let what this process forks from now on find nothing behind these descriptors.

    Else it could answer in our place, and would hold our end open when we are gone. Where the
    system has no fork nothing needs to be done.
    """
    if not hasattr(os, "register_at_fork"):
        return
    kept = tuple(descriptors)

    def let_go() -> None:
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in kept:
            os.dup2(nothing, descriptor, inheritable=False)
        os.close(nothing)

    os.register_at_fork(after_in_child=let_go)
