from __future__ import annotations

import errno
import threading
from typing import Any

import pytest

from gilbench.comparison import Way
from gilbench.errors import InputError
from gilbench.trials import find
from gilbench.trials.communication import arrays, trial
from gilbench.trials.communication.catalogue import CHANNELS
from gilbench.trials.communication.trial import perform
from gilbench.trials.tried import Tried, UnavailableError

MIB = 2**20


def measured(**told: Any) -> Tried:
    parameters = {"sizes": "64 1048576", "laps": 2, "span_ns": 100_000, "cores": 0, **told}
    return perform("simple-queue", Way.THREAD, parameters, 0)


def limit(monkeypatch: pytest.MonkeyPatch, least: int, error: BaseException) -> None:
    """Let payloads from `least` bytes on fail."""
    usual = trial.measure_pace

    def measure(channel: Any, peer: Any, size: int, span_ns: int) -> Any:
        if size >= least:
            raise error
        return usual(channel, peer, size, span_ns)

    monkeypatch.setattr(trial, "measure_pace", measure)


def test_it_is_found_by_its_row() -> None:
    assert find("communication") is perform


def test_sizes_are_measured_in_laps_and_some_once() -> None:
    tried = measured(sizes="1024 64", once="4096")
    assert tried.figures["payload_bytes"] == (64, 1024, 64, 1024, 4096)
    assert tried.words == {}


def test_each_lap_has_a_new_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    usual, made = trial.CHANNELS["simple-queue"], []

    class Counted:
        name, ways, home, sleeps = usual.name, usual.ways, usual.home, usual.sleeps

        @staticmethod
        def open(way: Way, largest: int) -> Any:
            made.append(largest)
            return usual.open(way, largest)

    monkeypatch.setattr(trial, "CHANNELS", {"simple-queue": Counted})
    threads = threading.active_count()
    tried = measured(sizes="64 64 1024", laps=3, once="4096")
    assert tried.figures["payload_bytes"] == (64, 64, 1024) * 3 + (4096,)
    assert made == [1024, 1024, 4096]
    assert threading.active_count() == threads


@pytest.mark.parametrize("name", CHANNELS)
def test_every_channel_is_found_and_joins_some_way(name: str) -> None:
    kind = CHANNELS[name]
    assert kind.name == name
    assert kind.ways
    module, _, function = kind.home.partition(":")
    assert callable(
        getattr(__import__(f"gilbench.trials.communication.{module}", fromlist="*"), function)
    )


@pytest.mark.parametrize(
    ("name", "way"), [("simple-quue", Way.THREAD), ("simple-queue", Way.FORK), ("pipe", None)]
)
def test_what_is_no_channel_of_the_way_is_refused(name: str, way: Way | None) -> None:
    with pytest.raises(InputError, match=f"no channel '{name}' for"):
        perform(name, way, {"sizes": "64", "laps": 1, "span_ns": 1000, "cores": 0}, 0)


@pytest.mark.parametrize(
    "error", [MemoryError(), OSError(errno.ENOSPC, "full"), OSError(errno.ENOMEM, "none")]
)
def test_what_memory_does_not_suffice_for_is_left_out(
    monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    limit(monkeypatch, MIB, error)
    threads = threading.active_count()
    tried = measured()
    assert tried.figures["payload_bytes"] == (64,)
    assert tried.words == {"left_out": "1 MiB: too little memory"}
    assert threading.active_count() == threads


def test_where_nothing_fits_it_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, 0, MemoryError())
    with pytest.raises(UnavailableError, match="^64: too little memory$"):
        measured()


@pytest.mark.parametrize("error", [OSError(errno.EIO, "broken"), LookupError("not today")])
def test_another_error_is_one(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    limit(monkeypatch, MIB, error)
    threads = threading.active_count()
    with pytest.raises(type(error)):
        measured()
    assert threading.active_count() == threads


def test_what_there_is_no_room_for_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, bool]] = []

    def no_room(size: int, *, shared: bool) -> str | None:
        asked.append((size, shared))
        return "too little memory: so it is said" if size > 1024 else None

    monkeypatch.setattr(trial, "why_no_room", no_room)
    limit(monkeypatch, 1025, AssertionError("it was tried"))
    tried = measured(sizes="64 1024 2048 1048576", laps=1, once="16777216")
    assert tried.figures["payload_bytes"] == (64, 1024)
    assert tried.words == {"left_out": "2 KiB: too little memory: so it is said"}
    assert asked == [(16 * MIB, False), (MIB, False), (2048, False), (1024, False)]


def test_a_channel_that_cannot_be_made_so_large_is_made_smaller(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual, made = trial.CHANNELS["simple-queue"].open, []

    class Small:
        name, ways, home = "simple-queue", (Way.THREAD,), "references:open_simple_queue"
        sleeps = False

        @staticmethod
        def open(way: Way, largest: int) -> Any:
            made.append(largest)
            if largest > 64:
                raise OSError(errno.ENOSPC, "full")
            return usual(way, largest)

    monkeypatch.setattr(trial, "CHANNELS", {"simple-queue": Small})
    tried = measured(laps=1)
    assert made == [MIB, 64]
    assert tried.figures["payload_bytes"] == (64,)
    assert tried.words == {"left_out": "1 MiB: too little memory"}


class TestWithoutNumpy:
    @pytest.fixture(autouse=True)
    def _no_numpy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def nothing(name: str) -> Any:
            raise ImportError(name)

        monkeypatch.setattr(arrays, "import_module", nothing)

    def test_arrays_are_buffers(self) -> None:
        assert arrays.kind_of_array() == "bytearray"

    @pytest.mark.parametrize("beside", [False, True])
    def test_buffers_go_there_and_back(self, beside: bool) -> None:
        wire: list[Any] = []
        if beside:
            send, receive = arrays._send_beside, arrays._receive_beside
        else:
            send, receive = arrays._send, arrays._receive
        parts = (bytes(part) for part in iter(lambda: wire.pop(0), None))
        take = receive(lambda: next(parts))
        for _ in range(2):
            array = arrays._array(1000)
            send(wire.append)(array)
            assert len(wire) == 1 + beside
            array = take()
            assert bytes(memoryview(array)) == bytes(memoryview(arrays._array(1000)))
