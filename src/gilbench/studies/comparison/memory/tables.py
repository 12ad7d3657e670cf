"""The lines and the fuller tables of `memory`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench import quantities
from gilbench.comparison import Cell, Fact, Figure, Table, TableLine, Unit, Way
from gilbench.studies.comparison.medians import cells
from gilbench.studies.comparison.memory.account import Size, Variant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gilbench.studies.comparison.memory.account import Account

__all__ = ["facts", "headline", "tables"]

_SIZES: Final[Mapping[Size, str]] = {
    Size.USS: "USS, shared with nobody",
    Size.PSS: "PSS, with its part of what is shared",
    Size.RSS: "RSS, with all that is shared",
}


def headline(account: Account) -> Fact:
    """Return the row's own line: what each further worker takes that it shares with nobody."""
    return Fact(
        name=f"memory of a further worker, {_SIZES[Size.USS]}",
        columns=_line(account, Size.USS, Variant.IDLE),
    )


def facts(account: Account) -> tuple[Fact, ...]:
    """Return the further lines."""
    told = [
        Fact(name=f"memory of a further worker, {name}", columns=_line(account, each, Variant.IDLE))
        for each, name in _SIZES.items()
        if each is not Size.USS
    ]
    if account.plan.imports:
        told += [
            Fact(
                name=f"the same after import {', '.join(account.plan.imports)}: {name}",
                columns=_line(account, each, Variant.LADEN),
            )
            for each, name in _SIZES.items()
        ]
    told += [
        Fact(
            name="what one writes to a global variable is seen by another",
            columns=_sight(account, "worker_seen"),
        ),
        Fact(
            name="what one writes to shared_memory is seen by another",
            columns=_sight(account, "block_seen"),
        ),
    ]
    return tuple(told)


def tables(account: Account) -> tuple[Table, ...]:
    """Return the fuller tables, of what was measured."""
    told = []
    if account.objects_bytes() is not None:
        told.append(_copying(account))
    if any(account.saving(way) for way in Way):
        told.append(_arrays(account))
    if account.plan.imports and account.slope(Way.FORK, Size.USS, Variant.BEFORE) is not None:
        told.append(_before(account))
    return tuple(told)


def _line(account: Account, size: Size, variant: Variant) -> dict[Way, Cell]:
    return cells(account.slopes(size, variant), Unit.BYTES, account.why_no_slope(size, variant))


def _sight(account: Account, figure: str) -> dict[Way, Cell]:
    line = {}
    for way in Way:
        told = account.seen(way, figure)
        if told is None:
            line[way] = Cell(unavailable=account.why_no("sight", way, "no_block"))
            continue
        written, found = told
        verdict = "yes" if found == written else "no" if found == 0 else f"{found} of {written}"
        line[way] = Cell(words=verdict)
    return line


def _copying(account: Account) -> Table:
    bytes = account.objects_bytes()
    deeds = ("walk_start", "collect", "walk")
    return Table(
        title=f"What a forked worker un-shares of {_size(bytes or 0)} of its parent's objects",
        headings=("at its start", "by a garbage collection", "by walking them"),
        lines=tuple(
            TableLine(
                label=label,
                cells=tuple(
                    Cell(figure=None if told is None else told.figure(Unit.SHARE))
                    for told in (account.unshared(deed, frozen=frozen) for deed in deeds)
                ),
            )
            for label, frozen in (("as they are", False), ("after gc.freeze()", True))
        ),
    )


def _arrays(account: Account) -> Table:
    lines, largest = [], 0.0
    for way in Way:
        saving = account.saving(way)
        if saving is None:
            why = account.why_no("array", way)
            if why is not None:
                lines.append(TableLine(label=str(way), cells=(Cell(unavailable=why),) * 3))
            continue
        largest = max(largest, saving.size)
        none = Cell(unavailable=account.why_no("array", way, "no_block"))
        shared = none if saving.shared is None else _bytes(saving.shared)
        saved = none if saving.saved is None else _share(max(0.0, saving.saved))
        lines.append(TableLine(label=str(way), cells=(_bytes(saving.plain), shared, saved)))
    return Table(
        title=f"What an array of {_size(largest)} takes in each worker that reads it",
        headings=("handed over", "in shared_memory", "saved"),
        lines=tuple(lines),
    )


def _before(account: Account) -> Table:
    labels = {
        Variant.IDLE: "idle",
        Variant.LADEN: "imported by the worker",
        Variant.BEFORE: "imported by its parent, before",
    }
    return Table(
        title=f"What each further forked worker takes, import {', '.join(account.plan.imports)}",
        headings=tuple(str(each).upper() for each in Size),
        lines=tuple(
            TableLine(
                label=label,
                cells=tuple(
                    Cell(figure=None if slope is None else slope.figure(Unit.BYTES))
                    for slope in (account.slope(Way.FORK, each, variant) for each in Size)
                ),
            )
            for variant, label in labels.items()
        ),
    )


def _bytes(value: float) -> Cell:
    return Cell(figure=Figure(value=value, unit=Unit.BYTES))


def _share(value: float) -> Cell:
    return Cell(figure=Figure(value=value, unit=Unit.SHARE))


def _size(bytes: float) -> str:
    return quantities.format(bytes, Unit.BYTES)
