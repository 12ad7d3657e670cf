"""`file-write`, `file-sync` and `file-read`: blocks of a file, one after another.

The file has no name, or loses it with its last descriptor: nothing is left of it, however its
worker ends. What is written goes to the system's cache, and what is read comes from there; only to
sync is to wait for the disk.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gilbench.errors import InputError
from gilbench.workloads.io.operation import MissingError
from gilbench.workloads.io.workload import IoWorkload
from gilbench.workloads.spec import Parameter, read_bytes, read_grain

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import FileIO

    from gilbench.workloads.io.operation import Operation
    from gilbench.workloads.spec import Spec

__all__ = [
    "Blocks",
    "FileRead",
    "FileSync",
    "FileWrite",
    "read_workload",
    "sync_workload",
    "write_workload",
]

# As long as a file may grow, but for a single block.
_FILE_BYTES: Final = 4 * 2**20
_BLOCK_BYTES: Final = 64 * 2**10
# What a log or a database writes at a time.
_SYNCED_BYTES: Final = 4 * 2**10
_PAGE_BYTES: Final = 4 * 2**10


@dataclass(frozen=True, kw_only=True)
class Blocks:
    """How many bytes each has, and in which folder the file lies: null for the temporary one."""

    size: int
    folder: str | None = None

    @property
    def count(self) -> int:
        """Return how many blocks make the file."""
        return max(1, _FILE_BYTES // self.size)

    def make(self) -> bytes:
        """Return a block, of which no file system can save the half."""
        page = os.urandom(min(self.size, _PAGE_BYTES))
        return (page * -(-self.size // len(page)))[: self.size]


class FileWrite:
    """Writes block after block, and over them again from the first."""

    def __init__(self, blocks: Blocks) -> None:
        """Raises InputError where no file can be made."""
        self._file = _make_file(blocks)
        self._count, self._written = blocks.count, 0
        self._block = blocks.make()

    def __call__(self) -> int:
        """Return how many bytes were written."""
        if self._written == self._count:
            self._file.seek(0)
            self._written = 0
        self._written += 1
        return self._file.write(self._block)

    def close(self) -> None:
        """Close the file, which is then gone."""
        self._file.close()


class FileSync(FileWrite):
    """Writes a block, and waits until the disk has it."""

    def __call__(self) -> int:
        """Return how many bytes were written."""
        written = super().__call__()
        os.fsync(self._file.fileno())
        return written


class FileRead:
    """Reads block after block, and again from the first."""

    def __init__(self, blocks: Blocks) -> None:
        """Write the file that is read. Raises InputError where none can be made."""
        self._file = _make_file(blocks)
        self._bytes = blocks.size
        try:
            block = blocks.make()
            for _ in range(blocks.count):
                self._file.write(block)
        except BaseException:
            self.close()
            raise

    def __call__(self) -> int:
        """Return how many bytes were read."""
        block = self._file.read(self._bytes)
        if not block:
            self._file.seek(0)
            block = self._file.read(self._bytes)
        return len(block)

    def close(self) -> None:
        """Close the file, which is then gone."""
        self._file.close()


def _make_file(blocks: Blocks) -> FileIO:
    try:
        return tempfile.TemporaryFile(buffering=0, dir=blocks.folder)
    except OSError as error:
        where = tempfile.gettempdir() if blocks.folder is None else blocks.folder
        # A folder that the user named is the user's to mend; the usual one is as it is.
        problem = MissingError if blocks.folder is None else InputError
        raise problem(f"no file can be made in {where}: {error.strerror}") from error


def _reader(
    name: str, default: int, operation: Callable[[Blocks], Operation]
) -> Callable[[Spec], IoWorkload]:
    size = Parameter[float | str](default=default, read=read_bytes, meaning="bytes of a block")
    folder = Parameter[float | str](default="", read=_read_folder, meaning="where the file lies")
    grain = Parameter[float | str](default=0, read=read_grain, meaning="how long one call works")

    def read(spec: Spec) -> IoWorkload:
        values = spec.read({"folder": folder, "grain": grain, "size": size})
        bytes, where = int(values["size"]), str(values["folder"])
        given = [f"folder={where}"] * bool(where) + [f"size={bytes}"] * (bytes != default)
        return IoWorkload(
            text=":".join([name, *filter(None, [",".join(given)])]),
            open=partial(operation, Blocks(size=bytes, folder=where or None)),
            grain_ns=int(values["grain"]) or None,
            bytes=bytes,
        )

    return read


def _read_folder(text: str, what: str) -> str:  # noqa: ARG001 - whether it is one shows in a worker
    return str(Path(text).expanduser())


write_workload = _reader("file-write", _BLOCK_BYTES, FileWrite)
sync_workload = _reader("file-sync", _SYNCED_BYTES, FileSync)
read_workload = _reader("file-read", _BLOCK_BYTES, FileRead)
