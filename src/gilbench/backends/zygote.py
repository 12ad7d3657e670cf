"""A process forked before the host started a thread, from which `fork` workers come.

Forking a process with threads can deadlock the child. The zygote speaks over a socket: it is
sent a worker's connection and forks, or it is sent a worker's number and tells how it ended.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
import struct
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, NoReturn

from gilbench.backends.serving import live

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Zygote"]

_NUMBER = struct.Struct("i")
_NO_MORE = -1


class Zygote:
    """The host's end: asks for workers."""

    def __init__(self, not_for_workers: Sequence[int]) -> None:
        """Fork the zygote, which closes the descriptors that are `not_for_workers`.

        To be called while this process has a single thread.
        """
        ours, theirs = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            ours.close()
            for descriptor in not_for_workers:
                os.close(descriptor)
            _live(theirs)
        theirs.close()
        self._socket = ours

    def worker(self) -> tuple[Connection, int]:
        """Return the connection to a new forked worker, and its process number.

        Raises OSError where the system refuses the process, or has ended the zygote.
        """
        ours, theirs = socket.socketpair()
        with ours, theirs:
            try:
                socket.send_fds(self._socket, [_NUMBER.pack(_NO_MORE)], [theirs.fileno()])
                pid = self._hear()
            except ConnectionError as error:
                raise ConnectionError("the zygote is gone") from error
            if pid < 0:
                raise OSError(-pid, os.strerror(-pid))
            return Connection(ours.detach()), pid

    def exit_code(self, pid: int) -> int | None:
        """Return how a worker ended, as `subprocess` tells it, or null if nobody can tell.

        Waits for its end.
        """
        try:
            self._socket.send(_NUMBER.pack(pid))
            return self._hear()
        except ConnectionError:
            return None

    def close(self) -> None:
        """End the zygote and all workers that it forked."""
        # Also where something that the user's function forked still holds our end.
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        os.waitpid(self.pid, 0)

    def _hear(self) -> int:
        told = self._socket.recv(_NUMBER.size)
        if not told:
            raise ConnectionError
        (number,) = _NUMBER.unpack(told)
        return int(number)


def _live(control: socket.socket) -> NoReturn:
    """Fork a worker for each connection that comes, until the host is gone."""
    children: set[int] = set()
    try:
        _serve(control, children)
    except OSError:
        pass  # The host went in the middle of a question.
    finally:
        # Whatever happened: this process must never go on as if it were the host.
        for pid in children:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        for pid in children:
            with suppress(OSError):
                os.waitpid(pid, 0)
        os._exit(0)


def _serve(control: socket.socket, children: set[int]) -> None:
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, _NUMBER.size, 1)
        if not message:
            return
        (number,) = _NUMBER.unpack(message)
        if number != _NO_MORE:
            _, status = os.waitpid(number, 0)
            children.discard(number)
            control.send(_NUMBER.pack(os.waitstatus_to_exitcode(status)))
            continue
        try:
            pid = os.fork()
        except OSError as error:
            os.close(descriptors[0])
            # Below zero: the number of an error, in place of a process.
            control.send(_NUMBER.pack(-(error.errno or errno.EAGAIN)))
            continue
        if pid == 0:
            code = 1
            try:
                control.close()
                live(Connection(descriptors[0]))
                code = 0
            finally:
                sys.stderr.flush()
                os._exit(code)
        children.add(pid)
        os.close(descriptors[0])
        control.send(_NUMBER.pack(pid))
