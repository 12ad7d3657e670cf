"""Workers of one way, started once and told what to do, window after window."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final

from gilbench._native.clock import now_ns
from gilbench.backends.backend import WorkerFailedError
from gilbench.errors import InputError
from gilbench.trials import ways
from gilbench.trials.io_bound.window import Reading
from gilbench.trials.io_bound.worker import LOOPBACK
from gilbench.trials.tried import UnavailableError

if TYPE_CHECKING:
    from types import TracebackType

    from gilbench.comparison import Way
    from gilbench.trials.io_bound.window import Window

__all__ = ["Crew"]

_NS_TO_START: Final = 30_000_000_000
_SECONDS_BETWEEN_LOOKS: Final = 0.1
_SECONDS_TO_ANSWER: Final = 30.0
_SECONDS_TO_END: Final = 5.0
# From the word until all begin: as long as it takes to tell them, with a GIL that they share.
_NOTICE_NS: Final = 500_000
_NOTICE_EACH_NS: Final = 150_000


@dataclass(frozen=True, kw_only=True)
class _Member:
    """One worker's end of the line."""

    connection: socket.socket
    answers: IO[str]

    def tell(self, told: dict[str, Any]) -> None:
        self.connection.sendall(f"{json.dumps(told)}\n".encode())

    def hear(self) -> dict[str, Any]:
        """Return its answer. Raises what is said of what went wrong."""
        line = self.answers.readline()
        if not line:
            raise WorkerFailedError("a worker ended in the middle")
        answer: dict[str, Any] = json.loads(line)
        match answer.get("what"):
            case None:
                return answer
            case "unavailable":
                raise UnavailableError(answer["problem"])
            case "input":
                raise InputError(answer["problem"])
            case _:
                raise WorkerFailedError(answer["problem"])

    def close(self) -> None:
        self.answers.close()
        self.connection.close()


class Crew:
    """Workers of one way, each with a connection to here."""

    def __init__(self, way: Way, workers: int, dsn: str | None = None) -> None:
        """Start so many. Raises UnavailableError where the way is not to be had here."""
        self._dsn = dsn
        self._started: list[ways.Started] = []
        self._members: list[_Member] = []
        try:
            self._start(way, workers)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self,
        type_: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def open(self, kind: str, workers: int) -> None:
        """Have so many ready for work of a kind. Raises what keeps one of them from it."""
        for member in self._members[:workers]:
            member.tell({"open": kind, "dsn": self._dsn})
        self._hear(self._members[:workers])

    def drop(self, kind: str) -> None:
        """Close what is open for work of a kind, and so make room for others."""
        for member in self._members:
            member.tell({"close": kind})
        self._hear(self._members)

    def run(self, window: Window) -> list[Reading]:
        """Return what each worker of the window read. Raises WorkerFailedError, and
        UnavailableError where the system refuses it now.

        Beside them the next one of the crew computes, where one is to.
        """
        at_work = self._members[: window.workers]
        burning = self._members[window.workers :][: window.beside]
        from_ns = now_ns() + _NOTICE_NS + len(at_work) * _NOTICE_EACH_NS
        span = {"from": from_ns, "until": from_ns + window.span_ns}
        for member in at_work:
            member.tell({"work": window.kind, **span})
        for member in burning:
            member.tell({"burn": True, **span})
        answers = self._hear([*at_work, *burning])
        return [Reading(**answer) for answer in answers[: window.workers]]

    def close(self) -> None:
        """End all workers. May be called again."""
        for member in self._members:
            member.close()
        self._members.clear()
        while self._started:
            worker = self._started.pop()
            if not worker.join(_SECONDS_TO_END):
                worker.end()

    def _start(self, way: Way, workers: int) -> None:
        with socket.create_server((LOOPBACK, 0), backlog=workers) as listening:
            listening.settimeout(_SECONDS_BETWEEN_LOOKS)
            port = listening.getsockname()[1]
            # All before the first thread is there that a fork must not see.
            self._started += [
                ways.start(way, "gilbench.trials.io_bound.worker:live", (port, number))
                for number in range(workers)
            ]
            for _ in range(workers):
                connection = self._accept(listening)
                connection.settimeout(_SECONDS_TO_ANSWER)
                answers = connection.makefile("r", encoding="utf-8")
                self._members.append(_Member(connection=connection, answers=answers))
        for member in self._members:
            member.hear()

    def _accept(self, listening: socket.socket) -> socket.socket:
        """Return the next worker's connection. Raises WorkerFailedError where one will not come."""
        give_up_ns = now_ns() + _NS_TO_START
        while True:
            try:
                return listening.accept()[0]
            except TimeoutError:
                ended = [worker for worker in self._started if worker.join(0)]
                if ended:
                    raise WorkerFailedError(ended[0].problem or "a worker ended at once") from None
                if now_ns() > give_up_ns:
                    raise WorkerFailedError("not all workers came to life") from None

    @staticmethod
    def _hear(members: list[_Member]) -> list[dict[str, Any]]:
        """Return all answers. Raises the first problem, once everybody has answered."""
        answers: list[dict[str, Any]] = []
        problem: Exception | None = None
        for member in members:
            try:
                answers.append(member.hear())
            except (InputError, UnavailableError, WorkerFailedError) as error:
                problem = problem or error
        if problem is not None:
            raise problem
        return answers
