from __future__ import annotations

import errno
import io
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from edits import Edit, complaint_about, edited, put
from gilbench.errors import StoredFileError
from gilbench.results import StoredRun, load, read, reader

HEADER, CALIBRATION, SAMPLE, REJECTED, FAILURE, STOP = range(6)


@pytest.fixture
def stored(files: Path) -> bytes:
    return (files / "version1.jsonl").read_bytes()


def reading(data: bytes) -> StoredRun:
    stored = read(io.BytesIO(data), name="run.jsonl")
    assert isinstance(stored, StoredRun)
    return stored


complaint = partial(complaint_about, name="run.jsonl")


def test_version_1_is_read(files: Path, run: StoredRun) -> None:
    assert load(files / "version1.jsonl") == run


def test_header_may_name_the_study_of_a_run(stored: bytes, run: StoredRun) -> None:
    assert reading(edited(stored, put(HEADER, "study", value="scaling"))) == run


def test_path_may_be_text(files: Path, run: StoredRun) -> None:
    assert load(str(files / "version1.jsonl")) == run


def test_truncated_file_is_read_up_to_there_and_says_so(files: Path, run: StoredRun) -> None:
    assert load(files / "truncated.jsonl") == replace(
        run,
        samples=run.samples[:1],
        failures=(),
        stop=None,
        notes=("the file ends in the middle of line 4: read up to there (1 sample)",),
    )


def test_file_cut_anywhere_after_its_header_is_read(stored: bytes, run: StoredRun) -> None:
    for end in range(stored.index(b"\n") + 1, len(stored)):
        cut = reading(stored[:end])
        assert cut.samples == run.samples[: len(cut.samples)]
        # What is whole counts: the last line without its newline, too.
        whole = stored[end - 1 : end] == b"\n" or stored[end : end + 1] == b"\n"
        assert bool(cut.notes) is not whole


def test_file_cut_within_its_header_is_one_line(stored: bytes) -> None:
    assert complaint(stored[:100]) == "run.jsonl was cut off within its header"


def test_corrupt_file_names_the_line_and_what_is_wrong(files: Path) -> None:
    path = files / "corrupt.jsonl"
    with pytest.raises(StoredFileError) as caught:
        load(path)

    assert str(caught.value) == (
        f"{path} is corrupt in line 3: readings[0].cpu_ns must be a whole number, not '49 ms'"
    )


def test_newer_file_says_upgrade(files: Path) -> None:
    path = files / "newer.jsonl"
    with pytest.raises(StoredFileError) as caught:
        load(path)

    assert str(caught.value) == (
        f"{path} was written by a newer gilbench (schema 7, this one reads up to 3): "
        "upgrade gilbench"
    )


def test_foreign_file_is_told_from_ours(files: Path) -> None:
    path = files / "foreign.jsonl"
    with pytest.raises(StoredFileError) as caught:
        load(path)

    assert str(caught.value) == f"{path} is not a gilbench result file: it has no header line"


@pytest.mark.parametrize(
    "data",
    [
        b"\x7fELF\x00\xff\n",
        b"[1, 2]\n",
        b"plain text\n",
        b"\n",
        b'{"gilbench": true, "record": "header"}\n',
        b'{"gilbench": "1", "record": "header"}\n',
        b'{"gilbench": 0, "record": "header"}\n',
        b'{"gilbench": 1, "record": "sample"}\n',
        '{"gilbench": 1}\n'.encode("utf-16"),
        b"[" * 100_000,
    ],
)
def test_other_content_is_not_ours(data: bytes) -> None:
    assert complaint(data) == "run.jsonl is not a gilbench result file: it has no header line"


def test_empty_file_is_told() -> None:
    assert complaint(b"") == "run.jsonl is empty"


def test_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoredFileError) as caught:
        load(tmp_path / "none.jsonl")

    assert str(caught.value) == f"there is no file {tmp_path / 'none.jsonl'}"


def test_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoredFileError, match="is a folder"):
        load(tmp_path)


def test_name_with_a_nul_is_told() -> None:
    with pytest.raises(StoredFileError, match="cannot be the name of a file"):
        load("a\0b")


