"""Whether the modules can be imported that the user wants in workers: tried before all else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gilbench.errors import InputError
from gilbench.model import Status
from gilbench.studies.comparison.plan import IMPORTING
from gilbench.studies.comparison.ways import joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gilbench.comparison import FactsPlan, Trial
    from gilbench.studies.comparison.laboratory import Laboratory

__all__ = ["imported"]


def imported(plan: FactsPlan, laboratory: Laboratory) -> Iterator[Trial]:
    """Yield the trial in which the modules are imported, for the first row that needs it.

    Raises InputError where one cannot be: also where it ends its process, or never comes to an end.
    """
    if not plan.imports:
        return
    row = next(row for row in plan.rows if row in IMPORTING)
    trial = laboratory.trial(row, "imports", None, fresh=True, imports=",".join(plan.imports))
    if trial.status is not Status.OK:
        names = joined([repr(name) for name in plan.imports])
        raise InputError(f"{names} cannot be imported: {trial.reason}")
    yield trial
