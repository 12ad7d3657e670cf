"""The frozen data of `facts`, the table of processes and threads: plan, trials, rows and claims.

Standard library only. Raw records (`Trial`) and what is derived from them (`FactsFindings`) are
different types, so that findings can always be computed again from a stored file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from gilbench.model import Environment, Status, Stop

__all__ = [
    "ROW_NAMES",
    "Cell",
    "Claim",
    "Evidence",
    "Fact",
    "FactsFindings",
    "FactsPlan",
    "Figure",
    "Outcome",
    "Parameter",
    "Row",
    "Table",
    "TableLine",
    "Trial",
    "Unit",
    "Way",
]

ROW_NAMES: Final = (
    "memory",
    "gil",
    "creation",
    "communication",
    "crash",
    "races",
    "cpu-bound",
    "io-bound",
)
"""The rows of the table, in their order."""

Parameter: TypeAlias = bool | int | float | str
"""What a trial can be told beside its name and way."""


class Way(StrEnum):
    """A column of the table: one way of having several workers."""

    THREAD = "thread"
    INTERPRETER = "interpreter"
    FORK = "fork"
    FORKSERVER = "forkserver"
    SPAWN = "spawn"


class Unit(StrEnum):
    """What a figure counts. Times are stored in nanoseconds, sizes in bytes."""

    NANOSECONDS = "ns"
    BYTES = "B"
    PER_SECOND = "/s"
    BYTES_PER_SECOND = "B/s"
    SHARE = "share"
    FACTOR = "factor"
    COUNT = "count"


class Outcome(StrEnum):
    """What became of a claim of the received wisdom on this machine and interpreter."""

    HOLDS = "holds"
    DOES_NOT_HOLD = "does not hold here"
    DEPENDS = "depends"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, kw_only=True)
class FactsPlan:
    """What is measured: which rows, whether in a hurry, and what the user wants to have in them.

    `rows` are in the table's order. `imports` are modules that workers of `memory` and `creation`
    load. `workers` is the largest number of workers. `postgres` tells whether a server was named;
    its address, which may hold a password, is stored nowhere.
    """

    rows: tuple[str, ...]
    quick: bool
    workers: int
    imports: tuple[str, ...]
    postgres: bool
    seed: int


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One thing tried once, for one row: a raw record.

    `way` is null for what belongs to none of the columns: a bare baseline, an event loop.
    `figures` are measured values by name, each a series in the order measured; the end of a name
    tells the unit (`_ns`, `_bytes`, `_per_s`; a plain name is a count or a share). `words` hold
    what is no number, such as who died. `reason` tells why there is nothing, where `status` is not
    ok.
    """

    row: str
    name: str
    way: Way | None
    parameters: Mapping[str, Parameter]
    round: int
    figures: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    status: Status = Status.OK
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure with its 95 % interval.

    `low` and `high` are null where it was counted, once, or measured too seldom for an interval.
    """

    value: float
    unit: Unit
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What stands in a cell: a figure, or words, or the reason why there is neither.

    `ratio` is the figure over that of the thread column, null there and where one lacks. A cell
    with nothing at all was not measured.
    """

    figure: Figure | None = None
    words: str | None = None
    ratio: float | None = None
    unavailable: str | None = None


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A line of the table: what is told, and a cell for each way."""

    name: str
    columns: Mapping[Way, Cell]


@dataclass(frozen=True, kw_only=True)
class TableLine:
    """A line of a table of one row: its label, then a cell for each heading."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A fuller table, which the row by itself shows. `headings` leave the labels' column out."""

    title: str
    headings: tuple[str, ...]
    lines: tuple[TableLine, ...]


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One claim of the received wisdom, what became of it here, and the sentence that decides.

    `deciding` quotes the figures.
    """

    claim: str
    holds: Outcome
    deciding: str


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a row's outcome rests on: the deciding sentence, further facts and claims, tables."""

    deciding: str
    facts: tuple[Fact, ...] = ()
    claims: tuple[Claim, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row: its question, its headline figure for each way, and its claim with the outcome."""

    row: str
    question: str
    fact: str
    columns: Mapping[Way, Cell]
    claim: str
    holds: Outcome
    evidence: Evidence


@dataclass(frozen=True, kw_only=True)
class FactsFindings:
    """The table, as far as the trials go: one object, in Python and as JSON.

    `headline` is the one sentence that the user came for. `stop` is null for what was cut off.
    """

    schema_version: int
    environment: Environment
    plan: FactsPlan
    rows: tuple[Row, ...]
    headline: str
    stop: Stop | None
    notes: tuple[str, ...]
