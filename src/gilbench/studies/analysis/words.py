"""Names and figures as sentences spell them."""

from __future__ import annotations

from typing import Final

__all__ = ["count", "kernel", "noun", "percent"]

_COUNTS: Final = (
    *("no", "one", "two", "three", "four", "five"),
    *("six", "seven", "eight", "nine", "ten"),
)

_NOUNS: Final = {
    "threads": "threads",
    "processes": "processes",
    "fork": "forked processes",
    "forkserver": "forkserver processes",
    "spawn": "spawned processes",
    "interpreters": "subinterpreters",
    "native": "native threads",
}


def count(number: int) -> str:
    """Return `number` as a word up to ten, in digits beyond."""
    return _COUNTS[number] if number < len(_COUNTS) else str(number)


def noun(backend: str) -> str:
    """Return what the workers of `backend` are, in the plural."""
    return _NOUNS.get(backend, f"{backend} workers")


def kernel(workload: str) -> str | None:
    """Return the kernel's name in `mix:share=0.5`, or None for a user's function or statement."""
    name, _, rest = workload.partition(":")
    if rest.startswith("{"):
        return None
    return None if rest and "=" not in rest else name


def percent(share: float) -> str:
    """Return a share of 1 in whole percent."""
    return f"{round(100 * share)} %"
