"""The trials of `crash`: what failures take along in one place, each in a scene of its own."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from gilbench.errors import InputError
from gilbench.trials import ways
from gilbench.trials.crash import failure, place, semaphores
from gilbench.trials.crash.failure import Failure
from gilbench.trials.crash.place import Place
from gilbench.trials.crash.sacrifice import Script, sacrifice
from gilbench.trials.tried import Tried, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gilbench.comparison import Parameter, Way
    from gilbench.trials.crash.sacrifice import Seen

__all__ = ["perform"]

# They mostly wait; more would wait for one another.
_SCENES_AT_ONCE: Final = 2


def perform(name: str, way: Way | None, parameters: Mapping[str, Parameter], seed: int) -> Tried:
    """Return what came of the failures that `parameters` name, in the place `name` and that way.

    `failures` are their names with a space between, `limit_ns` is how long the caller waits for
    each. Words and figures are those of `sacrifice.Seen`, each after its failure's name and a
    point; `unavailable` is why there is no such failure here, and `failed` what went wrong.

    Raises UnavailableError where the place or the way is not to be had.
    """
    if way is None or name not in {each.value for each in Place}:
        raise InputError(f"no workers of the way {way} in {name!r}")
    where = Place(name)
    lacks = ways.why_unavailable(way) or place.why_unavailable(where)
    if lacks is not None:
        raise UnavailableError(lacks)
    failures = [Failure(each) for each in str(parameters["failures"]).split()]
    random.Random(seed).shuffle(failures)
    # What takes longest comes first, so that nothing waits for it alone at the end.
    failures.sort(key=lambda each: each is not Failure.HANG)
    limit_ns = int(parameters["limit_ns"])
    owner = semaphores.owner()

    def seen(each: Failure) -> dict[str, str] | Seen:
        unavailable = failure.why_unavailable(each)
        if unavailable is not None:
            return {"unavailable": unavailable}
        try:
            script = Script(place=where, way=way.value, failure=each, limit_ns=limit_ns)
            return sacrifice(script, owner)
        except (OSError, RuntimeError, ValueError) as error:
            return {"failed": str(error)}

    try:
        with ThreadPoolExecutor(_SCENES_AT_ONCE) as two:
            all_seen = dict(zip(failures, two.map(seen, failures), strict=True))
    finally:
        semaphores.sweep(owner)
    figures: dict[str, tuple[float, ...]] = {}
    words: dict[str, str] = {}
    for each, one in all_seen.items():
        told, measured = (one, {}) if isinstance(one, dict) else (one.words, one.figures)
        words |= {f"{each}.{what}": word for what, word in told.items()}
        figures |= {f"{each}.{what}": (figure,) for what, figure in measured.items()}
    return Tried(figures=figures, words=words)
