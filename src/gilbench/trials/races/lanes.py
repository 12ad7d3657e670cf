"""The memory that the workers of a race share: a lane for each race, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench._native import gate
from gilbench.machine.processors import cores

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Buffer

__all__ = ["WORKERS", "Lane", "Lanes", "size"]

WORKERS: Final = 2
"""How many race: two are enough to lose updates, and have a core each nearly everywhere."""

# A lane has its gate, its cell and what each worker tells on cache lines of their own.
_LINE: Final = 128
_GATE: Final = 2048
_CELL: Final = _GATE + _LINE
_LANE: Final = 4096


def size(lanes: int) -> int:
    """Return how many bytes so many lanes take."""
    return _LANE * lanes


class Lane:
    """One race: its gate, the `cell` that may be raced for, and what the workers told."""

    def __init__(self, memory: memoryview) -> None:
        self.gate = gate.on(memory[:_GATE])
        self.place = memory[_GATE : _GATE + 8]
        self.cell = self.place.cast("q")
        self._told = memory[_CELL : _CELL + WORKERS * _LINE].cast("q")

    def prepare(self) -> None:
        """Let the gate be passed by all workers, once."""
        gate.reset(self.gate, WORKERS, cores())

    def tell(self, worker: int, made: int, ended_ns: int) -> None:
        """Note how many updates a worker made, and when it ended."""
        self._told[worker * _LINE // 8] = made
        self._told[worker * _LINE // 8 + 1] = ended_ns

    @property
    def made(self) -> int:
        """Return how many updates all workers made."""
        return sum(self._told[:: _LINE // 8])

    @property
    def ended_ns(self) -> int:
        """Return when the last worker ended."""
        return max(self._told[1 :: _LINE // 8])

    def close(self) -> None:
        """Let go of the memory."""
        del self.gate
        for view in (self.cell, self.place, self._told):
            view.release()


class Lanes:
    """All lanes in one memory, which must outlive them; a context that lets go of it."""

    def __init__(self, memory: Buffer, lanes: int) -> None:
        """Take so many lanes in `memory`, of which each process or interpreter has a mapping."""
        self._memory = memoryview(memory)
        starts = range(0, size(lanes), _LANE)
        self._lanes = [Lane(self._memory[start : start + _LANE]) for start in starts]

    def __enter__(self) -> Lanes:
        return self

    def __exit__(self, *_: object) -> None:
        while self._lanes:
            self._lanes.pop().close()
        self._memory.release()

    def __iter__(self) -> Iterator[Lane]:
        return iter(self._lanes)

    def prepare(self) -> None:
        """Let all gates be passed, once."""
        for lane in self._lanes:
            lane.prepare()

    def abort(self) -> None:
        """Call off what is left, so that no worker waits for one that failed."""
        for lane in self._lanes:
            gate.abort(lane.gate)
