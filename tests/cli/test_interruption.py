from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from gilbench.cli.interruption import Terminated, describe, exit_status, termination_interrupts

if TYPE_CHECKING:
    from pathlib import Path

Says = Callable[..., SimpleNamespace]

on_posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")


@pytest.mark.parametrize(
    ("interruption", "word", "status"),
    [(KeyboardInterrupt(), "interrupted", 130), (Terminated(), "terminated", 143)],
)
def test_words_and_exit_status(interruption: KeyboardInterrupt, word: str, status: int) -> None:
    assert (describe(interruption), exit_status(interruption)) == (word, status)


@on_posix
def test_sigterm_interrupts_within_the_block_only() -> None:
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL

    def be_terminated() -> None:
        with termination_interrupts():
            os.kill(os.getpid(), signal.SIGTERM)
            signal.pause()

    with pytest.raises(Terminated):
        be_terminated()
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


@on_posix
def test_who_handles_or_ignores_sigterm_already_goes_on_doing_so() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with termination_interrupts():
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize(
    ("interruption", "word", "status"),
    [(KeyboardInterrupt(), "interrupted", 130), (Terminated(), "terminated", 143)],
)
def test_a_run_says_who_ended_it(
    interruption: BaseException,
    word: str,
    status: int,
    study: Any,
    gilbench_says: Says,
    tmp_path: Path,
) -> None:
    study.error = interruption
    said = gilbench_says("run", "--output", str(tmp_path / "run.jsonl"))
    assert said.status == status
    assert said.err.startswith(f"gilbench: {word}; what was measured so far: ")


def test_a_report_that_is_interrupted_is_one_line(
    study: Any, gilbench_says: Says, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gilbench.report.page.show", interrupted)
    said = gilbench_says("run")
    assert (said.status, said.out, said.err) == (130, "", "gilbench: interrupted\n")
