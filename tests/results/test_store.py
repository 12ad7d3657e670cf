from __future__ import annotations

import errno
import io
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gilbench.errors import InputError
from gilbench.results import (
    CHECK,
    SCALING,
    Record,
    Store,
    StoredCheck,
    StoredRun,
    StoreError,
    load,
    open_store,
)

if TYPE_CHECKING:
    from gilbench.model import Calibration, Environment, Plan, Sample


def write(store: Store[Plan, Record], run: StoredRun) -> None:
    store.begin(run.environment, run.plan)
    for record in (*run.calibrations, *run.samples, *run.failures, *filter(None, [run.stop])):
        store.append(record)


class FullDisk(io.FileIO):
    """A file on a disk with room for `room` bytes more."""

    room = 0

    def write(self, data: Any) -> int:
        if not self.room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = super().write(data[: self.room])
        self.room -= written
        return written


def test_what_was_stored_is_loaded(tmp_path: Path, run: StoredRun) -> None:
    path = tmp_path / "run.jsonl"
    with open_store(path, SCALING) as store:
        write(store, run)

    assert load(path) == run


def test_what_version_1_began_without_is_loaded_too(tmp_path: Path, run: StoredRun) -> None:
    run = replace(
        run,
        calibrations=tuple(replace(one, alone=False) for one in run.calibrations),
        samples=tuple(replace(one, processors=(1, 0)) for one in run.samples),
    )
    path = tmp_path / "run.jsonl"
    with open_store(path, SCALING) as store:
        write(store, run)

    assert load(path) == run


def test_header_line_comes_first_and_names_the_format(
    tmp_path: Path, environment: Environment, plan: Plan
) -> None:
    path = tmp_path / "run.jsonl"
    with open_store(path, SCALING) as store:
        store.begin(environment, plan)

    header = json.loads(path.read_text("ascii").splitlines()[0])
    assert list(header)[:5] == ["gilbench", "record", "study", "environment", "plan"]
    assert (header["gilbench"], header["record"], header["study"]) == (1, "header", "scaling")


def test_header_of_a_check_says_so_in_a_version_that_older_readers_refuse(
    tmp_path: Path, check: StoredCheck
) -> None:
    path = tmp_path / "check.jsonl"
    with open_store(path, CHECK) as store:
        store.begin(check.environment, check.plan)

    header = json.loads(path.read_text("ascii").splitlines()[0])
    assert list(header)[:5] == ["gilbench", "record", "study", "environment", "plan"]
    assert (header["gilbench"], header["record"], header["study"]) == (2, "header", "check")


def test_each_record_can_be_read_as_soon_as_it_is_appended(
    tmp_path: Path, run: StoredRun, sample: Sample
) -> None:
    path = tmp_path / "run.jsonl"
    with open_store(path, SCALING) as store:
        store.begin(run.environment, run.plan)
        assert load(path).samples == ()
        store.append(sample)
        assert load(path).samples == (sample,)


def test_killed_process_leaves_whole_lines(tmp_path: Path, run: StoredRun) -> None:
    path = tmp_path / "run.jsonl"
    with open_store(path, SCALING) as store:
        write(store, replace(run, stop=None))
    script = (
        "import os, sys, pathlib; from gilbench.results import SCALING, load, open_store\n"
        "run, path = load(sys.argv[1]), pathlib.Path(sys.argv[2])\n"
        "store = open_store(path, SCALING); store.begin(run.environment, run.plan)\n"
        "store.append(run.samples[0]); os._exit(9)\n"
    )
    killed = tmp_path / "killed.jsonl"
    done = subprocess.run(
        [sys.executable, "-c", script, path, killed],
        check=False,
    )

    assert done.returncode == 9
    assert killed.read_bytes().endswith(b"\n")
    assert load(killed) == replace(
        run, calibrations=(), samples=run.samples[:1], failures=(), stop=None
    )


