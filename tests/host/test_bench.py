from __future__ import annotations

import platform
import sys
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from gilbench import __version__, backends, trials, workloads
from gilbench.backends.backend import WorkerFailedError, WorkerRefusedError
from gilbench.comparison import Way
from gilbench.errors import InputError
from gilbench.host import bench as benches
from gilbench.host.admission import Admission
from gilbench.host.bench import Bench
from gilbench.host.calibrate import Pace
from gilbench.host.protocol import (
    PROTOCOL_VERSION,
    CalibratedReply,
    CalibrateRequest,
    CheckRequest,
    FailedReply,
    HelloReply,
    HelloRequest,
    OkReply,
    SampleReply,
    SampleRequest,
    TrialReply,
    TrialRequest,
)
from gilbench.trials.tried import Tried, UnavailableError
from orders import make_order
from readings import make_reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gilbench.worker import Order

READING = make_reading()
ORDER = make_order()


class FakeBackend:
    """A backend whose crews answer with what a test has put in `answer`, or raise it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.answer: object = [READING]
        self.crews = 0
        self.orders: list[Order] = []
        self.closings = 0

    def crew(self) -> FakeBackend:
        self.crews += 1
        return self

    def run(self, order: Order) -> object:
        self.orders.append(order)
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer

    def close(self) -> None:
        self.closings += 1


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> dict[str, FakeBackend]:
    made = {name: FakeBackend(name) for name in ("one", "other")}
    monkeypatch.setattr(backends, "BACKENDS", made)
    return made


@pytest.fixture
def no_room(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let nobody in; the workloads whose task is made all the same."""
    made: list[str] = []

    def admit(self: object, backend: str, workload: str, workers: int) -> None:
        assert (backend, workers) == ("serial", 1)
        raise WorkerFailedError("no room")

    def find(text: str) -> object:
        return SimpleNamespace(bytes=0, task=lambda: made.append(text))

    monkeypatch.setattr(Admission, "admit", admit)
    monkeypatch.setattr(workloads, "find", find)
    return made


def sample(backend: str) -> SampleRequest:
    return SampleRequest(backend=backend, order=ORDER)


class TestHello:
    def test_it_says_who_it_is(self) -> None:
        reply = Bench().answer(HelloRequest(protocol=PROTOCOL_VERSION, path=()))
        assert reply == HelloReply(
            protocol=PROTOCOL_VERSION, gilbench=__version__, python=platform.python_version()
        )

    def test_it_finds_modules_where_its_conductor_does(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys, "path", ["/b", "/own"])
        Bench().answer(HelloRequest(protocol=PROTOCOL_VERSION, path=("/a", "/b", "/c")))
        assert sys.path == ["/a", "/c", "/b", "/own"]