def test_missing_permission_is_told(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(StoredFileError, match=r"cannot read .*: Permission denied"):
        load(files / "version1.jsonl")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{", "it is not JSON (Expecting property name"),
        (b"", "it is not JSON (Expecting value at column 1)"),
        (b"\xff", "it is not UTF-8 text"),
        (b"[]", "it is not a JSON object"),
        (b'{"record": NaN}', "it is not JSON of ours (NaN is no number)"),
        (b'{"record": ' + b"9" * 5000 + b"}", "it is not JSON of ours (Exceeds the limit"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b"{}", "it is no record of a run that schema 3 knows: None"),
        (b'{"record": []}', "it is no record of a run that schema 3 knows: []"),
        (b'{"record": "trace"}', "it is no record of a run that schema 3 knows: 'trace'"),
        (b'{"record": "header"}', "it is no record of a run that schema 3 knows: 'header'"),
        (b'{"record": "stop"}', "reason is missing"),
        (
            b'{"record": "' + b"x" * 10_000 + b'"}',
            "it is no record of a run that schema 3 knows: 'xxx",
        ),
    ],
)
def test_broken_line_is_corrupt(stored: bytes, line: bytes, message: str) -> None:
    lines = stored.splitlines(keepends=True)
    data = b"".join([*lines[:SAMPLE], line, b"\n", *lines[SAMPLE:]])

    assert complaint(data).startswith(f"run.jsonl is corrupt in line 3: {message}")


def test_broken_last_line_is_corrupt_where_it_has_an_end(stored: bytes) -> None:
    assert "is corrupt in line 7: it is not JSON" in complaint(stored + b'{"record": "st\n')


def test_line_without_end_is_not_read_for_ever(
    stored: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_LONGEST_LINE", len(stored))

    assert "is corrupt in line 7: it is not JSON" in complaint(stored + b"0" * 2 * len(stored))


def test_record_after_the_stop_is_corrupt(stored: bytes) -> None:
    last = stored.splitlines(keepends=True)[STOP]

    assert complaint(stored + last).endswith("corrupt in line 7: the run had stopped before")


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (put(HEADER, "study", value="trace"), "it is of no study that schema 3 knows: 'trace'"),
        (put(HEADER, "study", value=[]), "it is of no study that schema 3 knows: []"),
        (put(HEADER, "study", value=None), "it is of no study that schema 3 knows: None"),
        (put(HEADER, "study", value="check"), "plan.target is missing"),
        (put(HEADER, "environment", value=[]), "environment must be an object, not []"),
        (
            put(HEADER, "environment", "cores", value=0),
            "environment.cores must be from 1 to 9223372036854775807, not 0",
        ),
        (
            put(HEADER, "environment", "cpus", value=True),
            "environment.cpus must be a whole number, not True",
        ),
        (
            put(HEADER, "environment", "memory_bytes", value=2**63),
            "environment.memory_bytes must be from 0 to",
        ),
        (
            put(HEADER, "environment", "variables", value=[]),
            "environment.variables must be an object, not []",
        ),
        (
            put(HEADER, "environment", "variables", "A", value=1),
            "environment.variables.A must be text, not 1",
        ),
        (
            put(HEADER, "environment", "variables", "a\nb", value=1),
            "environment.variables.'a\\nb' must be text, not 1",
        ),
        (
            put(HEADER, "environment", "variables", "x" * 5000, value=1),
            "environment.variables.'xxxxxxxxxxxx...xxxxxxxxxxxxx' must be text, not 1",
        ),
        (
            put(HEADER, "environment", "variables", "\ud800", value="1"),
            "a key of environment.variables must be valid Unicode, not '\\ud800'",
        ),
        (
            put(HEADER, "environment", "cpu", value="\udcff"),
            "environment.cpu must be valid Unicode, not '\\udcff'",
        ),
        (
            put(HEADER, "environment", "gil_enabled", value=1),
            "environment.gil_enabled must be true or false, not 1",
        ),
        (
            put(HEADER, "environment", "load_average", value=[1, 2]),
            "environment.load_average must be a list of 3, not [1, 2]",
        ),
        (
            put(HEADER, "environment", "load_average", value=[1, 2, 3, 4]),
            "environment.load_average must be a list of 3, not [1, 2, 3, 4]",
        ),
        (
            put(HEADER, "environment", "affinity", value="01"),
            "environment.affinity must be a list, not '01'",
        ),
        (
            put(HEADER, "environment", "warnings", 0, "advice", value=None),
            "environment.warnings[0].advice must be text, not None",
        ),
        (put(HEADER, "plan", "cases", value=[]), "plan.cases must be a list of 1 or more, not []"),
        (put(HEADER, "plan", "seed", value=-1), "plan.seed must be from 0 to"),
        (
            put(HEADER, "plan", "cases", 1, "workers", value=0),
            "plan.cases[1].workers must be from 1 to",
        ),
        (put(CALIBRATION, "ns_per_unit", value=0), "ns_per_unit must be above 0, not 0"),
        (put(CALIBRATION, "ns_per_unit", value=True), "ns_per_unit must be a number, not True"),
        (
            put(CALIBRATION, "ns_per_unit", value=1e-300),
            "ns_per_unit must be 0 or of a magnitude from 1e-24 to 1e+24, not 1e-300",
        ),
        (put(CALIBRATION, "units_per_call", value=2.0), "units_per_call must be a whole number"),
        (put(SAMPLE, "case", "mode", value="x"), "case.mode must be one of hold, release, not 'x'"),
        (put(SAMPLE, "case", "mode", value=[]), "case.mode must be one of hold, release, not []"),
        (put(SAMPLE, "rejection", value="x"), "rejection must be one of run queue, steal, control"),
        (put(SAMPLE, "elapsed_ns", value=0), "elapsed_ns must be from 1 to"),
        (put(SAMPLE, "readings", value=[]), "readings must be a list of 1 or more, not []"),
        (
            put(SAMPLE, "case", "workers", value=3),
            "readings must be one for each worker: 2 for 3 workers",
        ),
        (
            put(SAMPLE, "readings", 1, "units", value=-1),
            "readings[1].units must be at least 0, not -1",
        ),
        (
            put(SAMPLE, "readings", 1, "units", value=10**400),
            "readings[1].units must be 0 or of a magnitude from 1e-24 to 1e+24, not 1000",
        ),
        (
            put(SAMPLE, "readings", 0, "checksum", value=2**64),
            "readings[0].checksum must be from -9223372036854775808 to 18446744073709551615",
        ),
        (put(SAMPLE, "case", "backend", value="dask"), "its case is not in the plan"),
        (put(FAILURE, "case", "workers", value=9), "its case is not in the plan"),
        (put(FAILURE, "status", value="ok"), "status must be one of unavailable, failed, not 'ok'"),
        (
            put(SAMPLE, "gil_enabled", value="yes"),
            "gil_enabled must be true or false, not 'yes'",
        ),
        (put(STOP, "reason", value=None), "reason must be one of precision, budget"),
    ],
)
def test_value_that_does_not_fit_is_corrupt(stored: bytes, edit: Edit, message: str) -> None:
    assert f": {message}" in complaint(edited(stored, edit))


