"""The result file while it is written: one whole line per record, flushed as it comes."""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Generic, Self, TypeVar

from gilbench.errors import GilbenchError, InputError
from gilbench.results.codec import encode

if TYPE_CHECKING:
    from io import RawIOBase
    from pathlib import Path
    from types import TracebackType

    from gilbench.model import Environment
    from gilbench.results.study import Study

__all__ = ["Store", "StoreError", "open_store"]

P = TypeVar("P")
R = TypeVar("R")

_OURS: Final = re.compile(rb'\s*\{\s*"gilbench"\s*:\s*\d')


class StoreError(GilbenchError):
    """Results could not be written on: says what failed and how many records are safe."""


class Store(Generic[P, R]):
    """A `Sink` that writes a result file. `open_store` makes one.

    Lines are written unbuffered, so that a process that is killed leaves whole lines behind. A
    write that fails or is interrupted is taken back to the end of the last whole line.
    """

    def __init__(self, file: RawIOBase, path: Path, study: Study[P, R, object]) -> None:
        """Write to `file`, open for reading and writing without a buffer; `path` names it."""
        self._file = file
        self._path = path
        self._study = study
        self._kinds: dict[type, str] = {shape: kind for kind, shape in study.records.items()}
        self._end = 0
        self._records = 0

    def begin(self, environment: Environment, plan: P) -> None:
        """Empty the file and write the header. Raises `StoreError`."""
        header = encode(self._study.header(environment=environment, plan=plan))
        try:
            self._cut()
        except OSError as error:
            raise self._failure(error) from error
        about = {"gilbench": self._study.version, "record": "header", "study": self._study.name}
        self._write({**about, **header})

    def append(self, record: R) -> None:
        """Write `record` as one line, whole or not at all. Raises `StoreError`."""
        self._write({"record": self._kinds[type(record)], **encode(record)})
        self._records += 1

    def close(self) -> None:
        """Close the file; remove it where nothing was ever written. Raises `StoreError`."""
        if self._file.closed:
            return
        try:
            empty = self._file.seek(0, os.SEEK_END) == 0
            self._file.close()
            if empty:
                self._path.unlink(missing_ok=True)
        except OSError as error:
            raise self._failure(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _write(self, fields: dict[str, Any]) -> None:
        line = (json.dumps(fields, allow_nan=False) + "\n").encode("ascii")
        start = self._end
        try:
            written = 0
            while written < len(line):
                written += self._file.write(line[written:]) or 0
            self._end = start + len(line)
        except OSError as error:
            raise self._failure(error) from error
        finally:
            # Also after Ctrl-C: the next line must not follow half of this one.
            if self._end == start:
                with suppress(OSError):
                    self._cut()

    def _cut(self) -> None:
        self._file.seek(self._end)
        self._file.truncate()

    def _failure(self, error: OSError) -> StoreError:
        return StoreError(
            f"cannot go on writing {self._path} ({error.strerror}): "
            f"records safe in it: {self._records}"
        )


def open_store(path: Path, study: Study[P, R, object]) -> Store[P, R]:
    """Return a store that writes `study` to `path`, once it is sure that it can.

    An earlier result file there is replaced, but only once the study begins. Raises `InputError`
    where `path` cannot be written, or holds something that gilbench did not write.
    """
    try:
        if path.is_dir():
            example = path / f"{study.noun}.jsonl"
            raise InputError(f"{path} is a folder: name a file in it, such as {example}")
        if not path.parent.is_dir():
            raise InputError(f"cannot write {path}: there is no folder {path.parent}")
        if path.exists():
            return Store(_reopen(path), path, study)
        return Store(path.open("x+b", buffering=0), path, study)
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror}") from error
    except ValueError as error:  # a NUL character
        raise InputError(f"{str(path)!r} cannot be the name of a file") from error


def _reopen(path: Path) -> RawIOBase:
    if not path.is_file():
        raise InputError(f"cannot write {path}: it is not a regular file")
    file = path.open("r+b", buffering=0)
    beginning = file.read(64)
    if beginning and not _OURS.match(beginning):
        file.close()
        raise InputError(
            f"{path} exists and is not a gilbench result file, so it stays as it is: "
            "name another file, or remove it"
        )
    return file
