from __future__ import annotations

import sys
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from weakref import WeakSet

import pytest

from gilbench import load
from gilbench.errors import HostError, InputError
from gilbench.evidence import CheckFindings, CheckPlan, Observation, Subject, Timing, Verdict
from gilbench.host.protocol import ObserveRequest, SampleRequest, ShutOutRequest, TimeRequest
from gilbench.model import Environment, Progress, StopReason
from gilbench.results import StoredCheck, StoreError
from gilbench.studies.check import study
from gilbench.studies.check.findings import check_findings
from gilbench.studies.check.study import check
from immortality import KEEPS_FUNCTIONS

from .conftest import MS, FakeExaminer, Truth

HASHED = "hashlib.sha256(d).digest()"
SETUP = "import hashlib; d = bytes(n)"


@pytest.fixture(autouse=True)
def plans(
    examiner: FakeExaminer, environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> list[CheckPlan]:
    """Let the fake carry out all passes, on its clock; the plans that it was asked to."""
    made: list[CheckPlan] = []

    def examiner_of(target: object, plan: CheckPlan) -> FakeExaminer:
        made.append(plan)
        examiner.closings = 0
        return examiner

    monkeypatch.setattr(study, "_examiner", examiner_of)
    monkeypatch.setattr(study, "time", SimpleNamespace(monotonic_ns=examiner.clock))
    monkeypatch.setattr(study.machine, "environment", lambda: environment)
    monkeypatch.setattr(study.machine, "cores", lambda: 2)
    monkeypatch.setattr(study.machine, "tour", lambda: (0, 1))
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "check.jsonl"


def stored(file: Path) -> StoredCheck:
    found = load(file)
    assert isinstance(found, StoredCheck)
    return found


def hashes(size: int | None) -> Truth:
    """As hashlib does: from 2048 bytes on it lets go."""
    n = size or 0
    if n < 2048:
        return Truth(share=1.0, call_ns=1e4)
    return Truth(share=0.02, call_ns=1e5, speedup=1.9, blocked=0.0)


# The plan


def test_the_plan_is_what_was_asked_for(plans: list[CheckPlan]) -> None:
    check(
        HASHED,
        setup=SETUP,
        sizes="1..4",
        budget="2s",
        timeout=5,
        seed=7,
    )
    (plan,) = plans
    assert (plan.target.statement, plan.target.setup) == (HASHED, SETUP)
    assert plan.sizes is not None
    assert (plan.sizes.first, plan.sizes.last) == (1, 4)
    assert (plan.budget_ns, plan.timeout_ns, plan.seed) == (2000 * MS, 5000 * MS, 7)
    assert plan.in_process is False


def test_without_a_seed_there_is_another_each_time(plans: list[CheckPlan]) -> None:
    check("m:f")
    check("m:f")
    assert plans[0].seed != plans[1].seed


@pytest.mark.parametrize(
    "wrong",
    [
        {"sizes": "8..1"},
        {"sizes": "1..4"},
        {"budget": "soon"},
        {"timeout": "0s"},
        {"setup": "x = 1"},
        {"output": "nowhere/check.jsonl"},
        {"output": 5},
        {"output": b"check.jsonl"},
        {"seed": -1},
        {"seed": 2**64},
        {"seed": "7"},
        {"seed": 1.0},
        {"seed": True},
        {"budget": None},
        {"budget": ["3s"]},
        {"timeout": None},
        {"timeout": 10**400},
        {"sizes": 5},
        {"sizes": ("1", "4")},
        {"setup": None},
    ],
)
def test_what_is_wrong_is_refused_before_anybody_is_asked(
    wrong: dict[str, Any], examiner: FakeExaminer, plans: list[CheckPlan]
) -> None:
    with pytest.raises(InputError):
        check("m:f", **wrong)
    assert examiner.asked == []
    assert plans == []


# A check


def test_it_tells_what_it_saw(examiner: FakeExaminer) -> None:
    examiner.truth = lambda _: Truth(share=0.5, speedup=1.3)
    found = check("m:f", seed=1)
    assert found.verdict is Verdict.PARTIAL
    assert found.held_share is not None
    assert found.held_share.value == 0.5
    assert found.scaling.threads is not None
    assert found.scaling.threads.value == pytest.approx(1.3)
    assert found.stop is not None
    assert found.stop.reason is StopReason.PRECISION
    assert found.notes == ()
    assert examiner.closings == 1


@pytest.mark.parametrize(
    ("truth", "verdict"),
    [
        (Truth(), Verdict.HOLDS),
        (Truth(hands_over=True), Verdict.HOLDS_SWITCHABLE),
        (Truth(share=0.0, speedup=1.9, blocked=0.0), Verdict.RELEASES),
        (Truth(share=0.0), Verdict.RELEASES_BUT_SERIAL),
        (Truth(call_ns=1e3), Verdict.HOLDS),
        (Truth(call_ns=2e9, share=0.02, speedup=1.9, blocked=0.0), Verdict.RELEASES),
    ],
)
def test_each_verdict_can_be_come_to(
    truth: Truth, verdict: Verdict, examiner: FakeExaminer
) -> None:
    examiner.truth = lambda _: truth
    assert check("m:f").verdict is verdict


def test_instruments_that_are_off_make_it_inconclusive(examiner: FakeExaminer) -> None:
    examiner.release = 0.5
    found = check("m:f")
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "the control that releases" in str(found.reason)


@pytest.mark.parametrize("call_ns", [1e3, 1e5, 1e6, 5e6, 2e7])
def test_it_keeps_to_its_budget(call_ns: float, examiner: FakeExaminer) -> None:
    # As fast as the slowest truth: two threads that hold.
    examiner.truth = lambda _: Truth(call_ns=call_ns)
    start_ns = examiner.now_ns
    check("m:f", budget="3s")
    assert examiner.now_ns - start_ns < 3000 * MS


def test_a_larger_budget_is_spent(examiner: FakeExaminer) -> None:
    spent = []
    for budget in ("1s", "3s", "12s"):
        start_ns = examiner.now_ns
        check("m:f", budget=budget)
        spent.append(examiner.now_ns - start_ns)
    assert spent[0] < 1.5e9
    assert spent[0] < spent[1] < spent[2] < 12e9
    assert spent[2] > 6e9


def test_ways_that_cannot_run_are_told(examiner: FakeExaminer) -> None:
    examiner.truth = lambda _: Truth(share=0.0, speedup=1.9, blocked=0.0)
    examiner.unavailable = {"fork": "no fork here", "processes": "no fork here"}
    found = check("m:f")
    assert found.verdict is Verdict.RELEASES
    assert found.scaling.processes is None
    assert found.scaling.reason == "no fork here"


def test_what_two_threads_break_releases_all_the_same(examiner: FakeExaminer) -> None:
    examiner.truth = lambda _: Truth(share=0.0, speedup=1.9, blocked=0.0)
    examiner.unavailable = {"threads": "the host was killed by SIGSEGV"}
    found = check("m:f")
    assert found.verdict is Verdict.RELEASES
    assert found.scaling.threads is None
    assert found.scaling.reason == "the host was killed by SIGSEGV"
    assert "SIGSEGV" in found.advice


def test_how_far_it_is_is_told(examiner: FakeExaminer) -> None:
    told: list[Progress] = []
    check("m:f", on_progress=told.append)
    assert all(0 <= each.done <= 1 for each in told)
    assert [each.done for each in told] == sorted(each.done for each in told)
    assert [each.doing for each in told][-1] == "done"
    assert told[-1].done == 1.0
    assert {each.doing for each in told[:-1]} == {"watching"}
    assert len(told) == len(examiner.asked) + 1


# In this process


def test_in_process_any_function_will_do(plans: list[CheckPlan], examiner: FakeExaminer) -> None:
    examiner.unavailable = {"fork": "not here"}
    found = check(lambda: None, in_process=True)
    assert plans[0].in_process is True
    assert str(plans[0].target.function).endswith("<lambda>")
    assert any("in the process that asked" in note for note in found.notes)
    # No thread of the caller's is moved, and nothing is ordered that nobody ends.
    orders = [request.order for request in examiner.of(SampleRequest)]
    assert {order.processors for order in orders} == {()}
    assert {order.window_ns for order in orders} == {None}


def test_a_function_of_a_module_is_named_to_the_host(plans: list[CheckPlan]) -> None:
    check(zlib.crc32)
    assert plans[0].target.function == "zlib:crc32"


def test_in_one_process_one_check_waits_for_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    checking: list[object] = []
    at_once: list[int] = []

    @dataclass
    class Patient(FakeExaminer):
        def __post_init__(self) -> None:
            checking.append(self)
            at_once.append(len(checking))
            time.sleep(0.05)

        def close(self) -> None:
            checking.remove(self)

    monkeypatch.setattr(study, "_examiner", lambda *_: Patient())
    threads = [
        threading.Thread(target=check, args=(lambda: None,), kwargs={"in_process": True})
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert at_once == [1, 1, 1]


def test_a_check_in_a_host_waits_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(study, "_examiner", lambda *_: FakeExaminer())
    others: list[CheckFindings] = []

    def check_another(_: Progress) -> None:
        if not others:
            other = threading.Thread(target=lambda: others.append(check("m:f")))
            other.start()
            other.join(10)

    check(lambda: None, in_process=True, on_progress=check_another)
    assert len(others) == 1


# Sizes


def test_the_threshold_is_found_exactly(examiner: FakeExaminer) -> None:
    examiner.truth = hashes
    found = check(HASHED, setup=SETUP, sizes=(64, 2**20), seed=1)
    assert found.threshold is not None
    assert (found.threshold.before, found.threshold.size) == (2047, 2048)
    assert found.threshold.sharp is True
    assert found.threshold.verdict_before is Verdict.HOLDS
    assert found.threshold.verdict_after is Verdict.RELEASES
    assert found.threshold.pays_from == 2048
    assert found.verdict is Verdict.RELEASES
    sizes = [row.size for row in found.sizes]
    assert sizes == sorted(set(sizes))
    assert {2047, 2048, 64, 2**20} <= set(sizes)


def test_the_last_size_comes_first_and_is_looked_at_thoroughly(examiner: FakeExaminer) -> None:
    examiner.truth = hashes
    check(HASHED, setup=SETUP, sizes="1024..4096", seed=1)
    sizes = [request.size for request in examiner.of(TimeRequest)]
    assert sizes[:3] == [4096, 1024, 2048]
    backends = {
        request.backend
        for request in examiner.of(SampleRequest)
        if '"n":4096' in request.order.workload
    }
    assert {"serial", "threads"} < backends
    others = {
        request.backend
        for request in examiner.of(SampleRequest)
        if '"n":4096' not in request.order.workload
    }
    assert others == {"serial", "threads"}


def test_controls_are_watched_at_every_size(examiner: FakeExaminer) -> None:
    examiner.truth = hashes
    check(HASHED, setup=SETUP, sizes="1024..4096", seed=1)
    watched: dict[tuple[int | None, int], list[Subject]] = {}
    for request in examiner.of(ObserveRequest):
        watched.setdefault((request.size, request.round), []).append(request.subject)
    assert all(sorted(subjects) == ["hold", "release", "target"] for subjects in watched.values())
    assert {size for size, _ in watched} == {r.size for r in examiner.of(TimeRequest)}


def test_without_a_change_only_the_steps_are_looked_at(examiner: FakeExaminer) -> None:
    found = check(HASHED, setup=SETUP, sizes="1..8", seed=1)
    assert [row.size for row in found.sizes] == [1, 2, 4, 8]
    assert found.threshold is not None
    assert found.threshold.size is None
    assert len(examiner.of(TimeRequest)) == 4


def test_an_inconclusive_size_is_looked_at_again_with_more_effort(
    examiner: FakeExaminer, monkeypatch: pytest.MonkeyPatch
) -> None:
    examiner.truth = hashes
    observe = FakeExaminer.observe
    looks: list[int] = []

    def unsure(self: FakeExaminer, request: ObserveRequest) -> Observation:
        if request.subject is Subject.TARGET and request.size == 1536:
            looks.append(request.span_ns)
        wrong = request.size == 1536 and len(looks) <= 1 and request.subject is Subject.RELEASE
        self.release = 0.9 if wrong else 0.0
        return observe(self, request)

    monkeypatch.setattr(FakeExaminer, "observe", unsure)
    found = check(HASHED, setup=SETUP, sizes="1024..2048", seed=5)
    assert found.threshold is not None
    assert (found.threshold.before, found.threshold.size) == (2047, 2048)


def test_progress_names_the_size(examiner: FakeExaminer) -> None:
    told: list[Progress] = []
    check(HASHED, setup=SETUP, sizes="1..4", on_progress=told.append)
    assert {"n = 1", "n = 2", "n = 4"} <= {each.doing for each in told}


def test_a_size_that_cannot_be_called_is_named(examiner: FakeExaminer) -> None:
    timed = FakeExaminer.time

    def empty(self: FakeExaminer, request: TimeRequest) -> Timing:
        if request.size == 0:
            raise InputError("the target raised IndexError: index out of range")
        return timed(self, request)

    examiner.time = empty.__get__(examiner)  # type: ignore[method-assign]
    with pytest.raises(InputError) as caught:
        check(HASHED, setup=SETUP, sizes="0..4")
    assert str(caught.value) == ("with n = 0, the target raised IndexError: index out of range")
    assert examiner.closings == 1


# What is stored


@pytest.mark.parametrize("sizes", [None, "1024..4096"])
def test_a_stored_check_has_the_findings_of_the_live_one(
    sizes: str | None, examiner: FakeExaminer, file: Path
) -> None:
    examiner.truth = hashes
    examiner.unavailable = {"fork": "no fork here"}
    live = check(HASHED, setup=SETUP, sizes=sizes, output=file, seed=1)
    again = stored(file)
    assert again.notes == ()
    assert check_findings(again) == live
    assert again.failures


def test_it_is_written_as_it_comes(file: Path) -> None:
    seen: list[int] = []
    check("m:f", output=file, on_progress=lambda _: seen.append(file.read_bytes().count(b"\n")))
    assert seen == [*range(2, len(seen) + 2)]


def test_an_earlier_file_stays_until_the_target_can_be_called(
    examiner: FakeExaminer, file: Path
) -> None:
    check("m:f", output=file)
    before = file.read_bytes()
    examiner.fails_at = len(examiner.asked) + 1
    with pytest.raises(InputError, match="not today"):
        check("m:g", output=file)
    assert file.read_bytes() == before
    assert examiner.closings == 1
    file.write_text("hello")
    with pytest.raises(InputError, match="not a gilbench result file"):
        check("m:g", output=file)
    assert file.read_text() == "hello"


def test_what_cannot_be_called_leaves_no_file(examiner: FakeExaminer, file: Path) -> None:
    examiner.fails_at = 1
    with pytest.raises(InputError, match="not today"):
        check("m:f", output=file)
    assert not file.exists()


def test_what_fails_later_leaves_what_was_seen(examiner: FakeExaminer, file: Path) -> None:
    examiner.fails_at = 5
    with pytest.raises(InputError, match="^the target raised LookupError: not today$"):
        check("m:f", output=file)
    assert len(stored(file).observations) == 3
    stop = stored(file).stop
    assert stop is not None
    assert stop.reason is StopReason.FAILED


@pytest.mark.parametrize("at", range(1, 20))
def test_ctrl_c_stores_how_it_ended(at: int, examiner: FakeExaminer, file: Path) -> None:
    examiner.interrupted_at = at
    with pytest.raises(KeyboardInterrupt):
        check("m:f", output=file)
    assert examiner.closings == 1
    if at == 1:
        assert not file.exists()
        return
    again = stored(file)
    assert again.stop is not None
    assert again.stop.reason is StopReason.INTERRUPTED
    assert file.read_bytes().count(b"\n") == at + 1
    found = check_findings(again)
    assert found.stop == again.stop


def test_ctrl_c_when_all_is_done_changes_nothing(file: Path) -> None:
    def interrupt(progress: Progress) -> None:
        if progress.doing == "done":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check("m:f", output=file, on_progress=interrupt)
    again = stored(file)
    assert again.notes == ()
    assert again.stop is not None
    assert again.stop.reason is StopReason.PRECISION
    assert file.read_text().count('"stop"') == 1


def test_ctrl_c_before_there_is_a_file_leaves_none(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(study.MemorySink, "begin", interrupted)
    with pytest.raises(KeyboardInterrupt):
        check("m:f", output=file)
    assert not file.exists()


def test_a_file_that_cannot_be_written_on_ends_it(
    file: Path, examiner: FakeExaminer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gilbench.results.store import Store

    append: Callable[..., None] = Store.append
    written: list[object] = []

    def full(self: Store[Any, Any], record: object) -> None:
        written.append(record)
        if len(written) == 4:
            raise StoreError("cannot go on writing check.jsonl (No space left on device)")
        append(self, record)

    monkeypatch.setattr(Store, "append", full)
    with pytest.raises(StoreError, match="No space left"):
        check("m:f", output=file)
    assert examiner.closings == 1
    assert len(stored(file).observations) == 2
    stop = stored(file).stop
    assert stop is not None
    assert stop.reason is StopReason.FAILED


# Who carries it out


def test_a_host_that_does_not_start_ends_it(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()

    def start() -> None:
        raise HostError("a host could not be started: no")

    monkeypatch.setattr(study, "HostExaminer", lambda timeout_ns: start())
    with pytest.raises(HostError, match="could not be started"):
        check("m:f", output=file)
    assert not file.exists()


def local(**asked: Any) -> CheckFindings:
    return check(in_process=True, budget="300ms", seed=1, **asked)


def test_a_real_function_is_called_in_this_very_process(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    import os

    processes: set[int] = set()

    def naps() -> None:
        processes.add(os.getpid())
        time.sleep(0.002)

    found = local(target=naps, output=file)
    assert processes == {os.getpid()}
    assert found.verdict in {Verdict.RELEASES, Verdict.INCONCLUSIVE}
    assert check_findings(stored(file)) == found
    assert found.scaling.processes is None
    assert "processes cannot call" in str(found.scaling.reason)


def test_a_real_function_that_raises_in_this_process_is_one_line(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()

    def raises() -> None:
        raise LookupError("not today")

    with pytest.raises(InputError, match=r"^the target raised LookupError: not today \(test_stu"):
        local(target=raises, output=file)
    assert not file.exists()


def test_two_real_checks_at_once_leave_the_switch_interval(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    before = sys.getswitchinterval()
    threads = [
        threading.Thread(target=local, kwargs={"target": partial(sum, range(1000))})
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sys.getswitchinterval() == before


@pytest.mark.skipif(KEEPS_FUNCTIONS, reason="it keeps all functions and their names")
def test_what_a_setup_made_in_this_process_goes_with_the_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    theirs = SimpleNamespace(Data=type("Data", (), {}), made=WeakSet(), setups=[])
    monkeypatch.setitem(sys.modules, "theirs", theirs)  # type: ignore[arg-type]
    setup = "import theirs; d = theirs.Data(); theirs.made.add(d); theirs.setups.append(1)"
    for checks in (1, 2):
        local(target="id(d)", setup=setup)
        assert len(theirs.setups) == checks
        assert len(theirs.made) == 0


def test_shut_outs_are_asked_for_at_every_size_that_holds(examiner: FakeExaminer) -> None:
    examiner.truth = hashes
    check(HASHED, setup=SETUP, sizes="1024..4096", seed=1)
    sizes = {request.size for request in examiner.of(ShutOutRequest)}
    assert all(size is not None and (size < 2048 or size == 4096) for size in sizes)
    assert 2047 in sizes
