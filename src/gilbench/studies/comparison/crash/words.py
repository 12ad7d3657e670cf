"""What scenes show, in the words of a cell or a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench import durations

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gilbench.studies.comparison.crash.scenes import Scene

__all__ = ["died", "enumeration", "goes_on", "in_vain", "merged", "others", "takes_along"]

_DEAD: Final[Mapping[str, str]] = {
    "nobody": "nobody",
    "worker": "the worker",
    "workers": "all workers",
    "program": "the program",
}


def takes_along(scene: Scene) -> str:
    """Return what the failure of a worker by itself takes along."""
    if scene.died == "program":
        return "the program"
    if not scene.spares_others:
        return "other tasks too"
    return "nothing" if scene.died == "nobody" else "itself only"


def died(scene: Scene) -> str:
    """Return who died."""
    return _DEAD[scene.died]


def others(scene: Scene) -> str:
    """Return what became of the other tasks: that which ran beside it, and those in the queue."""
    if scene.queued is None or scene.queued == scene.running:
        return scene.running
    return f"running {scene.running}, queued {scene.queued}"


def in_vain(scene: Scene) -> str | None:
    """Return why the caller never knew of a failure, null where it did."""
    if scene.died == "program":
        return "died with it"
    if scene.deceived:
        return "was told: done"
    if scene.hung:
        return f"never, in {durations.format(scene.limit_ns)}"
    return None


def goes_on(scene: Scene) -> str:
    """Return whether a new task was done."""
    return "yes" if scene.goes_on else "no"


def merged(told: Sequence[tuple[str, str]]) -> str:
    """Return what was told under several labels, and the labels where it is not the same."""
    by_text: dict[str, list[str]] = {}
    for label, text in told:
        by_text.setdefault(text, []).append(label)
    if len(by_text) == 1:
        return next(iter(by_text))
    return "; ".join(
        f"{text} ({', '.join(dict.fromkeys(labels))})" for text, labels in by_text.items()
    )


def enumeration(parts: Iterable[str], last: str = "and") -> str:
    """Return parts as a sentence lists them: `a, b and c`."""
    *front, end = parts
    return f"{', '.join(front)} {last} {end}" if front else end
