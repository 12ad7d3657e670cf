"""What became of the row's claim, and what is told beside it: of the user's server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gilbench.comparison import Outcome, Way
from gilbench.studies.comparison.beside_threads import all_of
from gilbench.studies.comparison.io_bound.kinds import HTTP, POSTGRES, SYNC
from gilbench.studies.comparison.io_bound.syncs import why_no_waiting
from gilbench.studies.comparison.io_bound.verdicts import ABOUT, beside_processes, by, with_most
from gilbench.studies.comparison.io_bound.words import capital, heading

if TYPE_CHECKING:
    from gilbench.studies.comparison.io_bound.paces import Paces

__all__ = ["threads_as_good"]


def threads_as_good(paces: Paces) -> tuple[Outcome, str]:
    """Return whether threads that wait do as much as processes, and what decides.

    Beside it stands what the user's server answered, or why it was not asked, where one was named.
    """
    holds, deciding = _beside_processes(paces)
    return holds, f"{deciding} {_of_postgres(paces)}" if paces.plan.postgres else deciding


def _beside_processes(paces: Paces) -> tuple[Outcome, str]:
    process = paces.process_way()
    if process is None:
        reasons = (paces.lacking(way) for way in (Way.FORK, Way.SPAWN))
        reason = next(filter(None, reasons), "it ended before")
        return Outcome.INCONCLUSIVE, f"No processes were measured: {reason}."
    no_waiting = why_no_waiting(paces)
    kinds = (HTTP, SYNC) if no_waiting is None else (HTTP,)
    verdicts, seen = beside_processes(paces, kinds, process)
    if not seen:
        return Outcome.INCONCLUSIVE, "Threads were not measured beside processes."
    left_out = "" if no_waiting is None else f" {capital(ABOUT[SYNC])} are left out: {no_waiting}."
    return all_of(verdicts), f"{seen}{left_out}"


def _of_postgres(paces: Paces) -> str:
    """Return what each way got from the user's server, or why it did not.

    It decides nothing: how far away the server is, and how fast, is the user's.
    """
    work = with_most(paces, POSTGRES)
    ways = (Way.THREAD, paces.process_way(), None)
    rates = {way: paces.rate(way, work) for way in ways}
    seen = [by(way, work.workers, rate) for way, rate in rates.items() if rate is not None]
    lacking = {way: paces.lacking(way, POSTGRES) for way, rate in rates.items() if rate is None}
    if not seen:
        reason = next(filter(None, lacking.values()), "it ended before")
        return f"PostgreSQL was not measured: {reason}."
    return " ".join(
        [
            f"{capital(ABOUT[POSTGRES])}: {', '.join(seen)}; they decide nothing here.",
            *(f"Not so by {heading(way)}: {why}." for way, why in lacking.items() if why),
        ]
    )