def test_text_that_no_encoding_takes_is_spelled_out(
    tmp_path: Path, environment: Environment, plan: Plan
) -> None:
    path = tmp_path / "run.jsonl"
    odd = replace(environment, executable="/home/\udcff/é", variables={"\udcfe": "\udcfd"})
    with open_store(path, SCALING) as store:
        store.begin(odd, plan)

    stored = load(path).environment
    assert stored.executable == "/home/\\udcff/é"
    assert stored.variables == {"\\udcfe": "\\udcfd"}


def test_number_that_is_not_finite_is_refused_and_leaves_no_trace(
    tmp_path: Path, run: StoredRun, calibration: Calibration
) -> None:
    path = tmp_path / "run.jsonl"
    with open_store(path, SCALING) as store:
        write(store, run)
        before = path.read_bytes()
        with pytest.raises(ValueError, match="not JSON compliant"):
            store.append(replace(calibration, ns_per_unit=float("nan")))

    assert path.read_bytes() == before


def test_full_disk_is_one_line_and_loses_only_the_record(
    tmp_path: Path, run: StoredRun, sample: Sample
) -> None:
    path = tmp_path / "run.jsonl"
    file = FullDisk(path, "x+")
    file.room = 10**6
    store = Store(file, path, SCALING)
    store.begin(run.environment, run.plan)
    store.append(sample)
    file.room = 40  # the next line gets that far

    with pytest.raises(StoreError) as caught:
        store.append(sample)
    store.close()

    assert str(caught.value) == (
        f"cannot go on writing {path} ({os.strerror(errno.ENOSPC)}): records safe in it: 1"
    )
    assert caught.value.exit_status == 1
    assert path.read_bytes().endswith(b"\n")
    assert load(path).samples == (sample,)
    assert load(path).notes == ()


