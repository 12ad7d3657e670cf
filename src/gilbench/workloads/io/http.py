"""`http`: requests to a server of ours on loopback, which answers after a while.

The clients differ in what they do for one: `urllib`, as all of Python has it, and `socket`, which
does the least that HTTP takes, connect for each request, as who asks many hosts does; `httpx` keeps
its connection.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from gilbench import durations
from gilbench.errors import InputError
from gilbench.workloads.io.isolation import require_isolated
from gilbench.workloads.io.operation import MissingError
from gilbench.workloads.io.service import LOOPBACK, server_port
from gilbench.workloads.io.workload import IoWorkload
from gilbench.workloads.spec import Parameter, read_grain, read_one_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench.workloads.io.operation import Operation
    from gilbench.workloads.spec import Spec

__all__ = [
    "CLIENTS",
    "Given",
    "Target",
    "body_of",
    "http_workload",
    "load_httpx",
    "read_http",
    "request_of",
]

_DELAY_NS: Final = 5_000_000
_LONGEST_DELAY_NS: Final = 60_000_000_000
_DEFAULT: Final = "urllib"
_AT_A_TIME: Final = 2**16
_OK: Final = b"HTTP/1.1 200 "
_AT_A_GLANCE: Final = 40
# From the largest, so that a canonical text says the same and is short.
_UNITS: Final = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a workload's parameters say: who asks, the server's delay and the grain."""

    client: str
    delay_ns: int
    grain_ns: int | None


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where requests go, and after how many nanoseconds they are answered."""

    port: int
    delay_ns: int

    @property
    def url(self) -> str:
        """Return the address that is asked for."""
        return f"http://{LOOPBACK}:{self.port}/{self.delay_ns}"


def request_of(target: Target) -> bytes:
    """Return the least that asks for it, with a connection for this request alone."""
    return (
        f"GET /{target.delay_ns} HTTP/1.1\r\nHost: {LOOPBACK}:{target.port}\r\n"
        "Connection: close\r\n\r\n"
    ).encode("ascii")


def body_of(answer: bytes) -> bytes:
    """Return what a whole answer holds. Raises OSError where it is no good one."""
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(_OK):
        raise OSError(f"the server answered {head[:_AT_A_GLANCE]!r}")
    return body


class SocketClient:
    """Plain sockets."""

    def __init__(self, target: Target) -> None:
        self._address = (LOOPBACK, target.port)
        self._request = request_of(target)

    def __call__(self) -> int:
        """Return how many bytes the answer holds."""
        pieces = []
        with socket.create_connection(self._address) as connection:
            connection.sendall(self._request)
            while piece := connection.recv(_AT_A_TIME):
                pieces.append(piece)
        return len(body_of(b"".join(pieces)))

    def close(self) -> None:
        """Do nothing: connections end with their request."""


class UrllibClient:
    """`urllib.request`, by no proxy."""

    def __init__(self, target: Target) -> None:
        require_isolated("urllib")
        from urllib.request import ProxyHandler, build_opener

        self._open = build_opener(ProxyHandler({})).open
        self._url = target.url

    def __call__(self) -> int:
        """Return how many bytes the answer holds."""
        with self._open(self._url) as answer:
            return len(answer.read())

    def close(self) -> None:
        """Do nothing: connections end with their request."""


class HttpxClient:
    """`httpx.Client`, by no proxy: a connection that is kept."""

    def __init__(self, target: Target) -> None:
        # No proxy, and no certificates, which take longer to load than all else does.
        self._client = load_httpx().Client(trust_env=False, verify=False)
        self._url = target.url

    def __call__(self) -> int:
        """Return how many bytes the answer holds."""
        return len(self._client.get(self._url).raise_for_status().content)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()


CLIENTS: Final[dict[str, Callable[[Target], Operation]]] = {
    "urllib": UrllibClient,
    "httpx": HttpxClient,
    "socket": SocketClient,
}


def read_http(spec: Spec) -> Given:
    """Return what a workload's parameters say. Raises InputError."""
    delay = Parameter[float | str](
        default=_DELAY_NS, read=_read_delay, meaning="how long the server waits with its answer"
    )
    client = Parameter[float | str](
        default=_DEFAULT, read=read_one_of(*CLIENTS), meaning="who asks"
    )
    grain = Parameter[float | str](default=0, read=read_grain, meaning="how long one call works")
    values = spec.read({"client": client, "delay": delay, "grain": grain})
    return Given(
        client=str(values["client"]),
        delay_ns=int(values["delay"]),
        grain_ns=int(values["grain"]) or None,
    )


def http_workload(spec: Spec) -> IoWorkload:
    """Return the workload as its parameters say. Raises InputError."""
    given = read_http(spec)
    told = [f"client={given.client}"] * (given.client != _DEFAULT)
    told.append(f"delay={_written(given.delay_ns)}")
    return IoWorkload(
        text=f"http:{','.join(told)}",
        open=partial(_open, given.client, given.delay_ns),
        grain_ns=given.grain_ns,
    )


def load_httpx() -> Any:
    """Return the module. Raises MissingError where it is not installed."""
    require_isolated("httpx")
    try:
        return import_module("httpx")
    except ModuleNotFoundError as error:
        raise MissingError("httpx is not installed: pip install 'gilbench[http]'") from error


def _open(client: str, delay_ns: int) -> Operation:
    return CLIENTS[client](Target(port=server_port(), delay_ns=delay_ns))


def _read_delay(text: str, what: str) -> float:
    delay_ns = read_grain(text, what)
    if delay_ns > _LONGEST_DELAY_NS:
        raise InputError(f"{what} is {durations.format(_LONGEST_DELAY_NS)} at most, not {text!r}")
    return delay_ns


def _written(delay_ns: int) -> str:
    unit = next(unit for unit, length_ns in _UNITS.items() if delay_ns % length_ns == 0)
    return f"{delay_ns // _UNITS[unit]}{unit}"
