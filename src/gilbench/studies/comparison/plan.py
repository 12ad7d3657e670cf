"""From what the user asks for to the plan of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.comparison import FactsPlan
from gilbench.errors import InputError
from gilbench.studies.comparison.rows import chosen

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["FEWEST_WORKERS", "MOST_WORKERS", "in_order", "make_plan"]

FEWEST_WORKERS: Final = 2
"""One has nobody to share anything with."""

MOST_WORKERS: Final = 64
"""More take longer to start than a row may take."""

# Where nobody says how many: a machine of many cores is not to be filled for a table.
_USUAL_MOST: Final = 8


def make_plan(
    rows: Sequence[str],
    *,
    quick: bool,
    workers: int | None,
    cores: int,
    imports: Sequence[str],
    postgres: bool,
    seed: int,
) -> FactsPlan:
    """Return the plan. Raises InputError for anything that is not known or cannot be."""
    if isinstance(rows, str):
        raise InputError(f"rows are several names, such as [{rows!r}], not one text")
    if workers is not None and not _is_whole(workers, FEWEST_WORKERS, MOST_WORKERS):
        raise InputError(f"workers are from {FEWEST_WORKERS} to {MOST_WORKERS}, not {workers!r}")
    if not _is_whole(seed, 0, 2**64 - 1):
        raise InputError(f"a seed is a whole number from 0 to 2**64 - 1, not {seed!r}")
    return FactsPlan(
        rows=chosen(rows),
        quick=quick,
        workers=max(FEWEST_WORKERS, min(cores, _USUAL_MOST)) if workers is None else workers,
        imports=_modules(imports),
        postgres=postgres,
        seed=seed,
    )


def in_order(plan: FactsPlan) -> tuple[str, ...]:
    """Return the rows in the order in which they are measured.

    The one that asks the user's server comes first: that it does not answer should not be found out
    after a minute.
    """
    return tuple(sorted(plan.rows, key=lambda row: not (plan.postgres and row == "io-bound")))


def _modules(names: Sequence[str]) -> tuple[str, ...]:
    if isinstance(names, str):
        raise InputError(f"imports are several names, such as [{names!r}], not one text")
    for name in names:
        if not all(part.isidentifier() for part in name.split(".")):
            raise InputError(f"{name!r} is not the name of a module, such as json or numpy.linalg")
    return tuple(dict.fromkeys(names))


def _is_whole(number: object, least: int, most: int) -> bool:
    return type(number) is int and least <= number <= most
