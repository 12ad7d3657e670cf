"""Checks as they are stored: read back, and refused where they are not what a check can be."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from edits import Edit, complaint_about, edited, put
from gilbench.errors import StoredFileError
from gilbench.evidence import Target
from gilbench.results import CHECK, StoredCheck, StoredRun, load, load_run, open_store, read, reader

HEADER, TIMING, OBSERVATION, PROBED, SHUT_OUT, SAMPLE, FAILURE, STOP = range(8)


@pytest.fixture
def stored(files: Path) -> bytes:
    return (files / "check2.jsonl").read_bytes()


def reading(data: bytes) -> StoredCheck:
    stored = read(io.BytesIO(data), name="check.jsonl")
    assert isinstance(stored, StoredCheck)
    return stored


complaint = partial(complaint_about, name="check.jsonl")


def sizeless(lines: list[dict[str, Any]]) -> None:
    lines[HEADER]["plan"]["sizes"] = None
    for line in lines:
        if "size" in line:
            line["size"] = None


def test_check_of_version_2_is_read(files: Path, check: StoredCheck) -> None:
    assert load(files / "check2.jsonl") == check


def test_what_was_stored_is_loaded(tmp_path: Path, check: StoredCheck) -> None:
    path = tmp_path / "check.jsonl"
    assert check.stop
    with open_store(path, CHECK) as store:
        store.begin(check.environment, check.plan)
        for record in (*check.timings, *check.observations, *check.shut_outs):
            store.append(record)
        for record in (*check.samples, *check.failures, check.stop):
            store.append(record)

    assert load(path) == check


def test_stored_example_is_what_is_written(
    tmp_path: Path, check: StoredCheck, stored: bytes
) -> None:
    path = tmp_path / "check.jsonl"
    with open_store(path, CHECK) as store:
        store.begin(check.environment, check.plan)
        store.append(check.timings[0])

    assert path.read_bytes() == b"".join(stored.splitlines(keepends=True)[:2])


def test_check_without_sizes_is_read(stored: bytes, check: StoredCheck) -> None:
    found = reading(edited(stored, sizeless))

    assert found.plan == replace(check.plan, sizes=None)
    assert found.timings == (replace(check.timings[0], size=None),)
    assert {one.size for one in found.observations} == {None}


def test_check_of_a_function_is_read(stored: bytes, check: StoredCheck) -> None:
    target = {"function": "mypackage.fast:encode"}

    found = reading(edited(stored, put(HEADER, "plan", "target", value=target)))

    assert found.plan.target == Target(function="mypackage.fast:encode")
    assert not found.plan.in_process


def test_where_calls_let_others_in_is_read_and_may_be_missing(
    stored: bytes, check: StoredCheck
) -> None:
    let_in = [3, *[0] * 18, 4]

    found = reading(edited(stored, put(SHUT_OUT, "let_in", value=let_in)))

    assert found.shut_outs == (replace(check.shut_outs[0], let_in=tuple(let_in)),)
    assert reading(stored).shut_outs[0].let_in == ()


def test_check_cut_anywhere_after_its_header_is_read(stored: bytes, check: StoredCheck) -> None:
    for end in range(stored.index(b"\n") + 1, len(stored)):
        cut = reading(stored[:end])
        assert cut.observations == check.observations[: len(cut.observations)]
        whole = stored[end - 1 : end] == b"\n" or stored[end : end + 1] == b"\n"
        assert bool(cut.notes) is not whole


def test_check_that_was_cut_off_says_how_much_there_is(stored: bytes) -> None:
    cut = stored[: stored.index(b'{"record": "shut-out"') + 30]

    assert reading(cut).notes == (
        "the file ends in the middle of line 5: read up to there (2 observations)",
    )


def test_reader_of_version_1_is_told_to_upgrade(
    stored: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "SCHEMA_VERSION", 1)

    assert complaint(stored) == (
        "check.jsonl was written by a newer gilbench (schema 2, this one reads up to 1): "
        "upgrade gilbench"
    )


def test_who_needs_a_run_is_told_that_it_is_a_check(files: Path, run: StoredRun) -> None:
    path = files / "check2.jsonl"
    with pytest.raises(StoredFileError) as caught:
        load_run(path)

    assert str(caught.value) == f"{path} holds a check, not a run: name a file that holds a run"
    assert load_run(files / "version1.jsonl") == run


def test_record_after_the_stop_is_corrupt(stored: bytes) -> None:
    last = stored.splitlines(keepends=True)[STOP]

    assert complaint(stored + last).endswith("corrupt in line 9: the check had stopped before")


def test_record_of_another_study_is_corrupt(stored: bytes, files: Path) -> None:
    calibration = (files / "version1.jsonl").read_bytes().splitlines(keepends=True)[1]

    assert complaint(stored.splitlines(keepends=True)[0] + calibration).endswith(
        "in line 2: it is no record of a check that schema 3 knows: 'calibration'"
    )


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (put(HEADER, "study", value="scaling"), "plan.cases is missing"),
        (put(HEADER, "plan", "seed", value=2**64), "plan.seed must be from 0 to"),
        (put(HEADER, "plan", "target", "statement", value=None), "plan.target must be either a"),
        (put(HEADER, "plan", "target", "function", value="m:f"), "plan.target must be either a"),
        (
            put(HEADER, "plan", "sizes", "first", value=2**20),
            "plan.sizes.last must be above 1048576, as first, not 1048576",
        ),
        (put(HEADER, "plan", "sizes", "first", value=-1), "plan.sizes.first must be from 0 to"),
        (put(HEADER, "plan", "sizes", "first", value=65), "size must be from 65 to 1048576, as in"),
        (put(HEADER, "plan", "sizes", value=None), "size must be null, as the plan has no sizes"),
        (put(TIMING, "size", value=2**20 + 1), "size must be from 64 to 1048576, as in the plan,"),
        (put(TIMING, "size", value=None), "size must be from 64 to 1048576, as in the plan, not N"),
        (put(TIMING, "calls", value=0), "calls must be from 1 to"),
        (put(TIMING, "call_ns", value=0), "call_ns must be at least 1, not 0"),
        (put(TIMING, "cpu_share", value=-0.5), "cpu_share must be at least 0, not -0.5"),
        (put(TIMING, "gil_after", value=None), "gil_after must be true or false, not None"),
        (put(OBSERVATION, "size", value=63), "size must be from 64 to 1048576, as in the plan"),
        (put(OBSERVATION, "subject", value="me"), "subject must be one of target, hold, release,"),
        (put(OBSERVATION, "instrument", value=[]), "instrument must be one of state sampler, requ"),
        (put(OBSERVATION, "blocks", value={}), "blocks must be a list, not {}"),
        (put(OBSERVATION, "blocks", 0, "calls", value=0), "blocks[0].calls must be from 1 to"),
        (
            put(OBSERVATION, "blocks", 1, "held", value=241),
            "blocks[1].held must be at most 240, as samples, not 241",
        ),
        (put(PROBED, "asked", value=496), "kept_waiting must be at most 496, as asked, not 497"),
        (put(PROBED, "round", value=-1), "round must be from 0 to"),
        (put(SHUT_OUT, "size", value=None), "size must be from 64 to 1048576, as in the plan"),
        (put(SHUT_OUT, "batch_ns", value=0), "batch_ns must be from 1 to"),
        (
            put(SHUT_OUT, "longest_wait_ns", value=30_000_001),
            "longest_wait_ns must be at most 30000000, as batch_ns, not 30000001",
        ),
        (
            put(SHUT_OUT, "granted", value=4),
            "granted must be at most 3, as waits, not 4",
        ),
        (
            put(SHUT_OUT, "typical_wait_ns", value=29_900_001),
            "typical_wait_ns must be at most 29900000, as longest_wait_ns, not 29900001",
        ),
        (put(SHUT_OUT, "queued_ns", value=-1), "queued_ns must be from 0 to"),
        (put(SHUT_OUT, "let_in", value=3), "let_in must be a list, not 3"),
        (put(SHUT_OUT, "let_in", value=[0] * 19), "let_in must be empty or 20 counts, not 19"),
        (put(SHUT_OUT, "let_in", value=[0] * 21), "let_in must be empty or 20 counts, not 21"),
        (put(SHUT_OUT, "let_in", value=[*[0] * 19, -1]), "let_in[19] must be from 0 to"),
        (put(SHUT_OUT, "let_in", value=[0.5] * 20), "let_in[0] must be a whole number, not 0.5"),
        (
            put(SAMPLE, "case", "workers", value=3),
            "readings must be one for each worker: 2 for 3 workers",
        ),
        (put(FAILURE, "status", value="ok"), "status must be one of unavailable, failed, not 'ok'"),
        (put(STOP, "reason", value=None), "reason must be one of precision, budget"),
    ],
)
def test_value_that_does_not_fit_is_corrupt(stored: bytes, edit: Edit, message: str) -> None:
    assert f": {message}" in complaint(edited(stored, edit))


def test_field_that_is_not_known_is_passed_over(stored: bytes, check: StoredCheck) -> None:
    def extend(lines: list[dict[str, Any]]) -> None:
        for line in lines:
            line["later"] = {"a": [1]}
        lines[HEADER]["plan"]["target"]["later"] = 1
        lines[OBSERVATION]["blocks"][0]["later"] = None

    assert reading(edited(stored, extend)) == check
