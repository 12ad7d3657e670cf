from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benches import FakeBench
from comparisons import make_plan
from gilbench.comparison import Trial
from gilbench.errors import InputError
from gilbench.model import Status
from gilbench.studies.comparison import laboratory as laboratories
from gilbench.studies.comparison.imports import imported
from gilbench.studies.comparison.laboratory import HostLaboratory


@pytest.mark.parametrize(
    ("rows", "row"),
    [(("gil", "creation"), "creation"), (("memory", "creation"), "memory")],
)
def test_they_are_tried_for_the_first_row_that_needs_them(rows: tuple[str, ...], row: str) -> None:
    bench = FakeBench()
    trials = list(imported(make_plan(rows=rows, imports=("json", "http.client")), bench))
    assert [(trial.row, trial.name, trial.way) for trial in trials] == [(row, "imports", None)]
    assert trials[0].parameters == {"imports": "json,http.client"}
    assert bench.fresh == [True]


def test_without_imports_nothing_is_tried() -> None:
    bench = FakeBench()
    assert list(imported(make_plan(), bench)) == bench.asked == []


def test_what_does_not_come_to_its_end_is_refused() -> None:
    class Lost(FakeBench):
        def trial(self, *asked: Any, **told: Any) -> Trial:
            trial = super().trial(*asked, **told)
            return replace(trial, status=Status.FAILED, reason="the host left")

    plan = make_plan(rows=("memory",), imports=("json", "mine"))
    with pytest.raises(InputError) as refused:
        list(imported(plan, Lost()))
    assert str(refused.value) == "'json' and 'mine' cannot be imported: the host left"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import os; os._exit(3)", "the host exited with status 3"),
        (
            "from gilbench.trials.crash import quiet; quiet.be_quiet()\n"
            "from gilbench._native import fault; fault.null_read()",
            "the host was (killed by SIGSEGV|ended by exception 0xC0000005)",
        ),
        ("import time; time.sleep(600)", "it gave no sign of life for 2 s"),
        ("1 / 0", r"ZeroDivisionError: .* \(fatally_imported.py:1\)"),
    ],
)
def test_a_module_that_ends_or_hangs_its_process_is_refused(
    text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fatally_imported.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(laboratories, "_SECONDS_FOR_A_TRIAL", 2)
    plan = make_plan(rows=("memory",), imports=("fatally_imported",))
    with (
        closing(HostLaboratory(7)) as laboratory,
        pytest.raises(InputError, match=f"^'fatally_imported' cannot be imported: {said}"),
    ):
        list(imported(plan, laboratory))