def test_infinity_spelled_as_a_number_is_corrupt(stored: bytes) -> None:
    data = stored.replace(b'"ns_per_unit": 2.5', b'"ns_per_unit": 1e999')

    assert "ns_per_unit must be 0 or of a magnitude" in complaint(data)


def test_field_that_is_not_known_is_passed_over(stored: bytes, run: StoredRun) -> None:
    def extend(lines: list[dict[str, Any]]) -> None:
        for line in lines:
            line["later"] = {"a": [1]}
        lines[HEADER]["environment"]["later"] = 1
        lines[SAMPLE]["readings"][0]["later"] = None

    assert reading(edited(stored, extend)) == run


def test_field_that_came_later_may_be_missing(stored: bytes, run: StoredRun) -> None:
    def forget(lines: list[dict[str, Any]]) -> None:
        del lines[SAMPLE]["gil_enabled"]

    assert reading(edited(stored, forget)).samples[0] == replace(run.samples[0], gil_enabled=None)


def test_whole_numbers_pass_where_a_number_may_have_a_fraction(
    stored: bytes, run: StoredRun
) -> None:
    units = reading(edited(stored, put(SAMPLE, "readings", 0, "units", value=4))).samples[0]

    assert units.readings[0].units == 4.0
    assert isinstance(units.readings[0].units, float)
