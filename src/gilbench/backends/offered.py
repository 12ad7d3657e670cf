"""Backends of other distributions: entry points of the group `gilbench.backends`."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from gilbench import discovery
from gilbench.backends.backend import Backend
from gilbench.errors import InputError
from gilbench.model import Listing

if TYPE_CHECKING:
    from collections.abc import Container

    from gilbench.discovery import Offer

__all__ = ["offered_backend", "offered_listings", "offered_names", "why_unavailable"]


def offered_names(built_in: Container[str]) -> tuple[str, ...]:
    """Return the names that are offered and not refused; nothing is loaded."""
    group = discovery.BACKENDS
    return tuple(
        offer.name
        for offer in discovery.offers(group)
        if discovery.refusal(offer, group, built_in=built_in) is None
    )


def offered_backend(name: str) -> Backend | None:
    """Return the backend of another distribution of that name, or null.

    Raises InputError where it does not import or is no backend.
    """
    offer = discovery.offer(discovery.BACKENDS, name)
    return None if offer is None else _backend(offer)


def offered_listings(built_in: Container[str]) -> list[Listing]:
    """Return all that is offered; what is refused or cannot run here has the reason."""
    return [_listing(offer, built_in) for offer in discovery.offers(discovery.BACKENDS)]


def why_unavailable(backend: Backend) -> str | None:
    """Return why `backend` cannot run here, or null. An error of its own is such a reason."""
    try:
        reason = backend.unavailable()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the code of others
        return f"it cannot tell whether it runs here: {discovery.said(error)}"
    return None if reason is None else str(reason)


def _listing(offer: Offer, built_in: Container[str]) -> Listing:
    summary = "a backend"
    unavailable = discovery.refusal(offer, discovery.BACKENDS, built_in=built_in)
    if unavailable is None:
        try:
            backend = _backend(offer)
            summary, unavailable = backend.summary, why_unavailable(backend)
        except InputError as error:
            unavailable = str(error)
    return Listing(
        name=offer.name,
        summary=f"{summary} (from {offer.origin})",
        parameters="",
        unavailable=unavailable,
    )


def _backend(offer: Offer) -> Backend:
    found = offer.load()
    what = f"{offer.name!r} of {offer.origin}"
    if isinstance(found, type):
        raise InputError(f"{what} is the class {found.__name__}, not a backend made of it")
    lacks = discovery.lacking(found, Backend)
    if lacks is not None:
        raise InputError(f"{what} is no backend: {type(found).__name__} lacks {lacks}")
    backend = cast("Backend", found)
    if backend.name != offer.name:
        raise InputError(f"{what} calls itself {backend.name!r}: give it the entry point's name")
    return backend
