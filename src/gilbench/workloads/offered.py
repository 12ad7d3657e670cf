"""Workloads of other distributions: entry points of the group `gilbench.workloads`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gilbench import discovery
from gilbench.errors import InputError
from gilbench.model import Listing, Mode
from gilbench.workloads.spec import Spec, parse_spec
from gilbench.workloads.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from gilbench.discovery import Offer

__all__ = ["Recipe", "offered_listings", "offered_names", "offered_workload"]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What an entry point of `gilbench.workloads` names: how a workload is made from its text.

    `summary` is one line for `list`, and `parameters` is what can be given, such as
    `limit=NUMBER grain=DURATION`, empty for none. `make` returns the workload with its parameters
    bound, and must do so without any given; for what it cannot read it raises `InputError`, as
    `Spec.read` does.
    """

    summary: str
    parameters: str
    make: Callable[[Spec], Workload]


def offered_names(built_in: Container[str]) -> tuple[str, ...]:
    """Return the names that are offered and not refused; nothing is loaded."""
    group = discovery.WORKLOADS
    return tuple(
        offer.name
        for offer in discovery.offers(group)
        if discovery.refusal(offer, group, built_in=built_in) is None
    )


def offered_workload(text: str) -> Workload | None:
    """Return the workload of another distribution that `text` names, or null.

    Raises InputError where it does not import, is no workload, or refuses its parameters.
    """
    offer = discovery.offer(discovery.WORKLOADS, text.partition(":")[0])
    return None if offer is None else _made(offer, _recipe(offer), parse_spec(text))


def offered_listings(built_in: Container[str]) -> list[Listing]:
    """Return all that is offered; what is refused or cannot be made here has the reason."""
    return [_listing(offer, built_in) for offer in discovery.offers(discovery.WORKLOADS)]


def _listing(offer: Offer, built_in: Container[str]) -> Listing:
    summary, parameters = "a workload", ""
    unavailable = discovery.refusal(offer, discovery.WORKLOADS, built_in=built_in)
    if unavailable is None:
        try:
            recipe = _recipe(offer)
            summary, parameters = recipe.summary, recipe.parameters
            _made(offer, recipe, Spec(name=offer.name, parameters={}))
        except InputError as error:
            unavailable = str(error)
    return Listing(
        name=offer.name,
        summary=f"{summary} (from {offer.origin})",
        parameters=parameters,
        unavailable=unavailable,
    )


def _recipe(offer: Offer) -> Recipe:
    found = offer.load()
    what = f"{offer.name!r} of {offer.origin}"
    if not isinstance(found, Recipe):
        raise InputError(f"{what} is {type(found).__name__}, not a gilbench.plugin.Recipe")
    for told in (found.summary, found.parameters):
        if not isinstance(told, str):
            raise InputError(f"{what} is described by {told!r}, which is no text")
    return found


def _made(offer: Offer, recipe: Recipe, spec: Spec) -> Workload:
    """Return the workload, once it is known that every worker will find the same by its text."""
    what = f"workload {offer.name!r} of {offer.origin}"
    try:
        made = recipe.make(spec)
    except InputError:
        raise
    except (Exception, SystemExit) as error:
        raise InputError(f"{what} cannot be made: {discovery.said(error)}") from error
    lacks = discovery.lacking(made, Workload)
    if lacks is not None:
        raise InputError(f"{what} is no workload: {type(made).__name__} lacks {lacks}")
    wrong = _wrong(made, offer.name)
    if wrong is not None:
        raise InputError(f"{what} {wrong}")
    return made


def _wrong(made: Workload, name: str) -> str | None:
    """Return what a workload tells of itself that cannot be, or null."""
    text: object = made.text
    if not isinstance(text, str) or text.partition(":")[0] != name:
        return f"calls itself {text!r}, by which no worker finds it"
    modes: object = made.modes
    known = isinstance(modes, Sequence) and all(isinstance(mode, Mode) for mode in modes)
    if not modes or not known:
        return f"has the modes {modes!r}, which are none"
    if made.grain_ns is not None and not _is_count(made.grain_ns):
        return f"has the grain {made.grain_ns!r}: it is whole nanoseconds, or null"
    if not _is_count(made.bytes):
        return f"takes {made.bytes!r} bytes: it is a whole number from 0 on"
    return None


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
