from __future__ import annotations

import sys

import pytest

from gilbench._native import fault
from gilbench.trials.crash import failure
from gilbench.trials.crash.failure import Failure, prepared, why_unavailable


def test_each_failure_can_be_prepared_without_failing() -> None:
    # Memory is not among them: to prepare for it is to take it.
    acts = {each: prepared(each) for each in Failure if each is not Failure.MEMORY}
    assert all(act.by for act in acts.values())
    with pytest.raises(ValueError, match="this worker fails"):
        acts[Failure.EXCEPTION].call()
    with pytest.raises(SystemExit) as ended:
        acts[Failure.SYSTEM_EXIT].call()
    assert ended.value.code == 3


def test_a_null_pointer_read_is_a_real_one_without_ctypes_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "ctypes", None)
    act = prepared(Failure.NULL_READ)
    assert (act.by, act.call) == ("fault.null_read()", fault.null_read)


def test_what_a_platform_does_not_have_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert why_unavailable(Failure.MEMORY) == (
        "darwin does not limit a process's memory by RLIMIT_AS"
    )
    assert why_unavailable(Failure.HANG) is None
    monkeypatch.delattr(failure.signal, "SIGKILL", raising=False)
    assert why_unavailable(Failure.KILL) == "darwin has no SIGKILL"