def test_full_disk_whose_file_cannot_be_cut_back_leaves_a_readable_file(
    tmp_path: Path, run: StoredRun, sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.jsonl"
    file = FullDisk(path, "x+")
    file.room = 10**6
    store = Store(file, path, SCALING)
    store.begin(run.environment, run.plan)
    store.append(sample)
    file.room = 40

    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(file, "truncate", refuse)
    with pytest.raises(StoreError):
        store.append(sample)
    store.close()

    assert load(path).samples == (sample,)
    assert load(path).notes == (
        "the file ends in the middle of line 3: read up to there (1 sample)",
    )


def test_full_disk_at_the_header_says_that_nothing_is_stored(
    tmp_path: Path, run: StoredRun
) -> None:
    path = tmp_path / "run.jsonl"
    store = Store(FullDisk(path, "x+"), path, SCALING)
    with pytest.raises(StoreError, match="records safe in it: 0"):
        store.begin(run.environment, run.plan)
    store.close()

    assert not path.exists()


def test_short_writes_are_carried_on(tmp_path: Path, run: StoredRun) -> None:
    class Slow(io.FileIO):
        def write(self, data: Any) -> int:
            return super().write(data[:100])

    path = tmp_path / "run.jsonl"
    with Store(Slow(path, "x+"), path, SCALING) as store:
        write(store, run)

    assert load(path) == run


def test_record_after_an_interrupted_one_starts_on_a_line_of_its_own(
    tmp_path: Path, run: StoredRun
) -> None:
    class Interrupted(io.FileIO):
        interrupt = False

        def write(self, data: Any) -> int:
            if self.interrupt:
                self.interrupt = False
                super().write(data[:30])
                raise KeyboardInterrupt
            return super().write(data)

    path = tmp_path / "run.jsonl"
    file = Interrupted(path, "x+")
    assert run.stop
    with Store(file, path, SCALING) as store:
        store.begin(run.environment, run.plan)
        file.interrupt = True
        with pytest.raises(KeyboardInterrupt):
            store.append(run.samples[0])
        store.append(run.stop)

    assert load(path) == replace(run, calibrations=(), samples=(), failures=())


def test_close_can_be_called_again(tmp_path: Path, run: StoredRun) -> None:
    store = open_store(tmp_path / "run.jsonl", SCALING)
    store.begin(run.environment, run.plan)
    store.close()
    store.close()


def test_disk_that_fails_on_close_is_one_line(tmp_path: Path, run: StoredRun) -> None:
    class Failing(io.FileIO):
        def close(self) -> None:
            was_open = not self.closed
            super().close()
            if was_open:
                raise OSError(errno.EIO, os.strerror(errno.EIO))

    path = tmp_path / "run.jsonl"
    store = Store(Failing(path, "x+"), path, SCALING)
    store.begin(run.environment, run.plan)
    with pytest.raises(StoreError, match="records safe in it: 0"):
        store.close()


def test_run_that_never_begins_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with open_store(path, SCALING):
        assert path.exists()

    assert not path.exists()


def test_earlier_result_is_replaced_only_once_the_run_begins(
    tmp_path: Path, run: StoredRun, files: Path
) -> None:
    path = tmp_path / "run.jsonl"
    path.write_bytes((files / "version1.jsonl").read_bytes())
    with open_store(path, SCALING):
        pass
    assert load(path) == run

    with open_store(path, SCALING) as store:
        store.begin(run.environment, run.plan)
    assert load(path).samples == ()


def test_empty_file_is_taken(tmp_path: Path, run: StoredRun) -> None:
    path = tmp_path / "run.jsonl"
    path.touch()
    with open_store(path, SCALING) as store:
        write(store, run)

    assert load(path) == run


@pytest.mark.parametrize(
    "name", ["truncated.jsonl", "corrupt.jsonl", "newer.jsonl", "check2.jsonl", "facts3.jsonl"]
)
def test_result_file_is_replaced_in_any_condition(
    tmp_path: Path, run: StoredRun, files: Path, name: str
) -> None:
    path = tmp_path / "run.jsonl"
    path.write_bytes((files / name).read_bytes())
    with open_store(path, SCALING) as store:
        write(store, run)

    assert load(path) == run


def test_file_of_somebody_else_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "thesis.txt"
    path.write_text("three years of work")
    with pytest.raises(InputError, match="not a gilbench result file, so it stays as it is"):
        open_store(path, SCALING)

    assert path.read_text() == "three years of work"


def test_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"is a folder: name a file in it, such as .*run\.jsonl"):
        open_store(tmp_path, SCALING)
    with pytest.raises(InputError, match=r"such as .*check\.jsonl"):
        open_store(tmp_path, CHECK)


def test_missing_parent_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        open_store(tmp_path / "nowhere" / "run.jsonl", SCALING)

    assert str(caught.value).endswith(f"there is no folder {tmp_path / 'nowhere'}")


def test_missing_permission_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    path = tmp_path / "run.jsonl"
    with pytest.raises(InputError) as caught:
        open_store(path, SCALING)

    assert str(caught.value) == f"cannot write {path}: Permission denied"


def test_name_with_a_nul_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be the name of a file"):
        open_store(Path("a\0b"), SCALING)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the platform has no named pipes")
def test_named_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(InputError, match="not a regular file"):
        open_store(path, SCALING)


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="the platform has no file size limit")
def test_real_size_limit_is_one_line(tmp_path: Path, files: Path) -> None:
    script = (
        "import resource, sys, pathlib\n"
        "from gilbench.results import SCALING, load, open_store, StoreError\n"
        "run, path = load(sys.argv[1]), pathlib.Path(sys.argv[2])\n"
        "store = open_store(path, SCALING); store.begin(run.environment, run.plan)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 100,) * 2)\n"
        "try: store.append(run.samples[0])\n"
        "except StoreError as error: print(error)\n"
    )
    path = tmp_path / "run.jsonl"
    done = subprocess.run(
        [sys.executable, "-c", script, files / "version1.jsonl", path],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.count("\n") == 1
    assert os.strerror(errno.EFBIG) in done.stdout
    assert load(path).notes == ()


def test_importing_the_store_loads_no_serialiser() -> None:
    script = "import sys, gilbench.results; print({'mashumaro', 'platformdirs'} & {*sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "set()\n"