class TestCheck:
    @pytest.fixture(autouse=True)
    def module(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        (tmp_path / "checked.py").write_text(
            "import sys\n"
            "def works(): print('works')\n"
            "def raises(): raise LookupError('not today')\n"
            "def exits(): sys.exit('enough')\n"
        )
        (tmp_path / "checked_broken.py").write_text("raise LookupError('not at all')\n")
        (tmp_path / "checked_leaves.py").write_text("import sys; sys.exit(0)\n")
        (tmp_path / "checked_lacks.py").write_text("import absent_for_sure\n")
        monkeypatch.syspath_prepend(tmp_path)
        yield
        for name in [name for name in sys.modules if name.startswith("checked")]:
            del sys.modules[name]

    @pytest.mark.parametrize("workload", ["spin", "mix:share=0.1", "objects", "python"])
    def test_ours_are_fine(self, workload: str) -> None:
        assert Bench().answer(CheckRequest(workload=workload)) == OkReply()

    def test_a_function_is_called_once(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert Bench().answer(CheckRequest(workload="checked:works")) == OkReply()
        assert capsys.readouterr().out == "works\n"

    @pytest.mark.parametrize(
        ("workload", "reason"),
        [
            ("spn", "unknown workload 'spn'; did you mean 'spin'?"),
            ("checked:work", "'checked:work': there is no 'work'; did you mean 'works'?"),
            ("absent_for_sure:f", "there is no module 'absent_for_sure' in the current folder"),
            ("checked:raises", "LookupError: not today (checked.py:3)"),
            ("checked:exits", "SystemExit: enough (checked.py:4)"),
            ("checked_broken:f", "LookupError: not at all (checked_broken.py:1)"),
            ("checked_leaves:f", "SystemExit: 0 (checked_leaves.py:1)"),
            ("checked_lacks:f", "No module named 'absent_for_sure' (checked_lacks.py:1)"),
        ],
    )
    def test_what_cannot_be_run_is_the_users_to_mend(self, workload: str, reason: str) -> None:
        reply = Bench().answer(CheckRequest(workload=workload))
        assert isinstance(reply, FailedReply)
        assert reply.kind == "input"
        assert reason in reply.reason
        assert workload.partition(":")[0] in reply.reason

    def test_a_task_that_lacks_something_is_the_users_to_mend(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        nap = SimpleNamespace(
            bytes=0, task=lambda: SimpleNamespace(run=print, native=None, stamped=False)
        )
        monkeypatch.setattr(workloads, "find", lambda text: nap)
        assert Bench().answer(CheckRequest(workload="nap")) == FailedReply(
            kind="input", reason="'nap' cannot be run: its task lacks caller, checksum"
        )

    def test_work_for_which_there_is_no_room_is_not_made(self, no_room: list[str]) -> None:
        reply = Bench().answer(CheckRequest(workload="spin"))
        assert reply == FailedReply(kind="failed", reason="no room")
        assert not no_room


class TestCalibrate:
    def test_work_for_which_there_is_no_room_is_not_made(self, no_room: list[str]) -> None:
        reply = Bench().answer(CalibrateRequest(workload="spin", grain_ns=7))
        assert reply == FailedReply(kind="failed", reason="no room")
        assert not no_room

    def test_it_says_what_a_unit_takes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[Any] = []
        pace = Pace(ns_per_unit=1.5, alone=False)
        monkeypatch.setattr(
            benches, "calibrate", lambda *arguments: asked.append(arguments) or pace
        )
        reply = Bench().answer(CalibrateRequest(workload="spin", grain_ns=7))
        assert reply == CalibratedReply(ns_per_unit=1.5, alone=False)
        assert [grain_ns for _, grain_ns in asked] == [7]

    def test_an_unknown_workload_is_the_users_to_mend(self) -> None:
        reply = Bench().answer(CalibrateRequest(workload="spn", grain_ns=7))
        assert isinstance(reply, FailedReply)
        assert reply.kind == "input"

    def test_memory_that_cannot_be_had_fails(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Large:
            bytes = 0

            def task(self) -> None:
                raise MemoryError("no memory")

        monkeypatch.setattr(workloads, "find", lambda text: Large())
        reply = Bench().answer(CalibrateRequest(workload="large", grain_ns=7))
        assert isinstance(reply, FailedReply)
        assert reply.kind == "failed"
        assert reply.reason.startswith("MemoryError: no memory")


class TestSample:
    def test_a_crew_is_kept_from_sample_to_sample(self, fakes: dict[str, FakeBackend]) -> None:
        bench = Bench()
        for name in ("one", "other", "one", "one"):
            reply = bench.answer(sample(name))
            assert isinstance(reply, SampleReply)
            assert reply.readings == (READING,)
        assert [(fake.crews, len(fake.orders)) for fake in fakes.values()] == [(1, 3), (1, 1)]
        assert fakes["one"].orders == [ORDER] * 3

    def test_it_says_how_it_found_the_gil_after(
        self, fakes: dict[str, FakeBackend], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for enabled in (True, False):
            monkeypatch.setattr(benches, "gil_enabled", lambda enabled=enabled: enabled)
            reply = Bench().answer(sample("one"))
            assert isinstance(reply, SampleReply)
            assert reply.gil_enabled is enabled

    @pytest.mark.parametrize(
        ("before", "after", "ticks"),
        [(5, 5, 0), (5, 7, 2), (None, None, None), (None, 5, None), (5, None, None)],
    )
    def test_it_counts_what_the_hypervisor_stole(
        self,
        before: int | None,
        after: int | None,
        ticks: int | None,
        fakes: dict[str, FakeBackend],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        counts = iter([before, after])
        monkeypatch.setattr(benches, "steal_ticks", lambda: next(counts))
        reply = Bench().answer(sample("one"))
        assert isinstance(reply, SampleReply)
        assert reply.steal_ticks == ticks

    @pytest.mark.parametrize(
        ("error", "kind", "reason"),
        [
            (WorkerFailedError("worker 1: broken"), "failed", "worker 1: broken"),
            (WorkerRefusedError("not in here"), "unavailable", "not in here"),
            (InputError("not like this"), "input", "not like this"),
            (LookupError("not today"), "failed", "LookupError: not today (test_bench.py:"),
            (SystemExit(3), "failed", "SystemExit: 3 (test_bench.py:"),
        ],
    )
    def test_what_goes_wrong_is_a_reply_and_the_bench_goes_on(
        self, error: BaseException, kind: str, reason: str, fakes: dict[str, FakeBackend]
    ) -> None:
        bench = Bench()
        fakes["one"].answer = error
        reply = bench.answer(sample("one"))
        assert isinstance(reply, FailedReply)
        assert reply.kind == kind
        assert reply.reason.startswith(reason)
        fakes["one"].answer = [READING]
        assert isinstance(bench.answer(sample("one")), SampleReply)

    @pytest.mark.parametrize(
        ("answer", "reason"),
        [
            (None, "backend 'one' gave no readings"),
            ([None], "backend 'one' gave no readings"),
            ([], "backend 'one' gave 0 readings of 1 workers"),
            ([READING] * 2, "backend 'one' gave 2 readings of 1 workers"),
        ],
    )
    def test_a_backend_that_answers_otherwise_failed(
        self, answer: object, reason: str, fakes: dict[str, FakeBackend]
    ) -> None:
        fakes["one"].answer = answer
        assert Bench().answer(sample("one")) == FailedReply(kind="failed", reason=reason)

    def test_workers_for_whom_there_is_no_room_are_not_made(
        self, fakes: dict[str, FakeBackend], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[object] = []

        def admit(self: object, *what: object) -> None:
            asked.append(what)
            if len(asked) == 1:
                raise WorkerFailedError("no room")

        monkeypatch.setattr(Admission, "admit", admit)
        bench = Bench()
        assert bench.answer(sample("one")) == FailedReply(kind="failed", reason="no room")
        assert fakes["one"].crews == 0
        assert isinstance(bench.answer(sample("one")), SampleReply)
        assert asked == [("one", "spin", 1)] * 2

    def test_an_interruption_is_none(self, fakes: dict[str, FakeBackend]) -> None:
        fakes["one"].answer = KeyboardInterrupt()
        with pytest.raises(KeyboardInterrupt):
            Bench().answer(sample("one"))

    def test_an_unknown_backend_is_the_users_to_mend(self, fakes: dict[str, FakeBackend]) -> None:
        assert Bench().answer(sample("on")) == FailedReply(
            kind="input", reason="unknown backend 'on'; did you mean 'one'?"
        )


def test_closing_ends_all_crews_once(fakes: dict[str, FakeBackend]) -> None:
    bench = Bench()
    bench.answer(sample("one"))
    bench.answer(sample("other"))
    bench.close()
    bench.close()
    assert [fake.closings for fake in fakes.values()] == [1, 1]


def test_a_reply_is_no_request() -> None:
    assert Bench().answer(OkReply()) == FailedReply(kind="failed", reason="OkReply is no request")


# Trials


TRIAL = TrialRequest(row="creation", name="start", way=Way.FORK, parameters={"count": 3}, seed=2)


def performs(monkeypatch: pytest.MonkeyPatch, perform: Any) -> None:
    def find(row: str) -> Any:
        assert row == "creation"
        return perform

    monkeypatch.setattr(trials, "find", find)


def test_a_trial_is_performed_as_it_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def perform(*how: object) -> Tried:
        asked.append(how)
        return Tried(figures={"start_ns": (1.0, 2.0)}, words={"died": "nobody"})

    performs(monkeypatch, perform)
    assert Bench().answer(TRIAL) == TrialReply(
        figures={"start_ns": (1.0, 2.0)}, words={"died": "nobody"}
    )
    assert asked == [("start", Way.FORK, {"count": 3}, 2)]


@pytest.mark.parametrize(
    ("error", "kind", "reason"),
    [
        (InputError("there is no module 'nope'"), "input", "there is no module 'nope'"),
        (UnavailableError("needs Python 3.12"), "unavailable", "needs Python 3.12"),
        (LookupError("not today"), "failed", "LookupError: not today"),
    ],
)
def test_what_a_trial_raises_is_a_reply(
    error: Exception, kind: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def perform(*_: object) -> Tried:
        raise error

    performs(monkeypatch, perform)
    reply = Bench().answer(TRIAL)
    assert isinstance(reply, FailedReply)
    assert reply.kind == kind
    assert reply.reason.startswith(reason)


def test_a_trial_of_no_row_is_the_user_s_to_mend() -> None:
    reply = Bench().answer(replace(TRIAL, row="creations"))
    assert reply == FailedReply(
        kind="input", reason="no trials for 'creations'; did you mean 'creation'?"
    )
