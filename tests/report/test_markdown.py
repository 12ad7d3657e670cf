from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.text import Text

import gilbench
from gilbench.model import Mode, Status
from gilbench.report import markdown
from gilbench.report.glyphs import ASCII
from gilbench.report.markdown import findings_to_markdown

if TYPE_CHECKING:
    from types import SimpleNamespace

GOLDEN = Path(__file__).parent / "golden"
RUNS = ["gil_build", "free_threaded_build", "loaded_machine"]


@pytest.mark.parametrize("run", RUNS)
def test_looks_as_stored(run: str, make: SimpleNamespace) -> None:
    golden = (GOLDEN / f"{run}.md").read_text(encoding="utf-8")
    assert findings_to_markdown(getattr(make, run)()) == golden


@pytest.mark.parametrize("run", RUNS)
def test_all_rows_of_a_table_have_its_columns(run: str, make: SimpleNamespace) -> None:
    text = findings_to_markdown(getattr(make, run)())
    tables = [part.splitlines() for part in text.split("\n\n") if part.startswith("|")]
    assert tables
    for header, rule, *body in tables:
        assert re.fullmatch(r"\|( -{3}:? \|)+", rule)
        assert body
        assert {line.count("|") for line in (header, rule, *body)} == {header.count("|")}


def test_what_means_something_to_markdown_is_escaped(make: SimpleNamespace) -> None:
    odd = make.case(
        workload="mine:__init__",
        status=Status.FAILED,
        reason="a | b <b> *c* `d` [e](f)\n\nand ~g, $h$",
    )
    text = findings_to_markdown(make.findings(odd, headline="Two_threads_ & <i>one</i>."))
    assert text.startswith(r"**Two\_threads\_ \& \<i\>one\</i\>.**" + "\n\n")
    assert r"| mine:\_\_init\_\_ |" in text
    assert r"\[1\] a \| b \<b\> \*c\* \`d\` \[e\](f) and \~g, \$h\$" in text


def test_the_headline_comes_first_and_the_notes_last(make: SimpleNamespace) -> None:
    text = findings_to_markdown(make.findings(make.measured("threads", 1.0), notes=("One.", "2.")))
    assert text.startswith("**On this machine two threads that hold the GIL do the work of 1.00.**")
    assert text.endswith("\n\n**Notes**\n\n- One.\n- 2.\n")


def test_a_backend_of_others_has_its_column_and_its_budget(make: SimpleNamespace) -> None:
    losses = make.losses(useful=0.6, gil_wait=0.4)
    text = findings_to_markdown(
        make.findings(
            make.measured("threads", 1.0, losses=losses),
            make.measured("pool", 1.2, losses=losses),
            make.measured("pool", 1.9, mode=Mode.RELEASE),
            make.measured("processes", 1.9, losses=losses),
        )
    )
    assert "| threads, holding | processes | pool, holding | pool, releasing | ceiling |" in text
    assert "**Where the time of the workers went** (–: not measurable)" in text
    assert "| spin, threads, holding | 60 % | 40 % |" in text
    assert "| spin, pool, holding | 60 % | 40 % |" in text
    assert "spin, processes" not in text


def test_a_poor_encoding_gets_ascii(make: SimpleNamespace) -> None:
    for run in RUNS:
        assert findings_to_markdown(getattr(make, run)(), ASCII).isascii()


def test_nothing_measured_is_said(make: SimpleNamespace) -> None:
    assert "\n\nNo case was measured.\n" in findings_to_markdown(make.findings())


def test_it_is_public(make: SimpleNamespace) -> None:
    assert gilbench.findings_to_markdown is findings_to_markdown


def test_what_explains_the_table_has_its_section(
    make: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    sections = {"fairness": ["uneven"], "curve": ["How", "a_b"], "against": ["One", "! old: stop"]}
    for name, lines in sections.items():
        told = [Text(line) for line in lines]
        monkeypatch.setattr(markdown, f"{name}_lines", lambda findings, page, told=told: told)
    text = findings_to_markdown(make.gil_build())
    assert text.endswith("\n\n- uneven\n\n**How**\n\n- a\\_b\n\n**One**\n\n- old: stop\n")


def test_grains_of_a_workload_are_told_apart(make: SimpleNamespace) -> None:
    losses = make.losses(useful=0.6, gil_wait=0.4)
    cases = [
        make.measured("threads", 1.0, losses=losses, grain_ns=grain_ns) for grain_ns in (1000, 2000)
    ]
    text = findings_to_markdown(make.findings(*cases))
    assert text.count("| spin:grain=1us |") == text.count("| spin:grain=2us |") == 1
    assert "| spin:grain=2us, holding | 60 % |" in text


def test_what_would_begin_a_list_is_escaped(make: SimpleNamespace) -> None:
    findings = make.findings(
        make.measured("threads", 1.0),
        make.measured("threads", 1.9, mode=Mode.RELEASE),
        make.measured("threads", 1.0, workload="python"),
        notes=("- a dash", "1. a number", "2) another", "+ a sign", "-1 is none"),
    )
    text = findings_to_markdown(findings, ASCII)
    assert "\n\n\\- not run: a workload" in text
    assert text.endswith(
        "\n\n- \\- a dash\n- 1\\. a number\n- 2\\) another\n- \\+ a sign\n- -1 is none\n"
    )
