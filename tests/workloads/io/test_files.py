from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gilbench import workloads
from gilbench.errors import InputError
from gilbench.workloads.io.files import Blocks, FileRead, FileSync, FileWrite
from gilbench.workloads.io.operation import MissingError
from scripts import output_of

if TYPE_CHECKING:
    from gilbench.workloads.io.operation import Operation

KIB = 2**10


@pytest.mark.parametrize("kind", [FileWrite, FileSync, FileRead])
def test_each_time_it_is_a_block_and_the_file_grows_no_further(
    kind: type[FileWrite | FileRead], tmp_path: Path
) -> None:
    operation = kind(Blocks(size=512 * KIB, folder=str(tmp_path)))
    assert [operation() for _ in range(20)] == [512 * KIB] * 20
    assert os.fstat(operation._file.fileno()).st_size == 4096 * KIB
    operation.close()
    operation.close()


@pytest.mark.skipif(sys.platform == "win32", reason="there the name goes with the file")
@pytest.mark.parametrize("kind", [FileWrite, FileSync, FileRead])
def test_the_file_has_no_name_so_that_nothing_can_be_left(
    kind: type[FileWrite | FileRead], tmp_path: Path
) -> None:
    operation = kind(Blocks(size=KIB, folder=str(tmp_path)))
    operation()
    assert os.fstat(operation._file.fileno()).st_dev == tmp_path.stat().st_dev
    assert not list(tmp_path.iterdir())
    operation.close()


def test_what_is_read_is_what_was_written_and_no_block_is_like_another_file_s(
    tmp_path: Path,
) -> None:
    blocks = Blocks(size=100_000, folder=str(tmp_path))
    one, other = blocks.make(), blocks.make()
    assert len(one) == len(other) == 100_000
    assert one != other
    operation = FileRead(blocks)
    file = operation._file
    file.seek(0)
    assert file.read(100_000) == file.read(100_000)
    operation.close()


def test_a_block_larger_than_the_file_is_one_block() -> None:
    assert Blocks(size=2**30).count == 1
    assert Blocks(size=64 * KIB).count == 64


def test_syncing_waits_for_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    operation = FileSync(Blocks(size=KIB, folder=str(tmp_path)))
    operation()
    operation()
    assert synced == [operation._file.fileno()] * 2
    operation.close()


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("file-write", "file-write"),
        ("file-write:size=64KiB", "file-write"),
        ("file-read:size=1k,grain=1ms", "file-read:size=1024"),
        ("file-sync:folder=/mnt/disk", "file-sync:folder=/mnt/disk"),
        ("file-sync:size=8k,folder=/mnt/disk", "file-sync:folder=/mnt/disk,size=8192"),
        ("file-sync:size=4KiB", "file-sync"),
    ],
)
def test_the_text_has_what_differs(given: str, text: str) -> None:
    assert workloads.find(given).text == text
    assert workloads.find(text).text == text


def test_a_folder_of_the_user_s_own_is_found_from_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert workloads.find("file-read:folder=~/here").text == f"file-read:folder={tmp_path / 'here'}"


def made(text: str) -> Operation:
    workload = workloads.find(text)
    return workload.open()  # type: ignore[attr-defined, no-any-return]


def test_a_folder_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    with pytest.raises(InputError) as raised:
        made(f"file-write:folder={nowhere}")
    assert str(raised.value) == f"no file can be made in {nowhere}: No such file or directory"


_FORBIDDEN = """
import os
from gilbench import workloads
from gilbench.errors import InputError
import gilbench.workloads.io.files

if os.geteuid() == 0:  # to whom nothing is forbidden
    os.setuid(65534)
try:
    workloads.find("file-sync:folder={folder}").open()
except InputError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are another matter there")
def test_a_folder_without_permission_is_told_in_one_line(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    told = output_of(_FORBIDDEN.format(folder=tmp_path))
    assert told == f"no file can be made in {tmp_path}: Permission denied\n"


def test_a_refusal_is_told_whoever_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    with pytest.raises(InputError, match=f"no file can be made in {tmp_path}: Permission denied"):
        made(f"file-read:folder={tmp_path}")


@pytest.mark.parametrize("kind", ["file-write", "file-sync", "file-read"])
def test_that_the_temporary_folder_refuses_is_how_the_machine_is(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    with pytest.raises(MissingError, match="no file can be made in .*: Too many open files"):
        made(kind)
    with pytest.raises(InputError) as raised:
        made(f"{kind}:folder={tmp_path}")
    # That the user named this folder makes it the user's to mend.
    assert not isinstance(raised.value, MissingError)


def test_what_does_not_fit_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lack(_: Blocks) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Blocks, "make", lack)
    with pytest.raises(OSError, match="No space left"):
        made(f"file-read:folder={tmp_path}")
