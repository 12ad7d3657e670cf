"""Comparisons as they are stored: read back, and refused where they are not what one can be."""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from edits import Edit, complaint_about, edited, put
from gilbench.comparison import ROW_NAMES
from gilbench.errors import StoredFileError
from gilbench.results import (
    FACTS,
    MemorySink,
    StoredFacts,
    load,
    load_run,
    open_store,
    read,
    reader,
)

HEADER, ALONE, THREADS, REJECTED, UNAVAILABLE, STOP = range(6)


@pytest.fixture
def stored(files: Path) -> bytes:
    return (files / "facts3.jsonl").read_bytes()


def reading(data: bytes) -> StoredFacts:
    stored = read(io.BytesIO(data), name="facts.jsonl")
    assert isinstance(stored, StoredFacts)
    return stored


complaint = partial(complaint_about, name="facts.jsonl")


def test_comparison_of_version_3_is_read(files: Path, facts: StoredFacts) -> None:
    assert load(files / "facts3.jsonl") == facts


def test_stored_example_is_what_is_written(
    tmp_path: Path, facts: StoredFacts, stored: bytes
) -> None:
    path = tmp_path / "facts.jsonl"
    assert facts.stop
    with open_store(path, FACTS) as store:
        store.begin(facts.environment, facts.plan)
        for record in (*facts.trials, facts.stop):
            store.append(record)

    assert path.read_bytes() == stored


def test_parameters_keep_their_kinds(stored: bytes) -> None:
    parameters = reading(stored).trials[0].parameters

    assert parameters == {"workers": 1, "touring": True, "share": 0.5, "mode": "hold"}
    assert [type(value) for value in parameters.values()] == [int, bool, float, str]


def test_comparison_cut_anywhere_after_its_header_is_read(
    stored: bytes, facts: StoredFacts
) -> None:
    for end in range(stored.index(b"\n") + 1, len(stored)):
        cut = reading(stored[:end])
        assert cut.trials == facts.trials[: len(cut.trials)]
        whole = stored[end - 1 : end] == b"\n" or stored[end : end + 1] == b"\n"
        assert bool(cut.notes) is not whole


def test_comparison_that_was_cut_off_says_how_much_there_is(stored: bytes) -> None:
    cut = stored[: stored.index(b'"run queue"')]

    assert reading(cut).notes == (
        "the file ends in the middle of line 4: read up to there (2 trials)",
    )


def test_reader_of_version_2_is_told_to_upgrade(
    stored: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "SCHEMA_VERSION", 2)

    assert complaint(stored) == (
        "facts.jsonl was written by a newer gilbench (schema 3, this one reads up to 2): "
        "upgrade gilbench"
    )


def test_who_needs_a_run_is_told_that_it_is_a_comparison(files: Path) -> None:
    path = files / "facts3.jsonl"
    with pytest.raises(StoredFileError) as caught:
        load_run(path)

    assert str(caught.value) == (
        f"{path} holds a comparison, not a run: name a file that holds a run"
    )


def test_what_has_not_begun_is_no_comparison() -> None:
    with pytest.raises(RuntimeError, match="the comparison has not begun"):
        MemorySink(FACTS).stored()


def test_record_after_the_stop_is_corrupt(stored: bytes) -> None:
    last = stored.splitlines(keepends=True)[STOP]

    assert complaint(stored + last).endswith("corrupt in line 7: the comparison had stopped before")


def test_record_of_another_study_is_corrupt(stored: bytes, files: Path) -> None:
    timing = (files / "check2.jsonl").read_bytes().splitlines(keepends=True)[1]

    assert complaint(stored.splitlines(keepends=True)[0] + timing).endswith(
        "in line 2: it is no record of a comparison that schema 3 knows: 'timing'"
    )


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (put(HEADER, "study", value="check"), "plan.target is missing"),
        (put(HEADER, "plan", "seed", value=-1), "plan.seed must be from 0 to"),
        (put(HEADER, "plan", "workers", value=0), "plan.workers must be from 1 to"),
        (put(HEADER, "plan", "rows", value=[]), "plan.rows must be a list of 1 or more, not []"),
        (put(HEADER, "plan", "rows", value="gil"), "plan.rows must be a list, not 'gil'"),
        (
            put(HEADER, "plan", "rows", 0, value="speed"),
            f"plan.rows[0] must be one of {', '.join(ROW_NAMES)}, not 'speed'",
        ),
        (
            put(HEADER, "plan", "rows", value=["gil", "gil"]),
            "plan.rows must have each row once, not gil, gil",
        ),
        (put(HEADER, "plan", "rows", value=["cpu-bound"]), "its row is not in the plan"),
        (put(HEADER, "plan", "imports", value=[1]), "plan.imports[0] must be text, not 1"),
        (put(HEADER, "plan", "postgres", value="dsn"), "plan.postgres must be true or false"),
        (put(HEADER, "plan", "quick", value=None), "plan.quick must be true or false, not None"),
        (put(THREADS, "row", value="memory"), "its row is not in the plan"),
        (put(THREADS, "row", value="speed"), "row must be one of memory, gil, "),
        (put(THREADS, "way", value="threads"), "way must be one of thread, interpreter, fork, "),
        (put(THREADS, "round", value=-1), "round must be from 0 to"),
        (put(THREADS, "figures", value=[]), "figures must be an object, not []"),
        (
            put(THREADS, "figures", "units_per_s", value=1.0),
            "figures.units_per_s must be a list, not 1.0",
        ),
        (
            put(THREADS, "figures", "units_per_s", 1, value="fast"),
            "figures.units_per_s[1] must be a number, not 'fast'",
        ),
        (
            put(THREADS, "figures", "units_per_s", 1, value=1e300),
            "figures.units_per_s[1] must be 0 or of a magnitude from 1e-24 to 1e+24",
        ),
        (put(THREADS, "words", "died", value=9), "words.died must be text, not 9"),
        (
            put(THREADS, "words", "\ud800", value="x"),
            "a key of words must be valid Unicode, not '\\ud800'",
        ),
        (
            put(THREADS, "parameters", "workers", value=None),
            "parameters.workers must be true or false or a whole number or a number or text, not N",
        ),
        (
            put(THREADS, "parameters", "workers", value=[2]),
            "parameters.workers must be true or false or a whole number or a number or text, not [",
        ),
        (
            put(THREADS, "status", value="inconclusive"),
            "status must be one of ok, unavailable, ",
        ),
        (put(THREADS, "reason", value="why"), "reason must be null"),
        (put(UNAVAILABLE, "reason", value=None), "reason must not be null"),
        (put(UNAVAILABLE, "status", value="ok"), "reason must be null"),
        (
            put(STOP, "reason", value="tired"),
            "reason must be one of precision, budget, ",
        ),
    ],
)
def test_value_that_does_not_fit_is_corrupt(stored: bytes, edit: Edit, message: str) -> None:
    assert f": {message}" in complaint(edited(stored, edit))


def test_field_that_is_not_known_is_passed_over(stored: bytes, facts: StoredFacts) -> None:
    def extend(lines: list[dict[str, Any]]) -> None:
        for line in lines:
            line["later"] = {"a": [1]}
        lines[HEADER]["plan"]["later"] = 1

    assert reading(edited(stored, extend)) == facts


def test_what_has_defaults_may_be_missing(stored: bytes, facts: StoredFacts) -> None:
    def forget(lines: list[dict[str, Any]]) -> None:
        for name in ("words", "status", "reason"):
            del lines[THREADS][name]

    assert reading(edited(stored, forget)) == facts
