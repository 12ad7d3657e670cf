from __future__ import annotations

import socket
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import psutil
import pytest

from gilbench.workloads.io import service
from gilbench.workloads.io.http import Target, body_of, request_of
from gilbench.workloads.io.server import BODY
from gilbench.workloads.io.service import LOOPBACK, server_port
from processes import gone_soon

MS = 1_000_000
KEPT = b"GET /1000 HTTP/1.1\r\nHost: x\r\n\r\n"


def whole(connection: socket.socket) -> bytes:
    """Return all that comes until the end."""
    pieces = []
    while piece := connection.recv(2**16):
        pieces.append(piece)
    return b"".join(pieces)


def ask(port: int, request: bytes) -> bytes:
    with socket.create_connection((LOOPBACK, port), 10) as connection:
        connection.sendall(request)
        return whole(connection)


def test_an_answer_comes_after_the_delay(port: int) -> None:
    began = time.monotonic()
    answer = ask(port, request_of(Target(port=port, delay_ns=50 * MS)))
    assert time.monotonic() - began >= 0.05
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert f"Content-Length: {len(BODY)}".encode() in answer
    assert body_of(answer) == BODY


def test_many_are_under_way_at_once(port: int) -> None:
    began = time.monotonic()
    with ExitStack() as stack:
        connections = [
            stack.enter_context(socket.create_connection((LOOPBACK, port), 10)) for _ in range(100)
        ]
        for connection in connections:
            connection.sendall(request_of(Target(port=port, delay_ns=300 * MS)))
        assert {body_of(whole(connection)) for connection in connections} == {BODY}
    # One after another it would be half a minute.
    assert 0.3 <= time.monotonic() - began < 5


def test_a_connection_is_kept_for_who_wants_it(port: int) -> None:
    with socket.create_connection((LOOPBACK, port), 10) as connection:
        for _ in range(3):
            connection.sendall(KEPT)
            answer = b""
            while not answer.endswith(BODY):
                answer += connection.recv(2**16)
            assert b"Connection: keep-alive" in answer
        connection.sendall(request_of(Target(port=port, delay_ns=1)))
        assert whole(connection).endswith(BODY)


@pytest.mark.parametrize(
    "nonsense",
    [
        b"GET /soon HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"PUT /1 HTTP/1.1\r\n\r\n",
        b"hello\r\n\r\n",
    ],
)
def test_what_is_no_request_of_ours_is_refused_and_the_next_answered(
    port: int, nonsense: bytes
) -> None:
    assert ask(port, nonsense).startswith(b"HTTP/1.1 400 ")
    assert body_of(ask(port, request_of(Target(port=port, delay_ns=1)))) == BODY


def test_who_leaves_in_the_middle_disturbs_nobody(port: int) -> None:
    for rest in (b"", b"GET /1 HT", request_of(Target(port=port, delay_ns=50 * MS))):
        with socket.create_connection((LOOPBACK, port), 10) as connection:
            connection.sendall(rest)
    with suppress(ConnectionResetError):
        assert ask(port, b"x" * 2**17 + b"\r\n\r\n") == b""
    assert body_of(ask(port, request_of(Target(port=port, delay_ns=1)))) == BODY


def test_it_listens_on_loopback_alone_and_ends_once_its_file_is_gone(
    host_folder: Path,
) -> None:
    port = server_port()
    process = service._started[-1]
    (listening,) = [
        each
        for each in psutil.Process(process.pid).net_connections()
        if each.status == psutil.CONN_LISTEN
    ]
    assert tuple(listening.laddr) == (LOOPBACK, port)
    (host_folder / service.NAME).unlink()
    assert gone_soon(process.pid)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((LOOPBACK, port), 10)
