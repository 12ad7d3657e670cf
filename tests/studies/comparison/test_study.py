from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from comparisons import make_plan, make_trial
from environments import make_environment
from gilbench import load
from gilbench.comparison import FactsFindings, Outcome, Way
from gilbench.errors import HostError, InputError, StoredFileError
from gilbench.model import Progress, StopReason
from gilbench.results import StoredFacts, StoreError
from gilbench.studies.comparison import study
from gilbench.studies.comparison.study import facts, facts_findings

from .conftest import FakeLaboratory, FakeRow

Rows = dict[str, FakeRow]


@pytest.fixture(autouse=True)
def given(
    laboratory: FakeLaboratory, monkeypatch: pytest.MonkeyPatch, fake_rows: Rows
) -> dict[str, Any]:
    """Let the fake carry out all trials; what its maker was told."""
    told: dict[str, Any] = {}

    def make(seed: int, *, dsn: str | None) -> FakeLaboratory:
        told.update(seed=seed, dsn=dsn)
        return laboratory

    monkeypatch.setattr(study, "HostLaboratory", make)
    monkeypatch.setattr(study.machine, "environment", make_environment)
    monkeypatch.setattr(study.machine, "cores", lambda: 2)
    return told


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "facts.jsonl"


def stored(file: Path) -> StoredFacts:
    found = load(file)
    assert isinstance(found, StoredFacts)
    return found


def reason(file: Path) -> StopReason:
    stop = stored(file).stop
    assert stop is not None
    return stop.reason


# A comparison


def test_it_finds_what_the_rows_find(laboratory: FakeLaboratory) -> None:
    found = facts()
    assert [row.row for row in found.rows] == ["memory", "creation", "io-bound"]
    assert {row.holds for row in found.rows} == {Outcome.HOLDS}
    assert found.rows[0].evidence.deciding == "4 trials took 400000 ns."
    assert found.headline == "Of 3 claims 3 hold here."
    assert found.schema_version == 3
    assert found.stop is not None
    assert found.stop.reason is StopReason.BUDGET
    assert found.notes == ()
    assert len(laboratory.asked) == 12
    assert laboratory.closings == 1


def test_only_what_was_asked_for_is_measured(laboratory: FakeLaboratory, fake_rows: Rows) -> None:
    found = facts(["creation"], quick=True, workers=5, imports=["json"], seed=3)
    assert {trial.row for trial in laboratory.asked} == {"creation"}
    assert found.plan == make_plan(
        rows=("creation",), quick=True, workers=5, imports=("json",), seed=3
    )
    assert len(fake_rows["creation"].budgets) == 1
    assert 10**9 < fake_rows["creation"].budgets[0] < 2 * 10**9


def test_a_server_is_told_to_the_laboratory_and_to_nobody_else(
    given: dict[str, Any], file: Path, laboratory: FakeLaboratory
) -> None:
    dsn = "postgresql://me:secret@localhost/db"
    found = facts(dsn=dsn, output=file, seed=4)
    assert given == {"seed": 4, "dsn": dsn}
    assert found.plan.postgres
    assert "secret" not in file.read_text()
    assert laboratory.asked[0].row == "io-bound"
    assert [row.row for row in found.rows] == ["memory", "creation", "io-bound"]


def test_without_a_seed_there_is_another_each_time() -> None:
    assert facts().plan.seed != facts().plan.seed


@pytest.mark.parametrize(
    "wrong",
    [
        {"rows": ["speed"]},
        {"workers": 0},
        {"imports": ["a b"]},
        {"imports": [5]},
        {"rows": ["io-bound"], "imports": ["json"]},
        {"rows": ["memory"], "dsn": "postgresql://localhost/db"},
        {"dsn": 5},
        {"seed": "x"},
        {"output": "nowhere/facts.jsonl"},
    ],
)
def test_what_is_wrong_is_refused_before_anything_is_tried(
    wrong: dict[str, Any], laboratory: FakeLaboratory
) -> None:
    with pytest.raises(InputError):
        facts(**wrong)
    assert laboratory.asked == []


def test_how_far_it_is_is_told() -> None:
    told: list[Progress] = []
    facts(on_progress=told.append)
    assert [each.doing for each in told] == [
        *["memory"] * 4,
        *["creation"] * 4,
        *["io-bound"] * 4,
        "done",
    ]
    assert all(0 <= each.done < 1 and each.left_ns > 0 for each in told[:-1])
    assert (told[-1].done, told[-1].left_ns) == (1.0, 0)


# What is stored


def test_a_stored_comparison_has_the_findings_of_the_live_one(file: Path) -> None:
    live = facts(output=file)
    assert stored(file).notes == ()
    assert facts_findings(stored(file)) == live


def test_it_is_written_as_it_comes(file: Path) -> None:
    seen: list[int] = []
    facts(output=file, on_progress=lambda _: seen.append(file.read_bytes().count(b"\n")))
    assert seen == [*range(2, 14), 14]


