"""A window: so many workers do one kind of I/O at once, for a while; and what each of them read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Reading", "Window"]


@dataclass(frozen=True, kw_only=True)
class Window:
    """What is done, by how many, and for how long.

    `kind` is the text of a workload. `beside`: one worker more keeps a core busy in bytecode.
    """

    kind: str
    workers: int
    span_ns: int
    beside: bool = False


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How long each of one worker's requests took, in order; from the window's start, however late
    it had a core itself, to the end of its last; and the CPU time of its thread meanwhile.
    """

    latencies_ns: Sequence[int]
    elapsed_ns: int
    cpu_ns: int
