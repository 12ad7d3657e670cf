"""The main study on work that waits, for real."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from gilbench.errors import InputError
from gilbench.model import CaseFinding, Findings, Status
from gilbench.studies import scaling

WORKLOADS = ("file-read", "http:delay=5ms", "sqlite:reads=0.9")


def marked(mark: str) -> list[int]:
    """Return the processes that have a variable of this test's in their environment."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.environ().get("GILBENCH_TEST") == mark:
                found.append(process.pid)
    return found


def finding(findings: Findings, workload: str, backend: str) -> CaseFinding:
    (found,) = [
        case
        for case in findings.cases
        if (case.workload, case.backend, case.workers) == (workload, backend, 2)
    ]
    return found


@pytest.mark.slow
def test_threads_and_processes_wait_together_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GILBENCH_TEST", str(tmp_path))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    findings = scaling.run(
        WORKLOADS, backends=("threads", "processes"), workers=(2,), budget="3s", seed=1
    )
    for workload in WORKLOADS:
        for backend in ("threads", "processes"):
            found = finding(findings, workload, backend)
            assert found.status in {Status.OK, Status.INCONCLUSIVE}
            assert found.samples > 0
    for backend in ("threads", "processes"):
        found = finding(findings, "http:delay=5ms", backend)
        assert found.losses is not None
        assert found.losses_inferred
        # Five of the six milliseconds or so that a request takes.
        assert found.losses.other_blocked is not None
        assert found.losses.other_blocked > 0.5
        assert found.losses.gil_wait is not None
        assert found.losses.gil_wait < 0.3
    assert not marked(str(tmp_path))
    assert not list(temporary.iterdir())


def test_what_is_not_here_is_told_before_anything_is_measured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GILBENCH_TEST", str(tmp_path))
    with pytest.raises(InputError, match="no file can be made in /nowhere: No such file"):
        scaling.run(["file-write:folder=/nowhere"], backends=("threads",), budget="1s")
    pytest.importorskip("psycopg", exc_type=ImportError)
    monkeypatch.setenv("PGHOST", str(tmp_path))
    monkeypatch.setenv("PGPASSWORD", "hidden")
    with pytest.raises(InputError, match="PostgreSQL does not answer: ") as raised:
        scaling.run(["postgres"], backends=("threads",), budget="1s")
    assert "hidden" not in str(raised.value)
    assert not marked(str(tmp_path))