@pytest.mark.parametrize("error", [InputError("there is no module 'nope'"), KeyboardInterrupt()])
def test_what_ends_it_at_once_leaves_an_earlier_file(
    error: BaseException, file: Path, laboratory: FakeLaboratory
) -> None:
    facts(output=file)
    before = file.read_bytes()
    laboratory.error, laboratory.raises_at = error, 13
    with pytest.raises(type(error)):
        facts(output=file)
    assert file.read_bytes() == before
    assert laboratory.closings == 2


def test_modules_are_imported_before_all_else_and_a_server_asked_next(
    laboratory: FakeLaboratory,
) -> None:
    found = facts(imports=["json"], dsn="postgresql://localhost/db")
    asked = [(trial.row, trial.name) for trial in laboratory.asked]
    assert asked[:2] == [("memory", "imports"), ("io-bound", "start")]
    assert asked.count(("memory", "imports")) == 1
    assert found.stop is not None
    assert {row.holds for row in found.rows[1:]} == {Outcome.HOLDS}


@pytest.mark.parametrize("raises_at", [1, 2])
def test_neither_a_module_nor_a_server_that_fails_costs_an_earlier_file(
    raises_at: int, file: Path, laboratory: FakeLaboratory
) -> None:
    facts(output=file)
    before = file.read_bytes()
    laboratory.error = InputError("no")
    laboratory.raises_at = len(laboratory.asked) + raises_at
    with pytest.raises(InputError):
        facts(output=file, imports=["json"], dsn="postgresql://localhost/db")
    assert file.read_bytes() == before


def test_what_ends_it_at_once_leaves_no_file(file: Path, laboratory: FakeLaboratory) -> None:
    laboratory.error, laboratory.raises_at = InputError("no"), 1
    with pytest.raises(InputError):
        facts(output=file)
    assert not file.exists()


@pytest.mark.parametrize(
    ("error", "ended", "note"),
    [
        (InputError("no server"), StopReason.FAILED, "It broke off: this is what the trials up"),
        (HostError("no host"), StopReason.FAILED, "It broke off: "),
        (ZeroDivisionError(), StopReason.FAILED, "It broke off: "),
        (
            KeyboardInterrupt(),
            StopReason.INTERRUPTED,
            "It was interrupted: this is what the trials",
        ),
    ],
)
def test_what_ends_it_in_the_middle_leaves_what_was_tried(
    error: BaseException,
    ended: StopReason,
    note: str,
    file: Path,
    laboratory: FakeLaboratory,
) -> None:
    laboratory.error, laboratory.raises_at = error, 7
    with pytest.raises(type(error)):
        facts(output=file)
    assert laboratory.closings == 1
    assert len(stored(file).trials) == 6
    assert reason(file) is ended
    found = facts_findings(stored(file))
    assert found.notes[0].startswith(note)
    assert [row.holds for row in found.rows] == [
        Outcome.HOLDS,
        Outcome.INCONCLUSIVE,
        Outcome.INCONCLUSIVE,
    ]


def test_ctrl_c_when_all_is_done_changes_nothing(file: Path) -> None:
    def interrupt(progress: Progress) -> None:
        if progress.doing == "done":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        facts(output=file, on_progress=interrupt)
    assert reason(file) is StopReason.BUDGET
    assert file.read_text().count('"stop"') == 1


@pytest.mark.parametrize("again", [False, True])
def test_a_file_that_cannot_be_written_on_ends_it(
    again: bool, file: Path, laboratory: FakeLaboratory, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gilbench.results.store import Store

    append = Store.append
    written: list[object] = []

    def full(self: Store[Any, Any], record: object) -> None:
        written.append(record)
        if len(written) == 4 or (again and len(written) > 4):
            raise StoreError("cannot go on writing facts.jsonl (No space left on device)")
        append(self, record)

    monkeypatch.setattr(Store, "append", full)
    with pytest.raises(StoreError, match="No space left"):
        facts(output=file)
    assert laboratory.closings == 1
    assert len(stored(file).trials) == 3
    assert (stored(file).stop is None) is again


# What a file says


def of_file(*rows: str, **changed: Any) -> FactsFindings:
    plain: dict[str, Any] = {
        "environment": make_environment(),
        "plan": make_plan(rows=rows),
        "trials": (),
        "stop": None,
        "notes": ("the file ends in the middle of line 4",),
    }
    return facts_findings(StoredFacts(**plain | changed))


def test_what_was_cut_off_says_so() -> None:
    assert of_file("memory").notes == (
        "the file ends in the middle of line 4",
        "It was cut off: this is what the trials up to there say.",
    )


def test_trials_of_another_version_are_refused_in_one_line() -> None:
    trial = make_trial(row="creation", name="start", way=Way.FORK, figures={})
    with pytest.raises(StoredFileError) as caught:
        of_file("memory", "creation", trials=(trial,))
    assert str(caught.value) == (
        "the trials of creation are not such as this gilbench stores"
        """ (KeyError: "'start_ns'")"""
    )


def test_a_row_sees_its_own_trials_only() -> None:
    trial = make_trial(row="creation", figures={"start_ns": (5.0,)})
    memory, creation = of_file("memory", "creation", trials=(trial,)).rows
    assert memory.evidence.deciding == "0 trials took 0 ns."
    assert creation.evidence.deciding == "1 trials took 5 ns."
