"""What a study stores: one frozen description, which both the writer and the reader go by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from gilbench.model import Environment  # noqa: TC001 - the serialiser resolves it at run time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = ["Header", "Study", "only"]

P = TypeVar("P")
R = TypeVar("R")
S_co = TypeVar("S_co", covariant=True)
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Header(Generic[P]):
    """What the first line of a result file says, beside the schema version and the study."""

    environment: Environment
    plan: P


@dataclass(frozen=True, kw_only=True)
class Study(Generic[P, R, S_co]):
    """How a study with plans of type P and records of type R is stored and read, as an S.

    `name` stands in the file's header, `noun` in sentences ("holds a check"). `version` is the
    schema version that its files say. `records` are the kinds of record after the header, by
    their names in the file; a note on a file that was cut off tells how many of the kind `counted`
    there were. `check_plan` and `check_record` raise `MisfitError` for what no single field's
    limits can say; they are only asked about what fits those. `assemble` makes one object of all
    that was stored, with notes about the reading.
    """

    name: str
    noun: str
    version: int
    header: type[Header[P]]
    records: Mapping[str, type[R]]
    counted: str
    check_plan: Callable[[P], None]
    check_record: Callable[[R, P], None]
    assemble: Callable[[Header[P], Sequence[R], tuple[str, ...]], S_co]


def only(kind: type[T], records: Iterable[object]) -> tuple[T, ...]:
    """Return the records of one kind, in their order."""
    return tuple(record for record in records if isinstance(record, kind))
