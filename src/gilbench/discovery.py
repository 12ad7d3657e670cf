"""What other distributions offer by entry points: told by their metadata, loaded when it is used.

Standard library only. To read all metadata takes some milliseconds. Workers and hosts, which come
and go, pay that only for what gilbench does not have itself. `run` and `env` pay it once: the
versions of all that is offered are part of what they record.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from gilbench.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Container
    from importlib.metadata import EntryPoint

__all__ = [
    "BACKENDS",
    "WORKLOADS",
    "Offer",
    "lacking",
    "offer",
    "offers",
    "refusal",
    "said",
    "versions",
]

WORKLOADS: Final = "gilbench.workloads"
BACKENDS: Final = "gilbench.backends"

_NAME: Final = re.compile(r"[A-Za-z_][\w.-]*")


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One entry point, not loaded yet, and the distribution that it comes from."""

    name: str
    distribution: str
    version: str
    entry_point: EntryPoint

    @property
    def origin(self) -> str:
        """Return the distribution with its version, such as `gilbench-example 1.0`."""
        return f"{self.distribution} {self.version}".strip()

    def load(self) -> object:
        """Return the object that is offered. Raises InputError for what cannot be imported."""
        try:
            found: object = self.entry_point.load()
        except (Exception, SystemExit) as error:
            raise InputError(
                f"{self.name!r} of {self.origin} cannot be loaded: {said(error)}"
            ) from error
        return found


def offers(group: str) -> tuple[Offer, ...]:
    """Return what is offered in a group, by name, as `sys.path` stands now."""
    return _offers(group, tuple(sys.path))


def offer(group: str, name: str) -> Offer | None:
    """Return what is offered under a name, or null. Raises InputError where two offer it."""
    for found in offers(group):
        if found.name == name:
            reason = refusal(found, group, built_in=())
            if reason is not None:
                raise InputError(f"{name!r} of {found.origin}: {reason}")
            return found
    return None


def refusal(given: Offer, group: str, *, built_in: Container[str]) -> str | None:
    """Return why an offer cannot be taken, whatever it holds, or null."""
    if given.name in built_in:
        return "gilbench has its own of that name"
    if _NAME.fullmatch(given.name) is None:
        return "a name has letters, digits, '_', '-' and '.' only"
    for other in offers(group):
        if other.name == given.name and other.distribution != given.distribution:
            return f"{other.origin} offers the same name; uninstall one of them"
    return None


def lacking(found: object, protocol: type) -> str | None:
    """Return the public members of a protocol that an object lacks, with commas; null for none.

    One that raises when it is looked at is lacking too, and told with its error.
    """
    members = (name for name in vars(protocol) if not name.startswith("_"))
    return ", ".join(filter(None, (_lack(found, name) for name in members))) or None


def said(error: BaseException) -> str:
    """Return the type and the text of an error in one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def versions() -> dict[str, str]:
    """Return the versions of the distributions that offer something, by their names."""
    return {
        found.distribution: found.version
        for group in (WORKLOADS, BACKENDS)
        for found in offers(group)
    }


def _lack(found: object, name: str) -> str | None:
    try:
        getattr(found, name)
    except AttributeError:
        return name
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the code of others
        return f"{name} ({said(error)})"
    return None


@cache
def _offers(group: str, _path: tuple[str, ...]) -> tuple[Offer, ...]:
    from importlib.metadata import entry_points

    found = [
        Offer(
            name=each.name,
            distribution=each.dist.name if each.dist else "a distribution without a name",
            version=each.dist.version if each.dist else "",
            entry_point=each,
        )
        for each in entry_points(group=group)
    ]
    return tuple(sorted(found, key=lambda each: (each.name, each.distribution)))
