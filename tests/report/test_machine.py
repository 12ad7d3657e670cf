from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import pytest

from gilbench.model import Caution, Environment
from gilbench.report.glyphs import UNICODE
from gilbench.report.machine import caution_lines, environment_lines, machine_line
from gilbench.report.page import Page

if TYPE_CHECKING:
    from types import SimpleNamespace

WIDE = Page(width=120, glyphs=UNICODE)


def one_line(environment: Environment) -> str:
    (line,) = machine_line(environment, WIDE)
    return line.plain


def test_the_machine_and_the_interpreter_are_one_line(make: SimpleNamespace) -> None:
    assert one_line(make.environment) == (
        "CPython 3.11.7, GIL on · AMD EPYC · 2 cores for this process (of 2) · Linux x86_64"
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"free_threaded": True, "gil_enabled": False}, "free-threaded, GIL off ·"),
        ({"free_threaded": True}, "free-threaded, GIL on ·"),
        ({"jit": True, "debug": True}, "GIL on, JIT on, debug build ·"),
        ({"cores": 1, "cpus": 64}, "· 1 core for this process (of 64) ·"),
    ],
)
def test_what_moves_figures_is_in_it(
    changes: dict[str, object], expected: str, make: SimpleNamespace
) -> None:
    assert expected in one_line(replace(make.environment, **changes))


def test_a_caution_comes_with_its_advice(make: SimpleNamespace) -> None:
    caution = Caution(what="the governor is powersave", advice="set it to performance")
    lines = caution_lines(
        replace(make.environment, warnings=(caution,)), Page(width=40, glyphs=UNICODE)
    )
    assert [line.plain for line in lines] == [
        "! the governor is powersave: set it to",
        "  performance",
    ]


def test_the_whole_environment_has_every_field(make: SimpleNamespace) -> None:
    lines = [line.plain for line in environment_lines(make.environment, WIDE)]
    assert len(lines) == len(fields(Environment)) - 1
    assert {len(line) - len(line[19:]) for line in lines} == {19}
    facts = {line[:19].strip(): line[19:] for line in lines}
    assert facts["memory"] == "8.0 GiB"
    assert facts["switch interval"] == "5 ms"
    assert facts["GIL enabled"] == "yes"
    assert facts["physical CPUs"] == "1"
    assert facts["cgroup quota CPUs"] == "not known"
    assert facts["packages"] == "numpy=2.4.0"
    assert facts["variables"] == "none"
    assert facts["GC threshold"] == "700, 10, 10"
    assert facts["load average"] == "0.123, 0.25, 0.3"
    assert facts["kernel variants"] == "none"


def test_the_instruction_sets_of_kernels_are_shown(make: SimpleNamespace) -> None:
    lines = environment_lines(replace(make.environment, kernel_variants={"triad": "avx2"}), WIDE)
    assert "kernel variants    triad=avx2" in [line.plain for line in lines]


def test_cautions_follow_the_facts(make: SimpleNamespace) -> None:
    caution = Caution(what="loaded", advice="wait")
    lines = environment_lines(replace(make.environment, warnings=(caution,)), WIDE)
    assert [line.plain for line in lines][-2:] == ["", "! loaded: wait"]


def test_on_a_narrow_page_facts_stand_below_their_names(make: SimpleNamespace) -> None:
    lines = environment_lines(make.environment, Page(width=20, glyphs=UNICODE))
    text = "\n".join(line.plain for line in lines)
    assert "build flags\n  Py_GIL_DISABLED=0\n" in text
