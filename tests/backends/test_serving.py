from __future__ import annotations

import json
import multiprocessing
import os
import sys
import threading
from dataclasses import asdict, replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import pytest

from gilbench import discovery, workloads
from gilbench._native import gate
from gilbench.backends.backend import WorkerFailedError, WorkerRefusedError
from gilbench.backends.memory import private_gate, shared_gate
from gilbench.backends.serving import (
    answer,
    kept_tasks,
    read_answer,
    serve,
    task_of,
    tell,
    write_answer,
)
from gilbench.errors import InputError
from gilbench.model import Reading
from gilbench.workloads.statement import statement_text
from gilbench.workloads.workload import MOST_BYTES_KEPT
from immortality import KEEPS_FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench.worker import Order

pytestmark = pytest.mark.usefixtures("new_tasks", "theirs")


def fails(error: BaseException) -> None:
    raise error


def caught(function: Callable[[], object]) -> BaseException:
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - whatever it is
        function()
    return caught.value


def test_it_tells_how_many_tasks_are_kept(make_order: Callable[..., Order]) -> None:
    assert kept_tasks("spin") == 0
    for worker in (0, 1, 1):
        task_of(make_order("spin"), worker)
    assert kept_tasks("spin") == 2
    assert kept_tasks("triad") == 0


class TestTell:
    def test_it_is_one_line_with_the_place(self) -> None:
        line = fails.__code__.co_firstlineno + 1
        error = caught(lambda: fails(LookupError("not\n   today")))
        assert tell(error) == f"LookupError: not today (test_serving.py:{line})"

    def test_without_a_text_the_type_must_do(self) -> None:
        assert tell(KeyboardInterrupt()) == "KeyboardInterrupt"

    def test_it_is_not_endless(self) -> None:
        assert tell(ValueError("x" * 1000)) == "ValueError: " + "x" * 300

    def test_our_own_places_tell_the_user_nothing(self) -> None:
        error = caught(lambda: workloads.find("spn"))
        assert tell(error).endswith("(or name your own function: module:function)")

    def test_a_users_folder_may_be_called_as_we_are(self, tmp_path: Path) -> None:
        file = tmp_path / "gilbench" / "mine.py"
        code = compile("raise LookupError('not today')", str(file), "exec")
        assert tell(caught(lambda: exec(code))) == "LookupError: not today (mine.py:1)"


class TestAnswer:
    @pytest.fixture
    def entrance(self) -> Any:
        entrance = private_gate()
        gate.reset(entrance, 1, 1)
        return entrance

    def test_it_is_the_reading(self, entrance: Any, make_order: Callable[..., Order]) -> None:
        answered = answer(make_order(calls=3), 5, entrance)
        reading = read_answer(5, answered)
        assert isinstance(reading, Reading)
        assert (reading.worker, reading.units, reading.calls) == (5, 3000, 3)
        # Plain data: it crosses processes and interpreters.
        assert read_answer(5, json.loads(json.dumps(answered))) == reading

    def test_what_the_work_raises_calls_the_sample_off(
        self, entrance: Any, make_order: Callable[..., Order]
    ) -> None:
        for name, reason in (
            ("raises", "LookupError: not today (theirs.py:9)"),
            ("exits", "SystemExit: enough (theirs.py:12)"),
        ):
            gate.reset(entrance, 1, 1)
            answered = answer(make_order(f"theirs:{name}", calls=1), 2, entrance)
            assert answered == {"failed": reason}
            error = read_answer(2, answered)
            assert type(error) is WorkerFailedError
            assert str(error) == f"worker 2: {reason}"
            # Who comes now does not wait.
            late = answer(make_order(calls=1), 0, entrance)
            assert late == {"called_off": "the sample was called off"}
            assert read_answer(0, late) is None

    def test_others_that_do_not_come_fail_it(
        self, entrance: Any, make_order: Callable[..., Order]
    ) -> None:
        gate.reset(entrance, 2, 1)
        answered = answer(make_order(calls=1, timeout_ns=1_000_000), 0, entrance)
        assert answered == {"failed": "TimeoutError: the other workers did not come to the gate"}

    def test_a_module_that_refuses_is_not_a_failure(
        self, entrance: Any, make_order: Callable[..., Order]
    ) -> None:
        answered = answer(make_order("theirs:refuses", calls=1), 0, entrance)
        error = read_answer(0, answered)
        assert type(error) is WorkerRefusedError
        assert "ImportError: module theirs does not support loading in subinter" in str(error)

    def test_nor_is_one_of_another_distribution(
        self, entrance: Any, make_order: Callable[..., Order], offer: Callable[..., Path]
    ) -> None:
        text = "raise ImportError('module nap does not support loading in subinterpreters')"
        offer(discovery.WORKLOADS, "nap", text)
        error = read_answer(0, answer(make_order("nap", calls=1), 0, entrance))
        assert type(error) is WorkerRefusedError
        assert "'nap' of others-own 1.0 cannot be loaded: ImportError: module nap" in str(error)

    def test_one_that_breaks_fails_it(
        self, entrance: Any, make_order: Callable[..., Order], offer: Callable[..., Path]
    ) -> None:
        offer(discovery.WORKLOADS, "nap", "import nowhere")
        error = read_answer(0, answer(make_order("nap", calls=1), 0, entrance))
        assert type(error) is WorkerFailedError
        assert "No module named 'nowhere'" in str(error)

    def test_a_module_that_cannot_be_imported_is_one(
        self, theirs: Path, entrance: Any, make_order: Callable[..., Order]
    ) -> None:
        (theirs / "theirs_too.py").write_text("import absent_for_sure")
        answered = answer(make_order("theirs_too:f", calls=1), 0, entrance)
        assert list(answered) == ["failed"]
        assert "No module named 'absent_for_sure' (theirs_too.py:1)" in str(answered["failed"])

    def test_nonsense_is_a_failure(self) -> None:
        assert str(read_answer(1, {"reading": 5})) == "worker 1 gave an answer that is none"


