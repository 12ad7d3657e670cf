"""Peers that fail, hang and are killed: whoever waits for them is told, and nothing is left."""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from gilbench.comparison import Way
from gilbench.trials.communication.channel import Far
from gilbench.trials.communication.pace import first_trip_ns
from gilbench.trials.communication.peers import PeerFailedError, peer_of
from gilbench.trials.communication.queues import TwoQueues
from gilbench.trials.communication.references import (
    open_queue,
    open_reference,
    open_simple_queue,
)
from gilbench.trials.ways import why_unavailable
from scripts import output_of

if TYPE_CHECKING:
    from collections.abc import Callable

_SCRIPT = """
import json, os, signal, sys, threading, time
from contextlib import closing
from pathlib import Path
from gilbench.comparison import Way
from gilbench.trials.communication.catalogue import CHANNELS
from gilbench.trials.communication.pace import first_trip_ns
from gilbench.trials.communication.peers import peer_of
from multiprocessing import active_children

def killed(channel, peer):
    peer._worker.pid and os.kill(peer._worker.pid, signal.SIGKILL)
    first_trip_ns(channel.near(64), peer, channel.payload(64), 64)

def breaks_off(channel, peer):
    # With the peer in the middle of what it was told to do, and the pipe full.
    peer.order(answers=True, times=5, size=2**20)
    for _ in range(3 if {queued} else 0):
        channel.near(2**20).push(channel.payload(2**20))
    raise LookupError("enough")

kind = CHANNELS[{name!r}]
before = set(os.listdir("/dev/shm")) if os.path.isdir("/dev/shm") else set()
began = time.monotonic()
try:
    with closing(kind.open(Way.FORK, 2**20)) as channel:
        with peer_of(channel, Way.FORK) as peer:
            {act}(channel, peer)
    told = "nothing"
except Exception as error:
    told = f"{{type(error).__name__}}: {{error}}"
# The frames of the error held it.
del channel
after = set(os.listdir("/dev/shm")) if os.path.isdir("/dev/shm") else set()
print(json.dumps({{
    "told": told,
    "took": time.monotonic() - began,
    "threads": threading.active_count(),
    "children": len(active_children()),
    "left": sorted(name for name in after - before if str(os.getpid()) in name or "psm" in name),
}}))
"""


def outcome(name: str, act: str, *, queued: bool = False) -> dict[str, Any]:
    if why_unavailable(Way.FORK) is not None:
        pytest.skip("needs fork")
    text: dict[str, Any] = json.loads(
        output_of(_SCRIPT.format(name=name, act=act, queued=queued), "-Wignore")
    )
    assert text["took"] < 10
    assert (text["threads"], text["children"], text["left"]) == (1, 0, [])
    return text


@pytest.mark.parametrize("name", ["pipe", "socketpair", "tcp", "process-simple-queue"])
def test_a_peer_that_is_killed_is_told_of(name: str) -> None:
    told = outcome(name, "killed")["told"]
    # At the next order at the latest.
    assert told.startswith(("PeerFailedError: the peer", "BrokenPipe", "ConnectionReset")), told


@pytest.mark.parametrize(
    "name", ["pipe", "socketpair", "shared-memory", "shared-memory-in-place", "process-queue"]
)
def test_nothing_is_left_where_a_trial_breaks_off(name: str) -> None:
    assert outcome(name, "breaks_off")["told"] == "LookupError: enough"


def test_what_feeds_a_queue_ends_with_the_queue() -> None:
    # The peer takes 1 MiB after the other until it is killed, and its answers fill the other pipe.
    assert outcome("process-queue", "breaks_off", queued=True)["told"] == "LookupError: enough"


class _Failing(TwoQueues):
    """A channel whose peer fails as it receives the second payload."""

    def __init__(self, error: Exception) -> None:
        import queue

        super().__init__(queue.SimpleQueue(), queue.SimpleQueue())
        self._error = error

    def far(self, _size: int, /) -> Far:
        far, seen = super().far(_size), []

        def receive() -> Any:
            seen.append(far.receive())
            if len(seen) == 2:
                raise self._error
            return seen[-1]

        return Far(receive=receive, send=far.send, end=far.end)


def trip(channel: TwoQueues, payload: bytes) -> object:
    near = channel.near(len(payload))
    assert near.receive is not None
    near.send(payload)
    return near.receive()


def two_trips(channel: TwoQueues) -> None:
    with peer_of(channel, Way.THREAD) as peer:
        peer.order(answers=True, times=2, size=64)
        assert trip(channel, b"one") == b"one"
        assert trip(channel, b"two") is None
        peer.finished()


def test_a_peer_that_fails_lets_go_and_says_why() -> None:
    threads = threading.active_count()
    with pytest.raises(PeerFailedError, match="the peer: LookupError: not today"):
        two_trips(_Failing(LookupError("not today")))
    assert threading.active_count() == threads


def test_a_peer_without_memory_says_so() -> None:
    with pytest.raises(MemoryError, match="the peer had too little memory"):
        two_trips(_Failing(MemoryError()))


@pytest.mark.parametrize("make", [open_reference, open_queue, open_simple_queue])
@pytest.mark.parametrize("ordered", [False, True])
def test_a_thread_is_let_go_where_the_block_fails(
    make: Callable[[Way, int], Any], ordered: bool
) -> None:
    def breaks_off() -> None:
        with peer_of(make(Way.THREAD, 64), Way.THREAD) as peer:
            if ordered:
                peer.order(answers=True, times=5, size=64)
            raise LookupError

    threads = threading.active_count()
    began = time.monotonic()
    with pytest.raises(LookupError):
        breaks_off()
    assert threading.active_count() == threads
    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize("make", [open_reference, open_queue, open_simple_queue])
def test_a_thread_answers_as_often_as_told(make: Callable[[Way, int], Any]) -> None:
    channel = make(Way.THREAD, 64)
    with peer_of(channel, Way.THREAD) as peer:
        assert first_trip_ns(channel.near(64), peer, channel.payload(64), 64) > 0
        payload = channel.payload(64)
        peer.order(answers=True, times=1, size=64)
        # A reference, and no copy.
        assert trip(channel, payload) is payload
        peer.finished()
        peer.order(answers=False, times=3, size=64)
        for _ in range(3):
            channel.near(64).push(payload)
        peer.finished()


@pytest.mark.skipif(sys.version_info < (3, 12), reason="needs a GIL for each interpreter")
def test_an_interpreter_is_let_go_where_the_block_fails() -> None:
    script = """
import threading
from contextlib import closing, suppress
from gilbench.comparison import Way
from gilbench.trials.communication.catalogue import CHANNELS
from gilbench.trials.communication.peers import peer_of
with suppress(LookupError):
    with closing(CHANNELS["interpreter-queue-polled"].open(Way.INTERPRETER, 64)) as channel:
        with peer_of(channel, Way.INTERPRETER) as peer:
            peer.order(answers=True, times=5, size=64)
            raise LookupError
print(threading.active_count())
"""
    assert output_of(script) == "1\n"
