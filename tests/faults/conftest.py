"""The program in a process of its own, in a folder of its own, and what must not be left of it.

Every process of a run inherits one variable, by which it is found wherever it went.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

import gilbench
from gilbench.experiment.strays import becomes_another_program
from waiting import becomes_true

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

if sys.platform == "win32":
    pytest.skip("these signals, limits and folders are POSIX's", allow_module_level=True)

TOKEN = "GILBENCH_TESTED_BY"
TEMPORARY = ("TMPDIR", "TEMP", "TMP")

# As `python -m gilbench`, which would take a moment to see how busy the machine is.
AT_ONCE = """
from gilbench.machine import survey
survey._MOMENT_S = 0.01
from gilbench.__main__ import main
main()
"""

# As `python -m gilbench`, with a host that may be silent for 1.5 s at most.
IMPATIENT = """
import functools, sys
from gilbench.studies import scaling
scaling.Conditions = functools.partial(scaling.Conditions, patience_s=1.5)
from gilbench.cli import main
sys.exit(main(sys.argv[1:]))
"""

UNTIL_CTRL_C = ("--budget", "10min", "--precision", "0.1")

Cases = dict[tuple[str, str, int], dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Ended:
    """What became of a program: its exit status, and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def cases(self) -> Cases:
        """The cases of a run with `--format json`, by workload, backend and workers."""
        found = json.loads(self.out)["cases"]
        return {(case["workload"], case["backend"], case["workers"]): case for case in found}


@dataclass
class Program:
    """Runs gilbench in `folder`, with `temporary` as its folder for temporary files."""

    folder: Path
    temporary: Path
    token: str
    variables: dict[str, str] = field(default_factory=dict)
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def functions(self, text: str) -> None:
        """Let the user have these functions in a module `mine`."""
        (self.folder / "mine.py").write_text(textwrap.dedent(text))

    def start(
        self,
        *arguments: str,
        through: tuple[str, ...] = (),
        python: tuple[str, ...] = ("-c", AT_ONCE),
        **options: Any,
    ) -> subprocess.Popen[str]:
        """Start it as a shell would, as the leader of a group, or `through` another program."""
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        process = subprocess.Popen(
            [*through, sys.executable, *python, *arguments],
            cwd=self.folder,
            env={**os.environ, **self.environment(), **self.variables},
            encoding="utf-8",
            start_new_session=True,
            **(pipes | options),
        )
        self.started.append(process)
        return process

    def run(self, *arguments: str, **options: Any) -> Ended:
        """Return what became of it."""
        return self.end_of(self.start(*arguments, **options))

    def end_of(self, process: subprocess.Popen[str]) -> Ended:
        """Return what became of a process that was started."""
        try:
            out, err = process.communicate(timeout=100)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        return Ended(status=process.returncode, out=out, err=err)

    def environment(self) -> Mapping[str, str]:
        package = str(Path(gilbench.__file__).resolve().parents[1])
        return {
            TOKEN: self.token,
            "PYTHONPATH": package,
            "XDG_STATE_HOME": str(self.folder / "state"),
            "NO_COLOR": "1",
            **dict.fromkeys(TEMPORARY, str(self.temporary)),
        }

    def stored(self, name: str = "run.jsonl") -> gilbench.StoredRun:
        """Return what a stored file holds; any user must be able to read it."""
        return gilbench.load(self.folder / name)

    def so_far(self) -> gilbench.StoredRun | None:
        """Return what the file of a run that goes on holds, or null before it has a header."""
        with suppress(gilbench.InputError):
            return self.stored()
        return None

    def measure_until(
        self, enough: Callable[[gilbench.StoredRun], bool], *arguments: str, **options: Any
    ) -> gilbench.StoredRun:
        """Return what a run stored that was interrupted as soon as that was enough."""
        process = self.start("run", *arguments, *UNTIL_CTRL_C, "--output", "run.jsonl", **options)

        def came() -> bool:
            if process.poll() is not None:
                raise AssertionError(self.end_of(process))
            run = self.so_far()
            return run is not None and enough(run)

        assert becomes_true(came, 60, every=0.05), self.so_far()
        process.send_signal(signal.SIGINT)
        ended = self.end_of(process)
        assert (ended.status, ended.out) == (130, "")
        assert ended.err == (
            "gilbench: interrupted; what was measured so far: python -m gilbench show run.jsonl\n"
        )
        return self.stored()

    def alive(self) -> list[psutil.Process]:
        """Return all processes of this program that run, and their like that stand still."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error, OSError):
                if self._runs_as_ours(process, process.environ()):
                    found.append(process)
        return found

    def _runs_as_ours(self, process: psutil.Process, environment: Mapping[str, str]) -> bool:
        ours = environment.get(TOKEN) == self.token
        return ours and process.status() != psutil.STATUS_ZOMBIE

    def ended(self) -> bool:
        """Return whether none of its processes runs, and none is that may turn out to be one."""
        for process in psutil.process_iter():
            with suppress(psutil.Error, OSError):
                environment = process.environ()
                if self._runs_as_ours(process, environment) or (
                    not environment and becomes_another_program(process)
                ):
                    return False
        return True


def all_tried(run: gilbench.StoredRun) -> bool:
    """Return whether each case of the plan was sampled or failed."""
    tried = {record.case for record in (*run.samples, *run.failures)}
    return tried == set(run.plan.cases)


def reasons_of(run: gilbench.StoredRun) -> dict[tuple[str, str, int], str]:
    """Return why cases failed, by workload, backend and workers."""
    return {
        (failure.case.workload, failure.case.backend, failure.case.workers): failure.reason
        for failure in run.failures
    }


def sampled(run: gilbench.StoredRun) -> set[tuple[str, str, int]]:
    """Return the cases that were sampled."""
    return {(s.case.workload, s.case.backend, s.case.workers) for s in run.samples}


def shared_memory() -> set[Path]:
    """Return what lies in the shared memory of this machine."""
    with suppress(OSError):
        return set(Path("/dev/shm").iterdir())
    return set()


@pytest.fixture
def make_program(tmp_path: Path) -> Iterator[Callable[[], Program]]:
    """Make programs that do not know of each other; nothing may be left of any."""
    shared, made = shared_memory(), []
    children = set(psutil.Process().children())

    def make() -> Program:
        folder = tmp_path / f"user-{len(made)}"
        folder.mkdir()
        # A short path, since that of a socket must be.
        program = Program(folder, Path(tempfile.mkdtemp()), uuid.uuid4().hex)
        made.append(program)
        return program

    try:
        yield make
        for program in made:
            assert becomes_true(program.ended), program.alive()
            assert not list(program.temporary.iterdir())
        assert becomes_true(lambda: shared_memory() <= shared), shared_memory() - shared
        assert set(psutil.Process().children()) <= children
    finally:
        for program in made:
            for conductor in program.started:
                with conductor:
                    conductor.kill()
            for process in program.alive():
                with suppress(psutil.Error):
                    process.kill()
            shutil.rmtree(program.temporary, ignore_errors=True)


@pytest.fixture
def program(make_program: Callable[[], Program]) -> Program:
    return make_program()
