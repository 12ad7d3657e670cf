from __future__ import annotations

import re
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest

from gilbench.comparison import Trial, Way
from gilbench.errors import InputError
from gilbench.experiment.link import HostProcess
from gilbench.experiment.strays import MARK
from gilbench.machine.interpreter import gil_enabled
from gilbench.model import Status
from gilbench.studies.comparison.laboratory import HostLaboratory
from gilbench.trials import find, ways
from gilbench.trials.io_bound.trial import perform
from gilbench.trials.tried import UnavailableError
from gilbench.workloads.io.files import FileWrite
from gilbench.workloads.io.service import LOOPBACK, NAME
from postgres import PASSWORD, PostgresServer

ALL = (
    "http:client=socket,delay=2ms 1 20ms x2; http:client=socket,delay=2ms 2 20ms x2;"
    " http:client=socket,delay=2ms 2+1 20ms x1; file-read 2 10ms x1; file-sync 2 10ms x1"
)
GIL = "on" if gil_enabled() else "off"
EVERYWHERE = [None, *(way for way in Way if ways.why_unavailable(way) is None)]


class Laboratory(HostLaboratory):
    """One whose host can be looked at."""

    @property
    def folder(self) -> Path:
        assert isinstance(self._host, HostProcess)
        assert self._host._folder is not None
        return Path(self._host._folder)

    def marked(self) -> list[psutil.Process]:
        return marked(self.folder)


