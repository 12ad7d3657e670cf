"""What a shell offers for the word that is being typed: click asks, and the registries answer.

Names only: what other distributions offer is not loaded for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import click

__all__ = ["complete_backends", "complete_modes", "complete_rows", "complete_workloads"]


def complete_workloads(
    _context: click.Context, _parameter: click.Parameter, begun: str
) -> list[str]:
    """Return the names of workloads that begin so."""
    from gilbench import workloads

    return [name for name in workloads.names() if name.startswith(begun)]


def complete_backends(
    _context: click.Context, _parameter: click.Parameter, begun: str
) -> list[str]:
    """Return the lists that the last name in `begun` may grow to."""
    from gilbench import backends

    return _grown(begun, backends.names())


def complete_modes(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Return the lists that the last name in `begun` may grow to."""
    from gilbench.model import Mode

    return _grown(begun, [mode.value for mode in Mode])


def complete_rows(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Return the names of rows that begin so."""
    from gilbench.comparison import ROW_NAMES

    return [name for name in ROW_NAMES if name.startswith(begun)]


def _grown(begun: str, names: Iterable[str]) -> list[str]:
    *whole, last = begun.split(",")
    return [",".join([*whole, name]) for name in names if name.startswith(last)]
