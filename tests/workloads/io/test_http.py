from __future__ import annotations

import time
from pathlib import Path

import pytest

from gilbench import workloads
from gilbench.errors import InputError
from gilbench.workloads.io.http import CLIENTS, Target, body_of
from gilbench.workloads.io.operation import MissingError
from gilbench.workloads.io.server import BODY

MS = 1_000_000


@pytest.mark.parametrize("client", CLIENTS)
def test_every_client_waits_for_the_answer_and_has_it_all(
    client: str, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if client == "httpx":
        pytest.importorskip("httpx")
    # Nobody is asked in the server's place.
    for variable in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    ask = CLIENTS[client](Target(port=port, delay_ns=30 * MS))
    began = time.monotonic()
    assert [ask(), ask()] == [len(BODY)] * 2
    assert time.monotonic() - began >= 0.06
    ask.close()
    ask.close()


@pytest.mark.parametrize("client", CLIENTS)
def test_what_is_no_good_answer_is_an_error(client: str, port: int) -> None:
    if client == "httpx":
        pytest.importorskip("httpx")
    ask = CLIENTS[client](Target(port=port, delay_ns=-1))
    with pytest.raises(Exception, match="400") as raised:
        ask()
    ask.close()
    # That of urllib holds the answer open.
    getattr(raised.value, "close", str)()


def test_the_body_is_what_follows_the_head() -> None:
    assert body_of(b"HTTP/1.1 200 OK\r\nA: b\r\n\r\none\r\n\r\ntwo") == b"one\r\n\r\ntwo"
    with pytest.raises(OSError, match="the server answered b''"):
        body_of(b"")


@pytest.mark.parametrize(
    ("given", "text", "grain_ns"),
    [
        ("http", "http:delay=5ms", None),
        ("http:delay=5ms", "http:delay=5ms", None),
        ("http:delay=0.005", "http:delay=5ms", None),
        ("http:delay=1500us,client=socket", "http:client=socket,delay=1500us", None),
        ("http:delay=1234567ns", "http:delay=1234567ns", None),
        ("http:delay=2s,grain=10ms", "http:delay=2s", 10 * MS),
        ("http:client=httpx", "http:client=httpx,delay=5ms", None),
    ],
)
def test_the_text_says_who_asks_and_how_long_it_takes(
    given: str, text: str, grain_ns: int | None
) -> None:
    workload = workloads.find(given)
    assert (workload.text, workload.grain_ns) == (text, grain_ns)
    assert workloads.find(text).text == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("http:client=curl", "http:client is one of urllib, httpx, socket, not 'curl'"),
        ("http:delay=0", "http:delay: duration 0: must be longer than zero"),
        ("http:delay=2min", "http:delay is 1 min at most, not '2min'"),
        ("http:dely=1ms", r"has no parameter 'dely'; did you mean 'delay'\?"),
    ],
)
def test_what_cannot_be_is_told(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        workloads.find(text)


def test_without_httpx_it_is_said_how_to_get_it(
    host_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "httpx", None)
    with pytest.raises(MissingError, match=r"not installed: pip install 'gilbench\[http\]'"):
        workloads.find("http:client=httpx").task()
