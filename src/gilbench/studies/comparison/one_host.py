"""One host in every seat of a run that is too short to start several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gilbench.experiment.link import HostLostError, HostProcess

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench.experiment.link import Host
    from gilbench.host.protocol import Message

__all__ = ["OneHost"]


class OneHost:
    """A host that is started when it is first asked, and again when it was lost.

    To start one, with its workers of every way, takes the better part of a second. What differs
    from process to process is then no part of an interval; it is small beside what is asked here,
    whether several workers are faster than one.
    """

    def __init__(self, start: Callable[[], Host] = HostProcess) -> None:
        self._start = start
        self._host: Host | None = None

    def __call__(self) -> Host:
        """Return itself, for one more seat."""
        if self._host is None:
            self._host = self._start()
        return self

    def ask(self, request: Message, timeout_s: float) -> Message:
        """Return the host's reply. Raises HostLostError, and HostError when none starts."""
        if self._host is None:
            self._host = self._start()
        try:
            return self._host.ask(request, timeout_s)
        except HostLostError:
            self._host = None
            raise

    def dismiss(self) -> None:
        """Tell the host that nothing more will be asked."""
        if self._host is not None:
            self._host.dismiss()

    def close(self) -> None:
        """End the host and all that it started. May be called again."""
        if self._host is not None:
            self._host.close()
            self._host = None
