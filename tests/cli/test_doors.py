from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

import gilbench
from gilbench import __main__ as console
from gilbench.cli import main
from gilbench.cli.interruption import Terminated

Says = Callable[..., SimpleNamespace]
FULL = Path("/dev/full")
# The sources under test first, and whatever else this interpreter was told to look at.
PATH = os.pathsep.join(
    [str(Path(gilbench.__file__).parents[1]), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
)


def started(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": PATH, **changes},
        timeout=60,
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["shwo"], "no command 'shwo'; did you mean 'show'?"),
        (["spin"], "no command 'spin'; known: check, env, facts, list, run, show"),
        (["--quiet"], "--quiet is an option of run: python -m gilbench run --quiet"),
        (["show"], "Missing argument 'FILE'."),
        (["env", "--format"], "Option '--format' requires an argument."),
    ],
)
def test_a_command_line_that_cannot_be_is_one_line(
    arguments: list[str], message: str, gilbench_says: Says
) -> None:
    said = gilbench_says(*arguments)
    assert (said.status, said.out, said.err) == (2, "", f"gilbench: {message}\n")


@pytest.mark.parametrize("arguments", [["--nonsense"], ["run", "--nonsense"]])
def test_an_unknown_option_is_one_line(arguments: list[str], gilbench_says: Says) -> None:
    said = gilbench_says(*arguments)
    assert (said.status, said.out, said.err.count("\n")) == (2, "", 1)
    assert "--nonsense" in said.err


def test_the_nearest_option_is_named(gilbench_says: Says) -> None:
    said = gilbench_says("run", "--buget", "5s")
    assert said.status == 2
    assert "'--buget'" in said.err.replace(": --buget", " '--buget'")
    assert "--budget" in said.err


def test_tells_its_version(gilbench_says: Says) -> None:
    said = gilbench_says("--version")
    assert (said.status, said.out) == (0, f"gilbench {gilbench.__version__}\n")


@pytest.mark.parametrize("command", [[], ["run"], ["check"], ["list"], ["env"], ["show"]])
def test_every_command_has_help(command: list[str], gilbench_says: Says) -> None:
    said = gilbench_says(*command, "--help")
    assert said.status == 0
    assert said.out.startswith("Usage: ")


@pytest.mark.parametrize("command", ["run", "check"])
def test_help_loads_nothing_heavy(command: str) -> None:
    run = started(
        "-c",
        f"import sys; from gilbench.cli import main; main(['{command}', '--help']); "
        "heavy = {'dataclasses', 'mashumaro', 'numpy', 'psutil', 'rich'}; "
        "print('loaded:', *heavy & {*sys.modules})",
    )
    assert run.stdout.splitlines()[-1] == "loaded:"
    assert run.returncode == 0


def test_runs_as_a_module() -> None:
    run = started("-m", "gilbench", "--help")
    assert run.returncode == 0
    assert run.stdout.startswith("Usage: python -m gilbench ")
    assert run.stderr == ""


def test_a_module_gets_its_exit_status_through() -> None:
    run = started("-m", "gilbench", "show", "nowhere.jsonl")
    assert run.returncode == 2
    assert run.stderr.startswith("gilbench: ")
    assert run.stderr.count("\n") == 1


def test_the_installed_command_finds_modules_of_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["gilbench", "--version"])
    monkeypatch.setattr(sys, "path", ["elsewhere"])
    with pytest.raises(SystemExit) as exited:
        console.main()
    assert exited.value.code == 0
    assert sys.path == [str(tmp_path), "elsewhere"]


@pytest.mark.parametrize(
    ("interruption", "status", "said"),
    [(KeyboardInterrupt(), 130, "interrupted"), (Terminated(), 143, "terminated")],
)
def test_an_interruption_in_the_middle_of_an_import_is_one_line(
    interruption: KeyboardInterrupt,
    status: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Interrupted:
        """Interrupts the class that it becomes a part of: Python 3.11 raises a RuntimeError."""

        def __set_name__(self, owner: type, name: str) -> None:
            raise interruption

    def imports(_: object) -> int:
        type("Imported", (), {"part": Interrupted()})
        return 0

    monkeypatch.setattr("gilbench.cli.main", imports)
    with pytest.raises(SystemExit) as exited:
        console._enter()
    assert exited.value.code == status
    assert capsys.readouterr().err == f"gilbench: {said}\n"


def test_another_error_is_not_taken_for_an_interruption(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_: object) -> int:
        raise RuntimeError("broken")

    monkeypatch.setattr("gilbench.cli.main", breaks)
    with pytest.raises(RuntimeError, match="broken"):
        console._enter()


@pytest.mark.skipif(os.name == "nt", reason="pipes of Windows do not break this way")
def test_a_reader_that_goes_away_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as gone:
        run = subprocess.run(
            [sys.executable, "-m", "gilbench", "env"],
            check=False,
            stdout=gone,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": PATH},
            timeout=60,
        )
    assert run.stderr == ""
    assert run.returncode == 1


def test_a_poor_encoding_gets_ascii() -> None:
    run = started("-m", "gilbench", "list", PYTHONIOENCODING="ascii", COLUMNS="80")
    assert run.returncode == 0
    assert run.stdout.isascii()
    assert "\\x" not in run.stdout


@pytest.mark.skipif(not FULL.exists(), reason="there is no device that is full")
@pytest.mark.parametrize("form", ["text", "json", "csv", "markdown"])
def test_output_that_cannot_be_written_is_one_line(form: str) -> None:
    stored = Path(__file__).parents[1] / "results" / "files" / "version1.jsonl"
    with FULL.open("w", encoding="utf-8") as full:
        run = subprocess.run(
            [sys.executable, "-m", "gilbench", "show", str(stored), "--format", form],
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": PATH},
            timeout=60,
        )
    assert run.stderr == ("gilbench: the output cannot be written: No space left on device\n")
    assert run.returncode == 1


@pytest.mark.skipif(not FULL.exists(), reason="there is no device that is full")
def test_the_status_comes_through_when_nothing_can_be_said() -> None:
    with FULL.open("w", encoding="utf-8") as full:
        run = subprocess.run(
            [sys.executable, "-m", "gilbench", "show", "nowhere.jsonl"],
            check=False,
            stdout=full,
            stderr=full,
            env={**os.environ, "PYTHONPATH": PATH},
            timeout=60,
        )
    assert run.returncode == 2


def test_another_error_of_the_system_is_no_matter_of_output(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def break_down(arguments: object, **options: object) -> None:
        raise OSError(errno.EMFILE, "too many open files")

    monkeypatch.setattr("gilbench.cli.doors.doors.main", break_down)
    with pytest.raises(OSError, match="too many"):
        main(["list"])
