"""From what the user asks for to the plan of a comparison."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from gilbench.comparison import FactsPlan
from gilbench.errors import InputError
from gilbench.studies.comparison.rows import chosen

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["FEWEST_WORKERS", "IMPORTING", "MOST_WORKERS", "in_order", "make_plan"]

FEWEST_WORKERS: Final = 2
"""One has nobody to share anything with."""

MOST_WORKERS: Final = 64
"""More take longer to start than a row may take."""

IMPORTING: Final = ("memory", "creation")
"""The rows whose workers load the user's modules."""

# The row that asks the user's server.
_ASKING: Final = "io-bound"

# Where nobody says how many: a machine of many cores is not to be filled for a table.
_USUAL_MOST: Final = 8


def make_plan(
    rows: Sequence[str],
    *,
    quick: bool,
    workers: int | None,
    cores: int,
    imports: Sequence[str],
    dsn: str | None,
    seed: int,
) -> FactsPlan:
    """Return the plan. Raises InputError for anything that is not known or cannot be."""
    wanted = chosen(_names("rows", rows, "memory"))
    modules = _modules(imports)
    if modules and not set(wanted) & set(IMPORTING):
        raise InputError(f"imports are for the rows {' and '.join(IMPORTING)}: name one of them")
    # It may hold a password: whatever it is, it is not repeated.
    if not isinstance(dsn, str | None):
        told = type(dsn).__name__
        raise InputError(f"a DSN is a text, such as 'postgresql://user@localhost/db', not {told}")
    if dsn is not None and _ASKING not in wanted:
        raise InputError(f"a DSN is for the row {_ASKING}: name it too")
    if workers is not None and not _is_whole(workers, FEWEST_WORKERS, MOST_WORKERS):
        raise InputError(f"workers are from {FEWEST_WORKERS} to {MOST_WORKERS}, not {workers!r}")
    if not _is_whole(seed, 0, 2**64 - 1):
        raise InputError(f"a seed is a whole number from 0 to 2**64 - 1, not {seed!r}")
    return FactsPlan(
        rows=wanted,
        quick=quick,
        workers=max(FEWEST_WORKERS, min(cores, _USUAL_MOST)) if workers is None else workers,
        imports=modules,
        postgres=dsn is not None,
        seed=seed,
    )


def in_order(plan: FactsPlan) -> tuple[str, ...]:
    """Return the rows in the order in which they are measured.

    The one that asks the user's server comes first: that it does not answer should not be found out
    after a minute.
    """
    return tuple(sorted(plan.rows, key=lambda row: not (plan.postgres and row == _ASKING)))


def _modules(names: Sequence[str]) -> tuple[str, ...]:
    modules = _names("imports", names, "json")
    for name in modules:
        if not all(part.isidentifier() for part in name.split(".")):
            raise InputError(f"{name!r} is not the name of a module, such as json or numpy.linalg")
    return tuple(dict.fromkeys(modules))


def _names(what: str, names: object, example: str) -> tuple[str, ...]:
    """Return the names that the user gave. Raises InputError for what are none."""
    if isinstance(names, str):
        raise InputError(f"{what} are several names, such as [{names!r}], not one text")
    if not isinstance(names, Iterable):
        raise InputError(f"{what} are several names, such as [{example!r}], not {names!r:.80}")
    found = tuple(names)
    for name in found:
        if not isinstance(name, str):
            raise InputError(f"{what} are names, such as {example!r}, not {name!r:.80}")
    return found


def _is_whole(number: object, least: int, most: int) -> bool:
    return type(number) is int and least <= number <= most