def marked(folder: Path) -> list[psutil.Process]:
    """Return the processes that a host, or one that it started, started."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.environ().get(MARK) == str(folder):
                found.append(process)
    return found


@pytest.fixture
def laboratory() -> Iterator[Laboratory]:
    with closing(Laboratory(1)) as made:
        yield made


def tried(
    laboratory: HostLaboratory, way: Way | None, schedule: str = ALL, name: str = "requests"
) -> Trial:
    return laboratory.trial("io-bound", name, way, schedule=schedule)


@pytest.mark.parametrize("way", EVERYWHERE)
def test_a_way_does_its_windows_and_only_the_server_stays_until_the_host_ends(
    way: Way | None, laboratory: Laboratory
) -> None:
    trial = tried(laboratory, way)
    assert (trial.status, trial.reason, trial.words) == (Status.OK, None, {"gil": GIL})
    http = "http:client=socket,delay=2ms"
    assert {name.rpartition(" ")[0] for name in trial.figures} == {
        f"{http} 1",
        f"{http} 2",
        f"{http} 2+1",
        "file-read 2",
        "file-sync 2",
    }
    assert len(trial.figures[f"{http} 2 requests_per_s"]) == 2
    assert all(latency_ns >= 2e6 for latency_ns in trial.figures[f"{http} 1 p50_ns"])
    # Two that wait two milliseconds each, and no more of them than that.
    assert all(0 < rate <= 1000 for rate in trial.figures[f"{http} 2 requests_per_s"])
    assert all(value > 0 for values in trial.figures.values() for value in values)

    folder = laboratory.folder
    port = int((folder / NAME).read_text())
    kept = [process for process in laboratory.marked() if "gilbench.host" not in process.cmdline()]
    servers = [process for process in kept if "gilbench.workloads.io.server" in process.cmdline()]
    assert len(servers) == 1
    if way not in {Way.FORKSERVER, Way.SPAWN}:
        # Those two have servers of multiprocessing's own, and the fork's zygote is the host's.
        assert len(kept) <= 2
    laboratory.close()
    assert not folder.exists()
    assert not marked(folder)
    with pytest.raises(OSError, match=r"."), socket.create_connection((LOOPBACK, port), 5):
        pass


def test_a_kind_that_is_not_here_is_a_word_and_the_others_are_done(
    host_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "httpx", None)
    schedule = "file-read 1 5ms x1; http:client=httpx 1 5ms x1"
    done = find("io-bound")("requests", Way.THREAD, {"schedule": schedule}, 3)
    assert done.words == {
        "http:client=httpx": "httpx is not installed: pip install 'gilbench[http]'",
        "gil": GIL,
    }
    assert {name.partition(" ")[0] for name in done.figures} == {"file-read"}
    for way in (Way.THREAD, None):
        with pytest.raises(UnavailableError, match="httpx is not installed"):
            perform("requests", way, {"schedule": "http:client=httpx 1 5ms x1"}, 3)


SCHEDULE = (
    "http:client=socket,delay=1ms 2 5ms x1; file-write 2 5ms x4; file-read 2 5ms x1;"
    " sqlite:reads=0.5 2 5ms x1"
)


@pytest.mark.parametrize("way", [Way.THREAD, None])
@pytest.mark.parametrize("calls", [0, 3])
def test_where_a_disk_is_full_at_first_or_later_what_needs_none_goes_on(
    calls: int, way: Way | None, host_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[FileWrite] = []

    def write(operation: FileWrite) -> int:
        written.append(operation)
        if len(written) > calls:
            raise OSError(28, "No space left on device")
        return 1

    monkeypatch.setattr(FileWrite, "__call__", write)
    done = perform("requests", way, {"schedule": SCHEDULE}, 3)
    assert done.words == {"file-write": "No space left on device", "gil": GIL}
    assert {name.partition(" ")[0] for name in done.figures} == {
        "http:client=socket,delay=1ms",
        "file-read",
        "sqlite:reads=0.5",
    }
    assert all(operation._file.closed for operation in written)


@pytest.mark.parametrize("way", [Way.THREAD, None])
def test_that_no_file_can_be_made_is_a_word_of_each_kind_that_needs_one(
    way: Way | None, host_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise OSError(24, "Too many open files")

    def lock(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    monkeypatch.setattr("sqlite3.connect", lock)
    words = dict(perform("requests", way, {"schedule": SCHEDULE}, 3).words)
    assert words.pop("gil") == GIL
    assert words.pop("sqlite:reads=0.5") == "unable to open database file"
    assert words.keys() == {"file-write", "file-read"}
    for reason in words.values():
        assert re.fullmatch("no file can be made in .*: Too many open files", reason)


def test_windows_come_in_an_order_that_the_seed_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    orders = []

    class Watched:
        def __init__(self, *_: object) -> None:
            orders.append([])

        def __enter__(self) -> Watched:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def open(self, kind: str, workers: int) -> None:
            assert (kind, workers) == ("file-read", 4)

        def run(self, window: object) -> list[object]:
            orders[-1].append(window)
            return []

    monkeypatch.setattr("gilbench.trials.io_bound.trial.Crew", Watched)
    monkeypatch.setattr("gilbench.trials.io_bound.trial.figures", lambda name, windows: {})
    schedule = "file-read 1 5ms x3; file-read 2 5ms x3; file-read 4 5ms x3"
    for seed in (1, 1, 2):
        perform("requests", Way.THREAD, {"schedule": schedule}, seed)
    first, again, other = orders
    assert first == again != other
    assert len(first) == 9
    assert sorted(map(str, first)) == sorted(map(str, other))


def test_a_folder_that_cannot_be_written_to_is_the_user_s_to_mend(laboratory: Laboratory) -> None:
    with pytest.raises(InputError, match="no file can be made in /nowhere: No such file"):
        tried(laboratory, Way.THREAD, "file-write:folder=/nowhere 1 5ms x1")


@pytest.mark.parametrize("way", EVERYWHERE)
def test_postgres_is_asked_by_every_way(way: Way | None, postgres: PostgresServer) -> None:
    pytest.importorskip("psycopg", exc_type=ImportError)
    kind = "postgres:reads=0.5"
    with closing(HostLaboratory(1, dsn=postgres.dsn)) as laboratory:
        trial = tried(laboratory, way, f"{kind} 1 20ms x1; {kind} 2 20ms x2", "postgres")
    if trial.status is Status.UNAVAILABLE:
        assert way is Way.INTERPRETER
        assert re.search("subinterpreter", str(trial.reason))
        return
    assert (trial.status, trial.reason) == (Status.OK, None)
    assert all(rate > 50 for rate in trial.figures[f"{kind} 2 requests_per_s"])
    assert PASSWORD not in repr(trial)


@pytest.mark.parametrize("way", [Way.THREAD, None])
def test_what_a_server_refuses_is_the_user_s_to_mend(
    way: Way | None, postgres: PostgresServer
) -> None:
    pytest.importorskip("psycopg", exc_type=ImportError)
    dsn = f"{postgres.dsn}&options=-c%20default_transaction_read_only%3Don"
    with (
        closing(HostLaboratory(1, dsn=dsn)) as laboratory,
        pytest.raises(InputError, match="PostgreSQL refuses: cannot execute CREATE TABLE in a"),
    ):
        tried(laboratory, way, "postgres:reads=1 1 5ms x1", "postgres")


@pytest.mark.parametrize("way", [Way.THREAD, None])
def test_a_server_that_does_not_answer_is_the_user_s_to_mend(way: Way | None) -> None:
    pytest.importorskip("psycopg", exc_type=ImportError)
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
    dsn = f"postgresql://ann:hidden@{LOOPBACK}:{port}/shop"
    with closing(HostLaboratory(1, dsn=dsn)) as laboratory, pytest.raises(InputError) as raised:
        tried(laboratory, way, "postgres:reads=1 1 5ms x1", "postgres")
    told = str(raised.value)
    assert told.startswith("PostgreSQL does not answer: ")
    assert "hidden" not in told
    assert "\n" not in told