class TestTasks:
    def test_they_are_kept_by_workload_and_worker(
        self, new_tasks: dict[Any, Any], make_order: Callable[..., Order]
    ) -> None:
        order = make_order()
        task = task_of(order, 0)
        assert task_of(replace(order, mode="release", calls=3, workers=2), 0) is task
        assert task_of(order, 1) is not task
        assert task_of(replace(order, workload="objects"), 0) is not task
        assert set(new_tasks) == {("spin", 0), ("spin", 1), ("objects", 0)}

    def test_large_ones_are_not_kept(
        self,
        monkeypatch: pytest.MonkeyPatch,
        new_tasks: dict[Any, Any],
        make_order: Callable[..., Order],
    ) -> None:
        large = replace(workloads.find("spin"), bytes=MOST_BYTES_KEPT // 2)
        monkeypatch.setattr(workloads, "find", lambda text: large)
        task_of(make_order("large", 3), 0)
        assert new_tasks == {}
        task_of(make_order("large", 2), 0)
        assert set(new_tasks) == {("large", 0)}

    @pytest.mark.skipif(KEEPS_FUNCTIONS, reason="it keeps all functions and their names")
    def test_of_a_statement_none_keeps_the_data_of_another_size(
        self, monkeypatch: pytest.MonkeyPatch, make_order: Callable[..., Order]
    ) -> None:
        module = SimpleNamespace(Data=type("Data", (), {}), made=WeakSet())
        monkeypatch.setitem(sys.modules, "sized", module)  # type: ignore[arg-type]
        setup = "import sized; d = sized.Data(); sized.made.add(d); n"
        for n in (1, 2, 3):
            for worker in (0, 1):
                task_of(make_order(statement_text("id(d)", setup, n)), worker)
            assert len(module.made) == 1
        # Not even before there are tasks of it.
        workloads.find(statement_text("id(d)", setup, 4)).task()
        assert len(module.made) == 1

    def test_what_cannot_be_found_is_an_error(self, make_order: Callable[..., Order]) -> None:
        with pytest.raises(InputError, match="unknown workload 'spn'"):
            task_of(make_order("spn"), 0)


def test_a_worker_process_maps_its_gate_and_serves_until_its_connection_ends(
    make_order: Callable[..., Order],
) -> None:
    ours, theirs = multiprocessing.Pipe()
    thread = threading.Thread(target=serve, args=(theirs,))
    thread.start()
    with shared_gate() as (entrance, path):
        ours.send(path)
        assert ours.recv() == os.getpid()
    for worker, calls in ((0, 1), (3, 2)):
        gate.reset(entrance, 1, 1)
        ours.send((make_order(calls=calls), worker, list(sys.path)))
        reading = read_answer(worker, ours.recv())
        assert isinstance(reading, Reading)
        assert (reading.worker, reading.calls) == (worker, calls)
    ours.close()
    thread.join(10)
    assert not thread.is_alive()
    theirs.close()


def test_a_worker_whose_gate_is_gone_leaves(tmp_path: Path) -> None:
    ours, theirs = multiprocessing.Pipe()
    ours.send(str(tmp_path / "gone"))
    serve(theirs)
    ours.close()
    theirs.close()


def test_a_subinterpreter_writes_its_answer_to_a_pipe(make_order: Callable[..., Order]) -> None:
    entrance = private_gate()
    gate.reset(entrance, 1, 1)
    reading, writing = os.pipe()
    order = json.dumps(asdict(make_order(calls=2)))
    write_answer(order, 1, gate.address(entrance), writing)
    with os.fdopen(reading) as pipe:
        read = read_answer(1, json.load(pipe))
    assert isinstance(read, Reading)
    assert (read.worker, read.calls) == (1, 2)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(writing)
