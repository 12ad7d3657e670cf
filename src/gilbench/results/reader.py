"""The result file as it is read: whole, still growing, or cut off, but never trusted."""

from __future__ import annotations

import reprlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from gilbench.errors import StoredFileError
from gilbench.model import Stop
from gilbench.results.codec import decode, parse
from gilbench.results.run import SCALING, StoredRun
from gilbench.results.sink import MemorySink
from gilbench.results.studies import STUDIES, noun_of
from gilbench.results.validation import MisfitError
from gilbench.results.version import SCHEMA_VERSION

if TYPE_CHECKING:
    from os import PathLike

    from gilbench.results.studies import Stored, StoredStudy
    from gilbench.results.study import Header

__all__ = ["check_version", "load", "load_run", "read"]

# Thousands of workers' readings take about 1 MiB; without a limit, an endless file fills memory.
_LONGEST_LINE: Final = 16 * 2**20


def load(path: str | PathLike[str]) -> Stored:
    """Return the run, check or comparison stored in the file `path`; see `read`.

    Raises `StoredFileError`.
    """
    path = Path(path)
    try:
        with _open(path) as file:
            return read(file, name=str(path))
    except OSError as error:
        raise StoredFileError(f"cannot read {path}: {error.strerror}") from error


def load_run(path: str | PathLike[str]) -> StoredRun:
    """Return the run stored in the file `path`.

    Raises `StoredFileError`, also where it holds the records of another study.
    """
    stored = load(path)
    if not isinstance(stored, StoredRun):
        raise StoredFileError(
            f"{Path(path)} holds a {noun_of(stored)}, not a run: name a file that holds a run"
        )
    return stored


def read(file: BinaryIO, name: str) -> Stored:
    """Return the run, check or comparison that `file` holds; `name` is the file's in messages.

    A last line that the writer did not finish is passed over, and a note says so. Raises
    `StoredFileError` for a file that is empty, not ours, of a newer schema or corrupt.
    """
    study, header = _header(file.readline(_LONGEST_LINE), name)
    sink = MemorySink(study)
    sink.begin(header.environment, header.plan)
    number, counted, last = 1, 0, False
    while line := file.readline(_LONGEST_LINE):
        number += 1
        try:
            fields = parse(line)
        except MisfitError as error:
            if _torn(line):
                return sink.stored(notes=(_cut_off(number, counted, study.counted),))
            raise _corrupt(name, number, error) from None
        try:
            record = _record(fields, study, header.plan)
        except MisfitError as error:
            raise _corrupt(name, number, error) from None
        if last:
            raise _corrupt(name, number, f"the {study.noun} had stopped before")
        sink.append(record)
        counted += isinstance(record, study.records[study.counted])
        last = isinstance(record, Stop)
    return sink.stored()


def _open(path: Path) -> BinaryIO:
    if path.is_dir():
        raise StoredFileError(f"{path} is a folder: name a result file in it")
    try:
        return path.open("rb")
    except FileNotFoundError as error:
        raise StoredFileError(f"there is no file {path}") from error
    except ValueError as error:  # a NUL character
        raise StoredFileError(f"{str(path)!r} cannot be the name of a file") from error


def check_version(version: int, name: str) -> None:
    """Return nothing where this package reads schema `version`; else raises `StoredFileError`."""
    if version > SCHEMA_VERSION:
        raise StoredFileError(
            f"{name} was written by a newer gilbench (schema {reprlib.repr(version)}, "
            f"this one reads up to {SCHEMA_VERSION}): upgrade gilbench"
        )


def _header(line: bytes, name: str) -> tuple[StoredStudy, Header[Any]]:
    if not line:
        raise StoredFileError(f"{name} is empty")
    foreign = StoredFileError(f"{name} is not a gilbench result file: it has no header line")
    try:
        fields = parse(line)
    except MisfitError as error:
        if not line.startswith(b'{"gilbench":'):
            raise foreign from None
        if _torn(line):
            raise StoredFileError(f"{name} was cut off within its header") from None
        raise _corrupt(name, 1, error) from None
    version = fields.get("gilbench")
    if type(version) is not int or version < 1 or fields.get("record") != "header":
        raise foreign
    check_version(version, name)
    try:
        study = _study(fields.get("study", SCALING.name))
        header = decode(study.header, fields)
        study.check_plan(header.plan)
    except MisfitError as error:
        raise _corrupt(name, 1, error) from None
    return study, header


def _study(name: object) -> StoredStudy:
    if not isinstance(name, str) or name not in STUDIES:
        raise MisfitError(
            f"it is of no study that schema {SCHEMA_VERSION} knows: {reprlib.repr(name)}"
        )
    return STUDIES[name]


def _record(fields: dict[str, Any], study: StoredStudy, plan: object) -> object:
    kind = fields.get("record")
    if not isinstance(kind, str) or kind not in study.records:
        raise MisfitError(
            f"it is no record of a {study.noun} that schema {SCHEMA_VERSION} knows: "
            f"{reprlib.repr(kind)}"
        )
    record = decode(study.records[kind], fields)
    study.check_record(record, plan)
    return record


def _cut_off(number: int, count: int, kind: str) -> str:
    read = f"{count} {kind}{'' if count == 1 else 's'}"
    return f"the file ends in the middle of line {number}: read up to there ({read})"


def _torn(line: bytes) -> bool:
    """Return whether the file ended within `line`."""
    return not line.endswith(b"\n") and len(line) < _LONGEST_LINE


def _corrupt(name: str, number: int, error: MisfitError | str) -> StoredFileError:
    return StoredFileError(f"{name} is corrupt in line {number}: {error}")
