"""Comparisons of processes and threads as they would come: plans, trials, and what is found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from environments import make_environment
from gilbench.comparison import (
    Cell,
    Claim,
    Evidence,
    Fact,
    FactsFindings,
    FactsPlan,
    Figure,
    Outcome,
    Row,
    Table,
    TableLine,
    Trial,
    Unit,
    Way,
)
from gilbench.model import Stop, StopReason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PLAN: Final = FactsPlan(
    rows=("gil", "cpu-bound"), quick=False, workers=2, imports=(), postgres=False, seed=7
)
_TRIAL: Final = Trial(
    row="gil",
    name="python",
    way=Way.THREAD,
    parameters={"workers": 2},
    round=0,
    figures={"units_per_s": (7.5e6, 7.5e6), "cpu_share": (0.5, 0.49)},
)
STOP: Final = Stop(reason=StopReason.BUDGET, rounds=1, hosts=1, elapsed_ns=9_000_000_000)

NEEDS_312: Final = "a GIL for each interpreter needs Python 3.12 or later"


def make_plan(**changed: Any) -> FactsPlan:
    """Return a plan of two rows, with what a test cares about changed."""
    return replace(_PLAN, **changed)


def make_trial(**changed: Any) -> Trial:
    """Return a trial of two threads, with what a test cares about changed."""
    return replace(_TRIAL, **changed)


def race_trials(
    kernel: str, rates: Mapping[Way | None, float], *, row: str = "gil", rounds: int = 8
) -> Iterator[Trial]:
    """Yield the samples of a race in which all workers of a way come to these rates, as multiples
    of what one does; they differ by a percent from round to round.
    """
    for round in range(rounds):
        for way, rate in rates.items():
            workers = 1 if way is None else 2
            pace = 1e6 * rate * (1 + 0.01 * (round % 3 - 1)) / workers
            busy = min(1.0, rate / workers)
            yield Trial(
                row=row,
                name=kernel,
                way=way,
                parameters={"workers": workers},
                round=round,
                figures={
                    "units_per_s": (pace,) * workers,
                    "cpu_share": (busy,) * workers,
                    "gil_wait_share": (1 - busy,) * workers,
                },
            )


def figure(value: float, unit: Unit = Unit.NANOSECONDS, half: float | None = None) -> Figure:
    """Return a figure, with an interval where that has a half."""
    if half is None:
        return Figure(value=value, unit=unit)
    return Figure(value=value, unit=unit, low=value - half, high=value + half)


def make_row(name: str = "creation", **changed: Any) -> Row:
    """Return a row with a cell of each kind, with what a test cares about changed."""
    plain = Row(
        row=name,
        question="What does it take to have a further worker?",
        fact="time to start and to join",
        columns={
            Way.THREAD: Cell(figure=figure(38_000, half=900)),
            Way.INTERPRETER: Cell(unavailable=NEEDS_312),
            Way.FORK: Cell(figure=figure(1_230_000, half=41_000), ratio=32.4),
            Way.FORKSERVER: Cell(),
            Way.SPAWN: Cell(figure=figure(48_200_000, half=310_000), ratio=1268.4),
        },
        claim="Threads are cheaper to start than processes.",
        holds=Outcome.HOLDS,
        evidence=Evidence(deciding="A thread took 38 us, a forked process 1.23 ms."),
    )
    return replace(plain, **changed)


def full_row() -> Row:
    """Return a row with further facts and claims, a table and a note."""
    columns = {way: Cell(figure=figure(8.5 * 2**20, Unit.BYTES), ratio=700) for way in Way}
    return make_row(
        "memory",
        question="What does each further worker cost?",
        fact="USS of a further worker",
        columns={
            **columns,
            Way.THREAD: Cell(figure=figure(12_300, Unit.BYTES, 200)),
            Way.INTERPRETER: Cell(words="its own copy of every module"),
        },
        claim="Threads share memory, processes do not.",
        holds=Outcome.DEPENDS,
        evidence=Evidence(
            deciding="A write by one thread was seen by the others; by one process, by none.",
            facts=(Fact(name="after the imports", columns=columns),),
            claims=(
                Claim(
                    claim="fork shares the parent's memory.",
                    holds=Outcome.DOES_NOT_HOLD,
                    deciding="Walking it un-shared 93 % of it.",
                ),
            ),
            tables=(
                Table(
                    title="Un-shared by walking the parent's objects",
                    headings=("share", "bytes"),
                    lines=(
                        TableLine(
                            label="without gc.freeze()",
                            cells=(
                                Cell(figure=figure(0.93, Unit.SHARE, 0.02)),
                                Cell(figure=figure(93 * 2**20, Unit.BYTES)),
                            ),
                        ),
                        TableLine(
                            label="with it",
                            cells=(Cell(figure=figure(0.91, Unit.SHARE)), Cell()),
                        ),
                    ),
                ),
            ),
            notes=("Quick: 2 workers only.",),
        ),
    )


def make_findings(*rows: Row, **changed: Any) -> FactsFindings:
    """Return the findings of these rows, with what a test cares about changed."""
    plain = FactsFindings(
        schema_version=3,
        environment=make_environment(started_at="2026-01-02T03:04:05Z"),
        plan=make_plan(rows=tuple(row.row for row in rows)),
        rows=rows,
        headline="Of 2 claims 2 hold here.",
        stop=STOP,
        notes=(),
    )
    return replace(plain, **changed)
