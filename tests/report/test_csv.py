from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING

import gilbench
from gilbench.model import Mode, Status
from gilbench.report.csv import findings_to_csv

if TYPE_CHECKING:
    from types import SimpleNamespace

    from gilbench.model import Findings

ESTIMATES = ("throughput", "speedup", "bite")
LOSSES = (
    *("useful", "hardware", "overhead", "gil_wait", "run_queue", "other_blocked", "imbalance"),
    "unexplained",
)
COLUMNS = [
    *("workload", "mode", "backend", "workers", "grain_ns", "status", "reason", "samples"),
    *("rejected", "throughput", "throughput_low", "throughput_high"),
    *("speedup", "speedup_low", "speedup_high"),
    *("ceiling", "ceiling_low", "ceiling_high", "ceiling_source"),
    *("bite", "bite_low", "bite_high"),
    *(f"losses_{name}" for name in LOSSES),
    *("losses_inferred", "start_skew_ns"),
]


def rows(findings: Findings) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(findings_to_csv(findings), newline="")))


def test_a_header_line_names_flat_columns(make: SimpleNamespace) -> None:
    header = findings_to_csv(make.findings()).removesuffix("\r\n").split(",")
    assert [name for name in header if name in COLUMNS] == COLUMNS
    assert all(name.isidentifier() for name in header)
    assert len({*header}) == len(header)


def test_a_row_per_case_with_all_digits(make: SimpleNamespace) -> None:
    case = make.measured(
        "threads",
        1.0123456789,
        workload="mix:share=0.5,grain=1ms",
        mode=Mode.RELEASE,
        losses=make.losses(useful=0.51, gil_wait=0.49, unexplained=None),
        losses_inferred=True,
        start_skew_ns=1234.5,
    )
    (row,) = rows(make.findings(case))
    expected = {
        "workload": "mix:share=0.5,grain=1ms",
        "mode": "release",
        "workers": "2",
        "status": "ok",
        "reason": "",
        "throughput": "",
        "throughput_low": "",
        "speedup": "1.0123456789",
        "speedup_high": repr(case.speedup.high),
        "ceiling_source": "native",
        "bite_low": repr(case.bite.low),
        "losses_gil_wait": "0.49",
        "losses_unexplained": "",
        "losses_inferred": "true",
        "start_skew_ns": "1234.5",
    }
    assert {name: row[name] for name in expected} == expected


def test_lines_and_cells_are_those_of_rfc_4180(make: SimpleNamespace) -> None:
    reason = 'it said "no",\nand left'
    failed = make.case("pool", status=Status.FAILED, reason=reason)
    text = findings_to_csv(make.findings(failed, make.case()))
    assert '"it said ""no"",\nand left"' in text
    assert text.count("\r\n") == 3
    assert text.endswith("\r\n")
    assert [(row["backend"], row["reason"]) for row in rows(make.findings(failed))] == [
        ("pool", reason)
    ]


def test_columns_do_not_depend_on_what_is_known(make: SimpleNamespace) -> None:
    bare, full = make.loaded_machine(), make.gil_build()
    assert findings_to_csv(bare).splitlines()[0] == findings_to_csv(full).splitlines()[0]
    assert len(rows(full)) == len(full.cases)


def test_it_is_public(make: SimpleNamespace) -> None:
    findings = replace(make.gil_build(), notes=("nothing of this is in the table",))
    assert gilbench.findings_to_csv(findings) == findings_to_csv(findings)
    assert "nothing of this" not in findings_to_csv(findings)
