"""The program as its users run it: whole runs in processes of their own, and what goes wrong there.

Nothing here asserts how fast anything is: the machine may be busy.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

import gilbench
from gilbench.experiment.conductor import Conditions, conduct
from gilbench.model import Case, Failure, Sample, Status
from gilbench.studies import scaling
from waiting import becomes_true

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MINE = """
import multiprocessing, threading, time

def works():
    return sum(range(200))

def wants(argument):
    return argument

def naps():
    time.sleep(0.1)

def hangs():
    open("it-hangs", "w").close()
    while True:
        time.sleep(60)

def hangs_in_processes():
    if multiprocessing.parent_process() is not None:
        hangs()

def hangs_in_threads():
    if threading.current_thread() is not threading.main_thread():
        hangs()
"""

CASE_KEYS = {
    *("workload", "mode", "backend", "workers", "grain_ns", "status", "reason", "samples"),
    *("rejected", "throughput", "speedup", "ceiling", "bite", "losses", "losses_inferred"),
    *("start_skew_ns", "fairness"),
}
LOSS_KEYS = {
    *("useful", "hardware", "overhead", "gil_wait", "run_queue", "other_blocked", "imbalance"),
    "unexplained",
}

on_posix = pytest.mark.skipif(sys.platform == "win32", reason="these signals are POSIX's")


def environment(folder: Path) -> dict[str, str]:
    """This environment, with this very gilbench, and results that go into `folder`."""
    package = str(Path(gilbench.__file__).resolve().parents[1])
    return {**os.environ, "PYTHONPATH": package, "XDG_STATE_HOME": str(folder), "NO_COLOR": "1"}


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Return what became of `python -m gilbench` in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "gilbench", *arguments],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start `python -m gilbench` in a folder, as the leader of a group as a shell would."""
    return subprocess.Popen(
        [sys.executable, "-m", "gilbench", *arguments],
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_until(condition: Callable[[], Any], what: str, seconds: float = 30.0) -> None:
    assert becomes_true(condition, seconds), f"after {seconds} s still not: {what}"


def stored(path: Path, kind: str) -> list[Any]:
    """Return the whole records of a kind that a growing file holds so far."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    records = [json.loads(line) for line in lines if line.endswith("\n")]
    return [record for record in records if record["record"] == kind]


def descendants(process: subprocess.Popen[str]) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(process.pid).children(recursive=True)
    return []


def alive(processes: Sequence[psutil.Process]) -> list[psutil.Process]:
    def lives(process: psutil.Process) -> bool:
        try:
            return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    return [process for process in processes if lives(process)]


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where a run makes its temporary files; of a short path, since that of a socket must be."""
    with tempfile.TemporaryDirectory() as name:
        for variable in ("TMPDIR", "TEMP", "TMP"):
            monkeypatch.setenv(variable, name)
        yield Path(name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mine.py").write_text(MINE)
    (tmp_path / "broken.py").write_text("raise LookupError('not today')\n")
    return tmp_path


# A whole run


@pytest.fixture(scope="module")
def whole_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A folder with a stored run, and the JSON that the run printed."""
    folder = tmp_path_factory.mktemp("whole-run")
    (folder / "mine.py").write_text(MINE)
    done = run(
        folder,
        *("run", "spin", "mine:works", "--budget", "3s", "--workers", "2"),
        *("--format", "json", "--output", "run.jsonl", "--seed", "5"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    findings: dict[str, Any] = json.loads(done.stdout)
    return folder, findings


def test_json_has_what_was_promised(whole_run: tuple[Path, dict[str, Any]]) -> None:
    _, findings = whole_run
    assert {"schema_version", "environment", "headline", "cases"} <= set(findings)
    assert findings["headline"]
    assert findings["environment"]["python"].startswith(".".join(map(str, sys.version_info[:3])))
    for case in findings["cases"]:
        assert set(case) == CASE_KEYS
        assert case["status"] in {"ok", "unavailable", "inconclusive", "failed"}
        assert (case["reason"] is None) == (case["status"] == "ok")
        for name in ("throughput", "speedup", "bite"):
            assert case[name] is None or set(case[name]) == {"value", "low", "high"}
        assert case["ceiling"] is None or set(case["ceiling"]) == {"value", "low", "high", "source"}
        assert case["losses"] is None or set(case["losses"]) == LOSS_KEYS


def test_kernels_and_own_functions_are_measured_in_every_way(
    whole_run: tuple[Path, dict[str, Any]],
) -> None:
    _, findings = whole_run
    measured = {
        (case["workload"], case["mode"], case["backend"], case["workers"])
        for case in findings["cases"]
        if case["samples"]
    }
    expected = {
        ("spin", "hold", "serial", 1),
        ("spin", "release", "native", 2),
        ("spin", "hold", "threads", 2),
        ("spin", "release", "threads", 2),
        ("spin", "hold", "processes", 2),
        ("mine:works", "hold", "serial", 1),
        ("mine:works", "hold", "threads", 2),
        ("mine:works", "hold", "processes", 2),
    }
    if sys.version_info >= (3, 12):
        expected |= {
            ("spin", "hold", "interpreters", 2),
            ("mine:works", "hold", "interpreters", 2),
        }
    assert expected <= measured


@pytest.mark.skipif("PYTHON_GIL" in os.environ, reason="the GIL is as somebody set it")
def test_the_gil_stays_as_this_build_has_it(whole_run: tuple[Path, dict[str, Any]]) -> None:
    folder, _ = whole_run
    found = {sample["gil_enabled"] for sample in stored(folder / "run.jsonl", "sample")}
    assert found == {not sysconfig.get_config_var("Py_GIL_DISABLED")}


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="here they can run")
def test_what_cannot_run_here_says_why(whole_run: tuple[Path, dict[str, Any]]) -> None:
    cases = [case for case in whole_run[1]["cases"] if case["backend"] == "interpreters"]
    assert {(case["status"], case["reason"]) for case in cases} == {
        ("unavailable", "a GIL for each interpreter needs Python 3.12 or later")
    }


def test_a_stored_run_shows_the_same_findings(whole_run: tuple[Path, dict[str, Any]]) -> None:
    folder, findings = whole_run
    shown = run(folder, "show", "run.jsonl", "--format", "json")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert json.loads(shown.stdout) == findings
    text = run(folder, "show", "run.jsonl")
    assert text.returncode == 0
    assert "mine:works" in text.stdout


def test_a_stored_run_that_was_cut_off_is_read_up_to_there(
    whole_run: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    folder, findings = whole_run
    lines = (folder / "run.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "cut.jsonl").write_bytes(b"".join(lines[:-2]) + lines[-2][:50])
    shown = run(tmp_path, "show", "cut.jsonl", "--format", "json")
    assert (shown.returncode, shown.stderr) == (0, "")
    cut = json.loads(shown.stdout)
    assert cut["stop"] is None
    assert any(f"in the middle of line {len(lines) - 1}" in note for note in cut["notes"])
    assert sum(c["samples"] for c in cut["cases"]) < sum(c["samples"] for c in findings["cases"])


# Bad input


def assert_refused(status: int, out: str, err: str, right: str) -> None:
    assert (status, out) == (2, "")
    assert err.startswith("gilbench: ")
    assert err.count("\n") == 1
    assert right in err


def assert_nothing_was_made(folder: Path) -> None:
    assert (folder / "mine.py").read_text() == MINE
    assert not list(folder.rglob("*.jsonl"))


MEASURE = ("run", "--workers", "2", "--budget", "60s")


@pytest.mark.parametrize(
    ("asked", "right"),
    [
        (["spni"], "did you mean 'spin'?"),
        (["broken:works"], "cannot be run: LookupError: not today (broken.py:1)"),
        (["spin", "--workers", "5000"], "from 1 to 4096, not 5000"),
        (
            ["mine:naps", "--budget", "30ms"],
            "30 ms is too short for one sample of mine:naps, which",
        ),
        (["spin", "--output", "mine.py"], "is not a gilbench result file"),
    ],
)
def test_bad_input_is_one_line_before_measuring(asked: list[str], right: str, folder: Path) -> None:
    began = time.monotonic()
    done = run(folder, *MEASURE, *asked)
    assert time.monotonic() - began < 45
    assert_refused(done.returncode, done.stdout, done.stderr, right)
    assert_nothing_was_made(folder)


# Their like is among those, and each has a quick test where it is refused.
LIKE = [
    (["spin", "--backends", "thread"], "did you mean 'threads'?"),
    (["spin", "--modes", "realese"], "did you mean 'release'?"),
    (["mix:shaer=0.5"], "did you mean 'share'?"),
    (["mix:share=2"], "a share from 0 to 1"),
    (["nowhere:works"], "there is no module 'nowhere'"),
    (["mine:wrks"], "did you mean 'works'?"),
    (["mine:wants"], "wants arguments"),
    (["__main__:main"], "workers cannot import from __main__"),
    (["spin", "--workers", "0"], "whole numbers from 1 on"),
    (["spin", "--workers", "-1"], "whole numbers from 1 on"),
    (["spin", "--grain", "1h"], "write it as 100us, 1ms"),
    (["spin", "--budget", "1ms"], "too short for one sample, which takes 25 ms"),
    (["spin", "--output", "."], "is a folder"),
    (["spin", "--output", "nowhere/run.jsonl"], "there is no folder nowhere"),
]
# As `python -m gilbench` with one after another, but what they have in common is imported once.
ONE_BY_ONE = """
import io, json, sys
from contextlib import redirect_stderr, redirect_stdout
from gilbench.cli import main

ended = []
for arguments in json.load(sys.stdin):
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        status = main(arguments)
    ended.append((status, out.getvalue(), err.getvalue()))
print(json.dumps(ended))
"""


@pytest.mark.slow
def test_so_is_bad_input_of_every_other_kind(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ONE_BY_ONE],
        input=json.dumps([[*MEASURE, *asked] for asked, _ in LIKE]),
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    for (_, right), ended in zip(LIKE, json.loads(done.stdout), strict=True):
        assert_refused(*ended, right)
    assert_nothing_was_made(folder)


# Their like is among the others, and each has a quick test where it is refused.
in_full = pytest.mark.slow


@pytest.mark.parametrize(
    ("name", "text", "right"),
    [
        ("missing", None, "there is no file"),
        pytest.param("empty", "", "is empty", marks=in_full),
        ("foreign", '{"hello": 1}\n', "is not a gilbench result file"),
        pytest.param("binary", "\x00\x01\x02", "is not a gilbench result file", marks=in_full),
        pytest.param(
            "newer", '{"gilbench": 99, "record": "header"}\n', "by a newer gilbench", marks=in_full
        ),
        ("cut", '{"gilbench": 1, "record": "hea', "was cut off within its header"),
        ("corrupt", '{"gilbench": 1, "record": "header"}\n', "is corrupt in line 1"),
    ],
)
def test_a_bad_stored_file_is_one_line(
    name: str, text: str | None, right: str, tmp_path: Path
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    done = run(tmp_path, "show", name)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("gilbench: ")
    assert done.stderr.count("\n") == 1
    assert right in done.stderr


# What goes wrong while it runs


@on_posix
def test_ctrl_c_keeps_what_was_measured_and_leaves_nothing_else(
    folder: Path, temporary: Path
) -> None:
    output = folder / "run.jsonl"
    process = start(
        folder,
        *("run", "spin", "--backends", "threads,processes", "--workers", "2"),
        *("--budget", "60s", "--precision", "0.1", "--output", "run.jsonl"),
    )
    wait_until(lambda: len(stored(output, "sample")) > 8, "some samples are stored")
    hosts_and_workers = descendants(process)
    assert hosts_and_workers
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert out == ""
    assert err == (
        "gilbench: interrupted; what was measured so far: python -m gilbench show run.jsonl\n"
    )
    assert not alive(hosts_and_workers)
    assert not list(temporary.iterdir())
    (stop,) = stored(output, "stop")
    assert stop["reason"] == "interrupted"
    shown = run(folder, "show", "run.jsonl", "--format", "json")
    assert shown.returncode == 0
    assert json.loads(shown.stdout)["stop"]["reason"] == "interrupted"


@on_posix
def test_ctrl_c_while_the_first_host_starts_leaves_nothing_running(folder: Path) -> None:
    output = folder / "run.jsonl"
    for _ in range(5):
        process = start(folder, "run", "spin", "--budget", "60s", "--output", "run.jsonl")
        wait_until(lambda: descendants(process), "a host was started")  # noqa: B023
        hosts = descendants(process)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=20)
        assert (process.returncode, out) == (130, "")
        wait_until(lambda: not alive(hosts), "the host is gone", seconds=5)  # noqa: B023
        if not output.exists():
            assert err == "gilbench: interrupted; nothing was measured yet\n"
            return
        # On a busy machine the signal came later than this: that is another test's.
        assert "what was measured so far" in err
        output.unlink()
    pytest.fail("no signal came while the first host was starting")


@on_posix
def test_when_the_program_is_killed_its_hosts_and_workers_end_too(folder: Path) -> None:
    output = folder / "run.jsonl"
    process = start(
        folder,
        *("run", "python", "--backends", "processes,fork,spawn", "--workers", "2"),
        *("--budget", "60s", "--output", "run.jsonl"),
    )
    wait_until(lambda: len(stored(output, "sample")) > 8, "some samples are stored")
    hosts_and_workers = descendants(process)
    assert len(hosts_and_workers) > 3
    process.kill()
    process.communicate(timeout=20)
    wait_until(lambda: not alive(hosts_and_workers), "hosts and workers are gone", seconds=2)
    assert run(folder, "show", "run.jsonl").returncode == 0


@on_posix
@pytest.mark.parametrize("function", ["hangs", "hangs_in_threads", "hangs_in_processes"])
def test_when_the_program_is_killed_what_hangs_ends_too(function: str, folder: Path) -> None:
    process = start(
        folder,
        *("run", f"mine:{function}", "--backends", "threads,spawn", "--workers", "2"),
        *("--budget", "60s", "--output", "run.jsonl"),
    )
    wait_until((folder / "it-hangs").exists, "the function hangs")
    hosts_and_workers = descendants(process)
    assert hosts_and_workers
    process.kill()
    process.communicate(timeout=20)
    wait_until(lambda: not alive(hosts_and_workers), "hosts and workers are gone", seconds=2)


@on_posix
def test_a_killed_worker_costs_its_case_only(folder: Path) -> None:
    output = folder / "run.jsonl"
    process = start(
        folder,
        *("run", "spin", "--backends", "fork,threads", "--modes", "hold", "--workers", "2"),
        *("--budget", "4s", "--precision", "50", "--output", "run.jsonl", "--format", "json"),
    )

    def workers() -> list[psutil.Process]:
        """What the zygote of a host forked: nothing else is a child of a child of a host."""
        found = []
        with suppress(psutil.NoSuchProcess):
            for host in psutil.Process(process.pid).children():
                for zygote in host.children():
                    found += zygote.children()
        return found

    wait_until(lambda: len(workers()) >= 2, "a host has workers")
    workers()[0].kill()
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    cases = {(case["backend"], case["workers"]): case for case in json.loads(out)["cases"]}
    assert cases["fork", 2]["status"] == "failed"
    assert "its process was killed by SIGKILL" in cases["fork", 2]["reason"]
    assert {case["status"] for case in cases.values()} <= {"ok", "inconclusive", "failed"}
    samples = Counter(sample["case"]["backend"] for sample in stored(output, "sample"))
    assert samples["threads"] > samples["fork"] + 1


# One wait for each of three; that a host is given up, and what the conductor does then, is tested
# quickly beside them.
@pytest.mark.slow
@pytest.mark.long
def test_a_function_that_hangs_fails_in_bounded_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    plan = scaling.plan(
        ["mine:hangs", "mine:hangs_in_threads"], backends=["threads"], workers=[2], budget="2s"
    )
    hanging = {
        case
        for case in plan.cases
        if case.workload == "mine:hangs" or (case.backend, case.workers) == ("threads", 2)
    }
    conditions = Conditions(
        cores=2,
        gil_enabled=True,
        judge=lambda sample: None,
        enough=lambda part, samples: False,
        clock=time.monotonic_ns,
        patience_s=1.0,
    )
    began = time.monotonic()
    failures: dict[Case, Failure] = {}
    measured: set[Case] = set()
    with closing(conduct(plan, conditions)) as records:
        for record in records:
            if isinstance(record, Failure):
                failures[record.case] = record
            if isinstance(record, Sample):
                measured.add(record.case)
            if len(failures) + len(measured) == len(plan.cases):
                break
    assert time.monotonic() - began < 20
    assert set(failures) == hanging
    assert {failure.status for failure in failures.values()} == {Status.FAILED}
    assert all("it gave no sign of life for" in failure.reason for failure in failures.values())
    assert measured == set(plan.cases) - hanging


def test_more_workers_than_cores_can_be_measured(folder: Path) -> None:
    done = run(
        folder,
        *("run", "spin", "--workers", "5", "--backends", "threads,processes", "--budget", "1500ms"),
        *("--format", "json"),
    )
    assert done.returncode == 0
    cases = json.loads(done.stdout)["cases"]
    assert {case["backend"] for case in cases if case["workers"] == 5} >= {
        *("native", "threads", "processes")
    }
    assert all(case["samples"] for case in cases)
    assert not [case for case in cases if case["status"] == "failed"]


SCRIPT = """
import gilbench

findings = gilbench.run(["spin"], backends=["processes", "spawn"], workers=[2], budget="1.2s")
print("measured:", sorted({case.backend for case in findings.cases if case.samples}))
"""


@pytest.mark.parametrize(
    "way",
    ["standard input", pytest.param("a file", marks=(pytest.mark.slow, pytest.mark.long))],
)
def test_a_script_without_a_main_guard_runs_once(way: str, folder: Path) -> None:
    (folder / "script.py").write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, "script.py" if way == "a file" else "-"],
        input=None if way == "a file" else SCRIPT,
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "measured: ['native', 'processes', 'serial', 'spawn']\n"
