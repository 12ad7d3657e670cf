"""The cases as comma-separated values: one table that any program reads."""

from __future__ import annotations

import csv
import io
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import TYPE_CHECKING, get_args, get_type_hints

from gilbench.model import CaseFinding
from gilbench.report.harmless import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gilbench.model import Findings

__all__ = ["findings_to_csv"]


def findings_to_csv(findings: Findings) -> str:
    """Return a header and a row per case, as RFC 4180 has it: lines end in CR LF.

    Columns are the fields of `CaseFinding` in their order, those of a part after the part's own
    name: `bite`, `bite_low`, `bite_high`; `ceiling_source`; `losses_gil_wait`. Null is empty, what
    is true or false is so written, and figures have all their digits. A control character in a
    text is `?`, but for line ends and tabs: the table may be looked at in a terminal.
    """
    paths = list(_paths(CaseFinding))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow("_".join(name for name in path if name != "value") for path in paths)
    for case in findings.cases:
        writer.writerow(_cell(case, path) for path in paths)
    return text.getvalue()


def _paths(shape: type) -> Iterator[tuple[str, ...]]:
    """Yield the way to every plain field of a dataclass, through those that are dataclasses."""
    hints = get_type_hints(shape)
    for field in fields(shape):
        part = _part(hints[field.name])
        if part is None:
            yield (field.name,)
        else:
            yield from ((field.name, *path) for path in _paths(part))


def _part(hint: object) -> type | None:
    """Return the dataclass that a field holds, or holds unless it is null."""
    one = [each for each in get_args(hint) if each is not NoneType]
    found = one[0] if isinstance(hint, UnionType) and len(one) == 1 else hint
    return found if isinstance(found, type) and is_dataclass(found) else None


def _cell(case: CaseFinding, path: tuple[str, ...]) -> object:
    value: object = case
    for name in path:
        value = None if value is None else getattr(value, name)
    if isinstance(value, str):
        return harmless(value, keeping="\n\t")
    return str(value).lower() if isinstance(value, bool) else value
