"""The result file as it is read: whole, still growing, or cut off, but never trusted."""

from __future__ import annotations

import reprlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from gilbench.errors import StoredFileError
from gilbench.model import Failure, Sample, Stop
from gilbench.results.codec import decode, parse
from gilbench.results.run import RECORDS, Header
from gilbench.results.sink import MemorySink
from gilbench.results.validation import MisfitError
from gilbench.results.version import SCHEMA_VERSION

if TYPE_CHECKING:
    from os import PathLike

    from gilbench.model import Plan
    from gilbench.results.run import Record, StoredRun

__all__ = ["check_version", "load", "read"]

# Thousands of workers' readings take about 1 MiB; without a limit, an endless file fills memory.
_LONGEST_LINE: Final = 16 * 2**20


def load(path: str | PathLike[str]) -> StoredRun:
    """Return the run stored in the file `path`; see `read`. Raises `StoredFileError`."""
    path = Path(path)
    try:
        with _open(path) as file:
            return read(file, name=str(path))
    except OSError as error:
        raise StoredFileError(f"cannot read {path}: {error.strerror}") from error


def read(file: BinaryIO, name: str) -> StoredRun:
    """Return the run that `file` holds; `name` is the file's in messages.

    A last line that the writer did not finish is passed over, and a note says so. Raises
    `StoredFileError` for a file that is empty, not ours, of a newer schema or corrupt.
    """
    sink = MemorySink()
    header = _header(file.readline(_LONGEST_LINE), name)
    sink.begin(header.environment, header.plan)
    number, samples, last = 1, 0, False
    while line := file.readline(_LONGEST_LINE):
        number += 1
        try:
            fields = parse(line)
        except MisfitError as error:
            if _torn(line):
                return sink.run(notes=(_cut_off(number, samples),))
            raise _corrupt(name, number, error) from None
        try:
            record = _record(fields, header.plan)
        except MisfitError as error:
            raise _corrupt(name, number, error) from None
        if last:
            raise _corrupt(name, number, "the run had stopped before")
        sink.append(record)
        samples += isinstance(record, Sample)
        last = isinstance(record, Stop)
    return sink.run()


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


def _header(line: bytes, name: str) -> Header:
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
        return decode(Header, fields)
    except MisfitError as error:
        raise _corrupt(name, 1, error) from None


def _record(fields: dict[str, Any], plan: Plan) -> Record:
    kind = fields.get("record")
    if not isinstance(kind, str) or kind not in RECORDS:
        raise MisfitError(
            f"it is no record that schema {SCHEMA_VERSION} knows: {reprlib.repr(kind)}"
        )
    record = decode(RECORDS[kind], fields)
    if isinstance(record, Sample) and len(record.readings) != record.case.workers:
        raise MisfitError(
            f"readings must be one for each worker: "
            f"{len(record.readings)} for {record.case.workers} workers"
        )
    if isinstance(record, Sample | Failure) and record.case not in plan.cases:
        raise MisfitError("its case is not in the plan")
    return record


def _cut_off(number: int, samples: int) -> str:
    read = f"{samples} sample{'' if samples == 1 else 's'}"
    return f"the file ends in the middle of line {number}: read up to there ({read})"


def _torn(line: bytes) -> bool:
    """Return whether the file ended within `line`."""
    return not line.endswith(b"\n") and len(line) < _LONGEST_LINE


def _corrupt(name: str, number: int, error: MisfitError | str) -> StoredFileError:
    return StoredFileError(f"{name} is corrupt in line {number}: {error}")
