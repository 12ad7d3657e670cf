"""The hosts of a run, which take turns, a round each.

What differs from process to process (hash seed, address layout) then differs from round to round,
and is not mixed up with how the machine's speed drifts from the start of a run to its end.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench.experiment.link import HostLostError

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench.experiment.link import Host
    from gilbench.host.protocol import Message

__all__ = ["FEWEST_HOSTS", "Seats"]

# As pyperf spreads its values over processes: what differs between them is part of the interval.
FEWEST_HOSTS: Final = 3


@dataclass(frozen=True, kw_only=True)
class _Seated:
    """A host at work, and its number in the run."""

    number: int
    host: Host


class Seats:
    """As many hosts at a time as a run needs; a lost one is replaced when its turn comes again."""

    def __init__(self, start_host: Callable[[], Host]) -> None:
        self._start_host = start_host
        self._seats: list[_Seated | None] = [None] * FEWEST_HOSTS
        self.started = 0
        self.asked = 0
        """The number of the host that was asked last."""

    def ask(self, round: int, request: Message, timeout_s: float) -> Message:
        """Return the reply of the host whose turn a round is; where there is none, it is started.

        Raises HostLostError, and HostError when no host can be started.
        """
        seat = round % FEWEST_HOSTS
        seated = self._seats[seat]
        if seated is None:
            seated = self._seats[seat] = _Seated(number=self.started, host=self._start_host())
            self.started += 1
        self.asked = seated.number
        try:
            return seated.host.ask(request, timeout_s)
        except HostLostError:
            self._seats[seat] = None
            raise

    def close(self) -> None:
        """End all hosts, whatever happens while one of them ends."""
        hosts = [seated.host for seated in self._seats if seated is not None]
        with ExitStack() as stack:
            for host in hosts:
                stack.callback(host.close)
            # All of them at once: each may take a while to end its workers.
            for host in hosts:
                host.dismiss()
