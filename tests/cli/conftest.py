"""Studies that measure nothing: they note how they were asked, write, and answer or raise."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import gilbench.studies
from comparisons import make_findings, make_row
from gilbench import results
from gilbench.cli import main
from gilbench.evidence import (
    CheckFindings,
    CheckPlan,
    Controls,
    Instrument,
    Scaling,
    Target,
    Verdict,
)
from gilbench.model import Estimate, Findings, Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gilbench.comparison import FactsFindings

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


class CheckStudy:
    """Stands for `gilbench.studies.check`: its `study` and its `findings`."""

    def __init__(self, answer: CheckFindings) -> None:
        self.answer = answer
        self.asked: dict[str, Any] = {}
        self.writes = "a header\n"
        self.error: BaseException | None = None
        self.shown: object = None

    def check(self, target: str, **asked: Any) -> CheckFindings:
        self.asked = {"target": target, **asked}
        if self.writes:
            Path(asked["output"]).write_text(self.writes, encoding="utf-8")
        if asked["on_progress"] is not None:
            asked["on_progress"](Progress(done=0.5, left_ns=10**9, doing="round 3"))
        if self.error is not None:
            raise self.error
        return self.answer

    def check_findings(self, stored: object) -> CheckFindings:
        self.shown = stored
        return self.answer


class FactsStudy:
    """Stands for `gilbench.studies.comparison.study`."""

    def __init__(self, answer: FactsFindings) -> None:
        self.answer = answer
        self.asked: dict[str, Any] = {}
        self.writes = "a header\n"
        self.error: BaseException | None = None
        self.shown: object = None

    def facts(self, rows: Sequence[str], **asked: Any) -> FactsFindings:
        self.asked = {"rows": rows, **asked}
        if self.writes:
            Path(asked["output"]).write_text(self.writes, encoding="utf-8")
        if asked["on_progress"] is not None:
            asked["on_progress"](Progress(done=0.5, left_ns=10**9, doing="memory"))
        if self.error is not None:
            raise self.error
        return self.answer

    def facts_findings(self, stored: object) -> FactsFindings:
        self.shown = stored
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


@pytest.fixture
def check_answer(answer: Findings) -> CheckFindings:
    return CheckFindings(
        schema_version=results.CHECK_VERSION,
        environment=answer.environment,
        target=Target(statement="zlib.compress(d)", setup="import zlib\nd = bytes(9)"),
        verdict=Verdict.RELEASES,
        reason=None,
        held_share=Estimate(value=0.03, low=0.02, high=0.04),
        longest_hold_ns=1000,
        detaches_per_call=3.0,
        call_ns=412_000_000.0,
        scaling=Scaling(threads=None, processes=None, reason="one core only"),
        controls=Controls(hold=None, release=None),
        instrument=Instrument.SAMPLER,
        gil_reenabled=None,
        sizes=(),
        threshold=None,
        headline="It releases the GIL.",
        advice="Call it from threads.",
        notes=(),
        stop=None,
    )


@pytest.fixture
def check_study(check_answer: CheckFindings, monkeypatch: pytest.MonkeyPatch) -> CheckStudy:
    study = CheckStudy(check_answer)
    monkeypatch.setitem(sys.modules, "gilbench.studies.check.study", study)
    monkeypatch.setitem(sys.modules, "gilbench.studies.check.findings", study)
    return study


@pytest.fixture
def stored_check(check_answer: CheckFindings) -> results.StoredCheck:
    return results.StoredCheck(
        environment=check_answer.environment,
        plan=CheckPlan(target=check_answer.target, sizes=None, budget_ns=3, timeout_ns=60, seed=1),
        timings=(),
        observations=(),
        shut_outs=(),
        samples=(),
        failures=(),
        stop=None,
        notes=(),
    )


@pytest.fixture
def facts_study(monkeypatch: pytest.MonkeyPatch) -> FactsStudy:
    study = FactsStudy(make_findings(make_row(), headline="The one claim holds here."))
    monkeypatch.setitem(sys.modules, "gilbench.studies.comparison.study", study)
    return study


@pytest.fixture
def stored_facts(facts_study: FactsStudy) -> results.StoredFacts:
    answer = facts_study.answer
    return results.StoredFacts(
        environment=answer.environment, plan=answer.plan, trials=(), stop=None, notes=()
    )


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


@pytest.fixture(params=["run", "show"])
def command(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The two command lines that show a run: one measures it, the other has it from a file."""
    monkeypatch.setattr(results, "load", lambda path: "a stored run")
    return ["run"] if request.param == "run" else ["show", "run.jsonl"]
