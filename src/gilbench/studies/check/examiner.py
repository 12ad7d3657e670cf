"""Who carries out the passes of a check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from gilbench.evidence import Observation, ShutOut, Timing
    from gilbench.host.protocol import (
        ObserveRequest,
        SampleReply,
        SampleRequest,
        ShutOutRequest,
        TimeRequest,
    )

__all__ = ["Examiner", "UnavailableError"]


class UnavailableError(Exception):
    """A way of running is not to be had here; the text says why."""


class Examiner(Protocol):
    """What the study asks. Each may raise InputError, where the target cannot be called."""

    def time(self, request: TimeRequest) -> Timing:
        """Return what calls cost with nobody watching."""

    def observe(self, request: ObserveRequest) -> Observation:
        """Return what an instrument saw."""

    def shut_out(self, request: ShutOutRequest) -> ShutOut:
        """Return how long a newcomer was shut out by a batch."""

    def sample(self, request: SampleRequest) -> SampleReply:
        """Return the readings of workers. Raises UnavailableError where they cannot run."""

    def close(self) -> None:
        """End what was started. May be called again."""
