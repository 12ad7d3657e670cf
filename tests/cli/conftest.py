"""A study that measures nothing: it notes how it was asked, writes, and answers or raises."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import gilbench.studies
from gilbench import results
from gilbench.cli import main
from gilbench.model import Findings, Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FINDINGS = Path(__file__).parent / "findings.json"


class Study:
    """Stands for `gilbench.studies.scaling`."""

    DEFAULT_WORKLOADS = ("spin", "triad")

    def __init__(self, answer: Findings) -> None:
        self.answer = answer
        self.asked: dict[str, Any] = {}
        self.writes = "a header\n"
        self.error: BaseException | None = None
        self.shown: object = None
        self.against: object = None

    def run(self, workloads: Sequence[str], **asked: Any) -> Findings:
        self.asked = {"workloads": workloads, **asked}
        if self.writes:
            Path(asked["output"]).write_text(self.writes, encoding="utf-8")
        if asked["on_progress"] is not None:
            asked["on_progress"](Progress(done=0.5, left_ns=8 * 10**9, doing="round 6"))
        if self.error is not None:
            raise self.error
        return self.answer

    def findings(self, stored: object, *, against: object = None) -> Findings:
        self.shown, self.against = stored, against
        return self.answer


@pytest.fixture
def answer() -> Findings:
    return results.findings_from_json(FINDINGS.read_text(encoding="utf-8"))


@pytest.fixture
def study(answer: Findings, monkeypatch: pytest.MonkeyPatch) -> Study:
    study = Study(answer)
    monkeypatch.setitem(sys.modules, "gilbench.studies.scaling", study)
    monkeypatch.setattr(gilbench.studies, "scaling", study, raising=False)
    return study


@pytest.fixture(autouse=True)
def default_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where results go when no file is named: never the user's own folder."""
    path = tmp_path / "default.jsonl"

    def default_place(now: object) -> results.Place:
        path.touch()
        return results.Place(path=path, note=None)

    monkeypatch.setattr(results, "default_place", default_place)
    return path


@pytest.fixture
def gilbench_says(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., SimpleNamespace]:
    """Runs a command line; its exit status, standard output and standard error."""
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)

    def says(*arguments: str) -> SimpleNamespace:
        status = main(arguments)
        captured = capsys.readouterr()
        return SimpleNamespace(status=status, out=captured.out, err=captured.err)

    return says
