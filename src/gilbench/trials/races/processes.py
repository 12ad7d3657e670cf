"""Races of processes for memory that they share."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import dataclass
from multiprocessing.shared_memory import SharedMemory
from typing import TYPE_CHECKING, Any, Final

from gilbench.trials import ways
from gilbench.trials.blocks import needing_shared_memory, shared_block
from gilbench.trials.races.conducting import conduct
from gilbench.trials.races.forms import OF_MEMORY, subject
from gilbench.trials.races.lanes import Lanes, size
from gilbench.trials.races.running import Entry, run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from multiprocessing.connection import Connection

    from gilbench.comparison import Way
    from gilbench.trials.races.forms import Subject
    from gilbench.trials.races.running import Race
    from gilbench.trials.ways import Started

__all__ = ["Shared", "race", "work"]

_WORK: Final = "gilbench.trials.races.processes:work"


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What the processes have in common: the memory named `block`, and what is handed on.

    As multiprocessing.SimpleQueue has it, who writes to the pipe takes its `turn`. `values` has one
    for each lane that is raced in by one.
    """

    block: str
    writing: Connection
    turn: Any
    lock: Any
    values: Sequence[Mapping[str, Any]]


def race(way: Way, forms: Sequence[str], span_ns: int) -> list[Race]:
    """Return what came of each form. Raises RuntimeError where a worker failed, and
    UnavailableError where there is no shared memory.
    """
    context = ways.context(way)
    makers = {"raw": context.RawValue, "value": context.Value}
    with ExitStack() as stack:
        # The semaphores first: what they take is not left for the block.
        with needing_shared_memory():
            turn, lock = context.Lock(), context.Lock()
            values = [{form: makers[form]("q", 0)} if form in makers else {} for form in forms]
        block = stack.enter_context(shared_block(size(len(forms))))
        reading, writing = context.Pipe(duplex=False)
        stack.enter_context(closing(reading))
        stack.enter_context(closing(writing))
        shared = Shared(
            block=block.name,
            writing=writing,
            turn=turn,
            lock=lock,
            values=values,
        )
        lanes = stack.enter_context(_lanes(block, forms))
        subjects = _subjects(stack, lanes, forms, shared, lambda _: None)

        def start(worker: int) -> Started:
            entry = Entry(worker=worker, forms=tuple(forms), span_ns=span_ns, apart=True)
            return ways.start(way, _WORK, (entry, shared))

        return conduct(
            lanes,
            forms,
            subjects,
            start=start,
            receive=reading.recv,
            # Then the pipe ends with the workers, however they do.
            started=writing.close,
        )


def work(entry: Entry, shared: Shared) -> None:
    """Race as one of the processes."""

    def send(count: int) -> None:
        with shared.turn:
            shared.writing.send(count)

    with ExitStack() as stack:
        # A fork too maps it anew: with what it has of its parent it cannot let go of the memory.
        block = stack.enter_context(closing(SharedMemory(shared.block)))
        lanes = stack.enter_context(_lanes(block, entry.forms))
        subjects = _subjects(stack, lanes, entry.forms, shared, send)
        run(lanes, entry, [each.update for each in subjects], send)


def _lanes(block: SharedMemory, forms: Sequence[str]) -> Lanes:
    assert block.buf is not None
    return Lanes(block.buf, len(forms))


def _subjects(
    stack: ExitStack,
    lanes: Lanes,
    forms: Sequence[str],
    shared: Shared,
    send: Callable[[int], object],
) -> list[Subject]:
    """Return the forms made ready, which are forgotten at the end of the stack."""
    subjects = []
    for form, lane, value in zip(forms, lanes, shared.values, strict=True):
        given = {"cell": lane.cell, "place": lane.place, "lock": shared.lock, "send": send, **value}
        subjects.append(subject(OF_MEMORY[form], **given))
        stack.callback(subjects[-1].forget)
    return subjects
