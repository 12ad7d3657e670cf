"""Who carries out trials: hosts, each in a process of its own, that nothing is left of."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from gilbench.comparison import Trial
from gilbench.errors import InputError
from gilbench.experiment.link import HostLostError, HostProcess
from gilbench.host.protocol import FailedReply, TrialReply, TrialRequest
from gilbench.model import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench.comparison import Parameter, Way
    from gilbench.experiment.link import Host
    from gilbench.host.protocol import Message

__all__ = ["HostLaboratory", "Laboratory"]

_SECONDS_FOR_A_TRIAL: Final = 60.0


class Laboratory(Protocol):
    """What the study of a row asks."""

    def trial(
        self,
        row: str,
        name: str,
        way: Way | None,
        *,
        round: int = 0,
        fresh: bool = False,
        **parameters: Parameter,
    ) -> Trial:
        """Return one trial, with what went wrong in it if something did.

        `fresh`: in a process that tries nothing else. Raises InputError for what the user can mend.
        """


class HostLaboratory:
    """Trials in hosts: one for all that leave no trace, a new one for each that is to be alone."""

    def __init__(
        self, seed: int, dsn: str | None = None, start_host: Callable[[], Host] = HostProcess
    ) -> None:
        """Seed the trials' own dice. No host is started before it is needed.

        `dsn`, which may hold a password, goes to the trials named `postgres…` and nowhere else.
        """
        self._dice = random.Random(seed)
        self._dsn = dsn
        self._start_host = start_host
        self._host: Host | None = None

    def trial(
        self,
        row: str,
        name: str,
        way: Way | None,
        *,
        round: int = 0,
        fresh: bool = False,
        **parameters: Parameter,
    ) -> Trial:
        """Return one trial. Raises InputError, and HostError when no host starts."""
        request = TrialRequest(
            row=row,
            name=name,
            way=way,
            parameters=parameters | self._secrets(name),
            seed=self._dice.getrandbits(32),
        )
        try:
            reply = self._ask_alone(request) if fresh else self._ask(request)
        except HostLostError as error:
            reply = FailedReply(kind="failed", reason=str(error))
        trial = Trial(row=row, name=name, way=way, parameters=parameters, round=round)
        if isinstance(reply, TrialReply):
            return replace(trial, figures=reply.figures, words=reply.words)
        assert isinstance(reply, FailedReply)
        reason = self._without_secrets(reply.reason)
        if reply.kind == "input":
            raise InputError(reason)
        status = Status.UNAVAILABLE if reply.kind == "unavailable" else Status.FAILED
        return replace(trial, status=status, reason=reason)

    def close(self) -> None:
        """End what was started. May be called again."""
        if self._host is not None:
            self._host.close()
            self._host = None

    def _secrets(self, name: str) -> dict[str, Parameter]:
        return {} if self._dsn is None or not name.startswith("postgres") else {"dsn": self._dsn}

    def _without_secrets(self, reason: str) -> str:
        # A driver that cannot read an address quotes it.
        return reason.replace(self._dsn, "(the DSN)") if self._dsn else reason

    def _ask(self, request: TrialRequest) -> Message:
        if self._host is None:
            self._host = self._start_host()
        try:
            return self._host.ask(request, _SECONDS_FOR_A_TRIAL)
        except HostLostError:
            self.close()
            raise

    def _ask_alone(self, request: TrialRequest) -> Message:
        host = self._start_host()
        try:
            return host.ask(request, _SECONDS_FOR_A_TRIAL)
        finally:
            host.close()
