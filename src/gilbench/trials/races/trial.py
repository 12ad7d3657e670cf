"""One trial: two workers of a way race in each of the forms, lap after lap."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

from gilbench.comparison import Way
from gilbench.errors import InputError
from gilbench.machine.interpreter import gil_enabled
from gilbench.trials import ways
from gilbench.trials.races import interpreters, processes, threads
from gilbench.trials.races.forms import OF_MEMORY, OF_THREADS
from gilbench.trials.tried import Tried, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gilbench.comparison import Parameter
    from gilbench.trials.races.running import Race

__all__ = ["perform"]

_NAME: Final = "race"


def perform(name: str, way: Way | None, parameters: Mapping[str, Parameter], seed: int) -> Tried:
    """Return for each form a series over the laps: `FORM_made`, `FORM_lost` and `FORM_update_ns`.

    The parameters: `forms`, separated by spaces; `laps`; `span_ns`, how long a form is raced in a
    lap; `switch_ns`, the switch interval for threads, 0 for the default. An update takes what all
    took over the number that all made. In `words` stands, by form, why it is not to be had here,
    and whether the `gil` is `on` or `off`. Raises UnavailableError where the way is not to be had,
    and RuntimeError where a worker fails.
    """
    if name != _NAME or way is None:
        raise InputError(f"no trial {name!r} of {way}")
    lacks = ways.why_unavailable(way)
    if lacks is not None:
        raise UnavailableError(lacks)
    wanted = str(parameters["forms"]).split()
    known = OF_THREADS if way is Way.THREAD else OF_MEMORY
    unknown = [form for form in wanted if form not in known]
    if unknown:
        raise InputError(f"no form {unknown[0]!r} for {way}; there are {', '.join(known)}")
    lacking = interpreters.lacking() if way is Way.INTERPRETER else {}
    course = _course([form for form in wanted if form not in lacking], parameters, seed)
    races = _race(way, course, parameters) if course else []
    words = {form: lacking[form] for form in wanted if form in lacking}
    return Tried(figures=_figures(races), words=words | {"gil": "on" if gil_enabled() else "off"})


def _course(forms: Sequence[str], parameters: Mapping[str, Parameter], seed: int) -> list[str]:
    """Return all forms in another order for each lap."""
    dice = random.Random(seed)
    return [form for _ in range(int(parameters["laps"])) for form in dice.sample(forms, len(forms))]


def _race(way: Way, course: Sequence[str], parameters: Mapping[str, Parameter]) -> list[Race]:
    span_ns = int(parameters["span_ns"])
    match way:
        case Way.THREAD:
            return threads.race(course, span_ns, int(parameters["switch_ns"]) or None)
        case Way.INTERPRETER:
            return interpreters.race(course, span_ns)
        case _:
            return processes.race(way, course, span_ns)


def _figures(races: Sequence[Race]) -> dict[str, tuple[float, ...]]:
    figures: dict[str, tuple[float, ...]] = {}
    for race in races:
        told = {
            "made": race.made,
            "lost": race.made - race.kept,
            "update_ns": race.elapsed_ns / race.made,
        }
        for name, value in told.items():
            key = f"{race.form}_{name}"
            figures[key] = (*figures.get(key, ()), value)
    return figures
