"""The machine and the interpreter: in one line, and in full."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Final

from rich.text import Text

from gilbench import durations
from gilbench.report.layout import flow, prose

if TYPE_CHECKING:
    from gilbench.model import Environment
    from gilbench.report.page import Page

__all__ = ["caution_lines", "environment_lines", "machine_line"]

_ACRONYMS: Final = {
    name.lower(): name for name in ("CPU", "CPUs", "GC", "GIL", "JIT", "Python", "SMT")
}
# A field's name ends in its unit, which its text then carries.
_UNITS: Final[Mapping[str, Callable[[float], str]]] = {
    "s": lambda seconds: durations.format(seconds * 10**9),
    "bytes": lambda count: f"{count / 2**30:.1f} GiB",
}


def machine_line(environment: Environment, page: Page) -> list[Text]:
    """Return interpreter, processor, cores and system in one line, wrapped where it must be."""
    facts = [
        f"{environment.implementation} {environment.python}, {_interpreter(environment)}",
        environment.cpu,
        f"{_cores(environment.cores)} for this process (of {environment.cpus})",
        f"{environment.system} {environment.machine}",
    ]
    *front, last = (page.glyphs.spell(fact) for fact in facts)
    pieces = [*(f"{fact} {page.glyphs.dot}" for fact in front), last]
    return flow((Text(piece, "bold") for piece in pieces), page.width)


def caution_lines(environment: Environment, page: Page) -> list[Text]:
    """Return each caution with its advice."""
    return [
        line
        for caution in environment.warnings
        for line in prose(
            page.glyphs.spell(f"! {caution.what}: {caution.advice}"),
            page.width,
            style="yellow",
            indent=2,
        )
    ]


def environment_lines(environment: Environment, page: Page) -> list[Text]:
    """Return all that results record of the machine, a fact a line, then the cautions."""
    facts = [
        (_label(field.name), _written(field.name, getattr(environment, field.name)))
        for field in fields(environment)
        if field.name != "warnings"
    ]
    width = max(len(label) for label, _ in facts) + 2
    lines = [line for label, text in facts for line in _fact(label, text, width, page)]
    cautions = caution_lines(environment, page)
    return [*lines, Text(), *cautions] if cautions else lines


def _interpreter(environment: Environment) -> str:
    parts = ["GIL on" if environment.gil_enabled else "GIL off"]
    if environment.free_threaded:
        parts.insert(0, "free-threaded")
    if environment.jit:
        parts.append("JIT on")
    if environment.debug:
        parts.append("debug build")
    return ", ".join(parts)


def _cores(count: int) -> str:
    return "1 core" if count == 1 else f"{count} cores"


def _fact(label: str, text: str, width: int, page: Page) -> list[Text]:
    words = [Text(word) for word in page.glyphs.spell(text).split()]
    if page.width < 2 * width:
        below = flow(words, page.width, start=2, indent=2)
        return [*prose(label, page.width, style="bold"), *below]
    first, *rest = flow(words, page.width, start=width, indent=width)
    return [Text(label.ljust(width), "bold").append_text(first[width:]), *rest]


def _label(field: str) -> str:
    return " ".join(_ACRONYMS.get(word, word) for word in field.split("_") if word not in _UNITS)


def _written(field: str, value: object) -> str:
    unit = _UNITS.get(field.rpartition("_")[2])
    match value:
        case None:
            return "not known"
        case bool():
            return "yes" if value else "no"
        case int() | float() if unit is not None:
            return unit(value)
        case Mapping():
            return ", ".join(f"{key}={value[key]}" for key in value) or "none"
        case tuple():
            return (
                ", ".join(f"{each:.3g}" if isinstance(each, float) else str(each) for each in value)
                or "none"
            )
        case _:
            return str(value)
