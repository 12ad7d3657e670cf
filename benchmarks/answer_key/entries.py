"""The answer key: what `key.toml` says of each function, and which truth counts where."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = ["BUILDS", "Entry", "Truth", "Turn", "read_key", "truth_for"]

Version = tuple[int, int]

BUILDS: Final = ("gil", "free-threaded")


@dataclass(frozen=True, kw_only=True)
class Turn:
    """From `size` on a function does what is `after`, and one of `before` up to there."""

    size: int
    before: frozenset[str]
    after: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What is accepted on Pythons from `since` to `until`, both included, of one `build`; null
    where it is all of them. A function without sizes has `verdicts`, one with sizes a `turn`.

    `share`: the least and the most of a call that is held, where the source fixes it.
    """

    since: Version | None
    until: Version | None
    build: str | None
    verdicts: frozenset[str]
    share: tuple[float, float] | None
    turn: Turn | None

    def counts(self, version: Version, build: str) -> bool:
        """Whether this is the truth of that Python."""
        return (
            (self.since is None or self.since <= version)
            and (self.until is None or version <= self.until)
            and (self.build is None or self.build == build)
        )


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One function of the key. `needs` are modules, perhaps with a least version: `numpy>=2`.
    `platforms` are those of `sys.platform` that have it; all, where there are none.
    """

    name: str
    needs: tuple[str, ...]
    platforms: tuple[str, ...]
    setup: str
    statement: str
    sizes: str | None
    source: tuple[str, ...]
    why: str
    truths: tuple[Truth, ...]

    def lacking(self, platform: str, version_of: Callable[[str], str | None]) -> str | None:
        """Return why it cannot be called here, or null. `version_of` gives null for no module."""
        if self.platforms and platform not in self.platforms:
            return f"not on {platform}"
        for need in self.needs:
            module, _, least = need.partition(">=")
            version = version_of(module)
            if version is None:
                return f"no {module}"
            if least and _numbers(version) < _numbers(least):
                return f"{module} {version} is older than {least}"
        return None


def read_key(path: Path) -> tuple[Entry, ...]:
    """Return the functions of the key in order. Raises ValueError that names what is wrong."""
    with path.open("rb") as file:
        tables = tomllib.load(file)["function"]
    return tuple(_entry(table) for table in tables)


def truth_for(entry: Entry, version: Version, build: str) -> Truth:
    """Return the one truth for this Python. Raises LookupError where there is none, or several."""
    truths = [truth for truth in entry.truths if truth.counts(version, build)]
    if len(truths) != 1:
        python = f"{version[0]}.{version[1]} ({build})"
        raise LookupError(f"{entry.name}: {len(truths)} truths for Python {python}, wanted one")
    return truths[0]


def _entry(table: Mapping[str, Any]) -> Entry:
    name = table.get("name", "a function without a name")
    try:
        return Entry(
            name=table["name"],
            needs=tuple(table.get("needs", ())),
            platforms=tuple(table.get("platforms", ())),
            setup=table["setup"].strip("\n"),
            statement=table["statement"],
            sizes=table.get("sizes"),
            source=tuple(table["source"]),
            why=table["why"],
            truths=tuple(_truth(truth, sized="sizes" in table) for truth in table["truth"]),
        )
    except KeyError as error:
        raise ValueError(f"{name}: {error} is missing") from None
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _truth(table: Mapping[str, Any], *, sized: bool) -> Truth:
    unknown = table.keys() - {"since", "until", "build", "verdicts", "share", "threshold"}
    if unknown:
        raise ValueError(f"a truth has no {', '.join(sorted(unknown))}")
    if sized != ("threshold" in table) or sized == ("verdicts" in table):
        raise ValueError("a function with sizes has a threshold, any other has verdicts")
    build = table.get("build")
    if build is not None and build not in BUILDS:
        raise ValueError(f"build {build!r} is none of {', '.join(BUILDS)}")
    low, high = table.get("share", (0.0, 1.0))
    return Truth(
        since=_version(table.get("since")),
        until=_version(table.get("until")),
        build=build,
        verdicts=frozenset(table.get("verdicts", ())),
        share=(low, high) if "share" in table else None,
        turn=_turn(table["threshold"]) if sized else None,
    )


def _turn(table: Mapping[str, Any]) -> Turn:
    return Turn(
        size=table["size"],
        before=frozenset(table["before"]),
        after=frozenset(table["after"]),
    )


def _version(text: str | None) -> Version | None:
    if text is None:
        return None
    major, minor = text.split(".")
    return int(major), int(minor)


def _numbers(version: str) -> tuple[int, ...]:
    """Return the leading whole numbers of a version: (2, 4) of `2.4rc1`, which is close enough."""
    numbers = []
    for part in version.split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        numbers.append(int(digits))
    return tuple(numbers)
